import { expect, test } from 'vitest'
import { breachOfCatchUp } from './store-outage.ts'

test('catching up slower than three times live is a breach', () => {
  expect(breachOfCatchUp({ backlog: 5_000, perSecond: 1_400, livePerSecond: 500 })).toEqual([
    'catching up was 2.8 times live, not 3',
  ])
  expect(breachOfCatchUp({ backlog: 5_000, perSecond: 1_500, livePerSecond: 500 })).toEqual([])
})

test('a backlog of a batch or two does not tell how fast catching up is', () => {
  expect(breachOfCatchUp({ backlog: 1_000, perSecond: 1_400, livePerSecond: 500 })).toEqual([])
})
