import { expect, test } from 'vitest'
import { ratesOf, recentRates } from './trend.ts'

const sample = (at: number, accepted: number) => ({ at, accepted, written: accepted - 5, deadLettered: 5 })
const samples = [sample(0, 10), sample(10_000, 110), sample(20_000, 130), sample(21_000, 131)]

test('rates are of the time between two samples, and of neighbours too close there are none', () => {
  expect(ratesOf(samples)).toEqual([
    { at: 10_000, cameIn: 10, stored: 10, refused: 0 },
    { at: 20_000, cameIn: 2, stored: 2, refused: 0 },
  ])
  expect(ratesOf([])).toEqual([])
})

test('the present rate is of the span, or of what there is', () => {
  expect(recentRates(samples, 11_000)?.cameIn).toBeCloseTo(21 / 11)
  expect(recentRates(samples, 1e9)?.cameIn).toBeCloseTo(121 / 21)
  expect(recentRates(samples.slice(-1), 60_000)).toBeUndefined()
})
