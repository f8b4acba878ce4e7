import { longestPeriodMs } from '@ronda/contracts/alarm-metrics'
import { expect, test } from 'vitest'
import { formatOverview, parseOverview, rangeNames, ranges } from './ranges.ts'

test('what is looked at survives the address', () => {
  for (const range of rangeNames) {
    for (const agency of [undefined, 'dishub']) {
      expect(parseOverview(formatOverview({ range, agency }))).toEqual({ range, agency })
    }
  }
  expect(formatOverview({ range: 'day', agency: undefined })).toBe('')
  expect(parseOverview('?range=year').range).toBe('day')
})

test('the API answers for the longest of them', () => {
  expect(Math.max(...Object.values(ranges))).toBeLessThanOrEqual(longestPeriodMs)
})
