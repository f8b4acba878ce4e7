import { expect, test } from 'vitest'
import { createBackoff } from './backoff.ts'

test('pauses double up to the longest, and start over after a success', () => {
  const backoff = createBackoff(100, 1_000, () => 0)
  expect(Array.from({ length: 6 }, backoff.next)).toEqual([100, 200, 400, 800, 1_000, 1_000])
  backoff.reset()
  expect(backoff.next()).toBe(100)
})

test('pauses are shortened at random, by up to a half', () => {
  const draws = [0.5, 1]
  const backoff = createBackoff(100, 1_000, () => draws.shift() ?? 0)
  expect(backoff.next()).toBe(75)
  expect(backoff.next()).toBe(100)
})
