import { expect, test } from 'vitest'
import { createBackoff } from './backoff.ts'

test('waits twice as long each time, up to a ceiling, and begins small again after a success', () => {
  const backoff = createBackoff({ firstMs: 100, maxMs: 1_000, random: () => 1 })
  expect([1, 2, 3, 4, 5, 6].map(() => backoff.next())).toEqual([100, 200, 400, 800, 1_000, 1_000])
  backoff.reset()
  expect(backoff.next()).toBe(100)
})

test('spreads over nearly the whole time, but never tries at once', () => {
  const waits = [0, 0.5, 0.999].map((x) => createBackoff({ firstMs: 1_000, maxMs: 9_000, random: () => x }).next())
  expect(waits).toEqual([100, 550, 999.1])
})
