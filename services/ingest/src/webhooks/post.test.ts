import { expect, test } from 'vitest'
import { parseRetryAfter } from './post.ts'

const now = Date.UTC(2026, 10, 22, 6)

test.each([
  [undefined, undefined],
  ['0', 0],
  ['120', 120_000],
  ['-5', undefined],
  ['soon', undefined],
  ['Sun, 22 Nov 2026 06:01:00 GMT', 60_000],
  ['Sun, 22 Nov 2026 05:00:00 GMT', 0],
])('Retry-After: %s', (value, waitMs) => expect(parseRetryAfter(value, now)).toBe(waitMs))
