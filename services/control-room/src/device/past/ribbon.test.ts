import type { PastStanding, StandingPeriod } from '@ronda/contracts/past-standing'
import { expect, test } from 'vitest'
import { byRank, periodAt, sharesOf } from './ribbon.ts'

const periodsOf = (...spans: [to: number, standing: PastStanding][]): StandingPeriod[] =>
  spans.map(([to, standing], i) => ({ from: spans[i - 1]?.[0] ?? 0, to, standing, faults: [] }))

const periods = periodsOf([40, 'working'], [41, 'silent'], [60, 'faulty'], [70, 'unheard'], [100, 'working'])

test('what is picked is what stands there, or something graver that is hardly to be hit', () => {
  const picked = (at: number) => periods[periodAt(periods, at, 2)]?.standing
  expect([10, 37, 39, 40, 42, 45, 65, 99].map(picked)).toEqual([
    'working',
    'working',
    'silent',
    'silent',
    'silent',
    'faulty',
    'unheard',
    'working',
  ])
  expect(periodAt(periods, 200, 2)).toBe(-1)
  expect(periodAt([], 0, 2)).toBe(-1)
})

test('of two alike within reach it is the one that stands there', () => {
  const alike = periodsOf([50, 'faulty'], [51, 'working'], [100, 'faulty'])
  expect([49, 51, 52].map((at) => periodAt(alike, at, 3))).toEqual([0, 2, 2])
})

test('the grave ones are drawn last', () => {
  const drawn = periods.toSorted(byRank).map(({ standing }) => standing)
  expect(drawn).toEqual(['working', 'working', 'unheard', 'faulty', 'silent'])
})

test('the shares are of the whole time, the longest first', () => {
  expect(sharesOf(periods)).toEqual([
    { standing: 'working', ms: 70, share: 0.7 },
    { standing: 'faulty', ms: 19, share: 0.19 },
    { standing: 'unheard', ms: 10, share: 0.1 },
    { standing: 'silent', ms: 1, share: 0.01 },
  ])
  expect(sharesOf([])).toEqual([])
})
