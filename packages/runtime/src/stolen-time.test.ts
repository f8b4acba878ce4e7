import { expect, test } from 'vitest'
import { processorTimeOf, watchStolenTime, wordsOfShare } from './stolen-time.ts'

test('idle and waiting for the disk were not asked for', () => {
  const stat = 'cpu  100 1 20 5000 700 3 4 72 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\nintr 1\n'
  expect(processorTimeOf(stat)).toEqual({ asked: 200, stolen: 72 })
  expect(processorTimeOf('')).toBeUndefined()
})

test('a share is of the time since it began', () => {
  const share = watchStolenTime()() ?? 0
  expect(share).toBeGreaterThanOrEqual(0)
  expect(share).toBeLessThanOrEqual(1)
  expect(wordsOfShare(0.066)).toBe('7 %')
})
