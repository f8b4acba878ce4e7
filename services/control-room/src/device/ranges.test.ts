import { expect, test } from 'vitest'
import { bucketMsOf, formatRange, parseRange, rangeNames, ranges } from './ranges.ts'

test('the range survives the address, and what is none is the usual one', () => {
  for (const range of rangeNames) expect(parseRange(formatRange(range))).toBe(range)
  expect(parseRange('?range=2w')).toBe('24h')
  expect(formatRange('24h')).toBe('')
})

test.each([
  ['1h', 60, undefined],
  ['6h', 60, undefined],
  ['24h', 60, 5],
  ['24h', 300, undefined],
  ['7d', 60, 30],
  ['30d', 60, 120],
  ['1h', 5, 1],
] as const)('%s of a device that reports every %d s: %s min', (range, intervalS, minutes) => {
  expect(bucketMsOf(range, intervalS)).toBe(minutes === undefined ? undefined : minutes * 60_000)
})

test('no chart has more points than it can show, and none is finer than its device', () => {
  for (const range of rangeNames) {
    for (const intervalS of [1, 10, 60, 300, 3_600]) {
      const bucketMs = bucketMsOf(range, intervalS)
      const pointMs = bucketMs ?? intervalS * 1_000
      expect(ranges[range] / pointMs).toBeLessThanOrEqual(400)
      if (bucketMs !== undefined) expect(bucketMs).toBeGreaterThan(intervalS * 1_000)
    }
  }
})
