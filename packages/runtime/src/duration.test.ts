import { expect, test } from 'vitest'
import { readDuration } from './duration.ts'

test.each([
  ['250ms', 250],
  ['90 s', 90_000],
  ['10min', 600_000],
  ['1.5 h', 5_400_000],
])('%s', (text, ms) => {
  expect(readDuration(text)).toBe(ms)
})

test.each(['', '10', 's', '-1 s', '1  s', '1 d', '1 s 2'])('%j is none', (text) => {
  expect(readDuration(text)).toBeUndefined()
})
