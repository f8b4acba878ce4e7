import { expect, it } from 'vitest'
import { type Lag, fellBehind } from './lag.ts'

const lag: Lag = {
  startMs: 90_000,
  devicesMs: 60_000,
  acknowledgingMs: 60_000,
  transportMs: 60_000,
  returnMs: 60_000,
  detectorMs: 60_000,
}
const allowed = { slackMs: 60_000, startMs: 90_000 }

it('a run that is late by what is allowed keeps up', () => {
  expect(fellBehind(lag, allowed)).toBeUndefined()
})

it.each(Object.keys(lag))('one whose %s is more does not', (name) => {
  expect(fellBehind({ ...lag, [name]: 91_000 }, allowed)).toMatch(/ 91 s late \(\d+ s are allowed for\): nothing can/)
})
