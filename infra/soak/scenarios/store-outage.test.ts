import { expect, test } from 'vitest'
import { breachOfCatchUp } from './store-outage.ts'

test('catching up slower than three times live is a breach', () => {
  expect(breachOfCatchUp({ times: 2.8, backlogSeconds: 10 })).toEqual(['catching up was 2.8 times live, not 3'])
  expect(breachOfCatchUp({ times: 3, backlogSeconds: 10 })).toEqual([])
})

test('a backlog of a batch or two does not tell how fast catching up is', () => {
  expect(breachOfCatchUp({ times: 2.8, backlogSeconds: 2 })).toEqual([])
})
