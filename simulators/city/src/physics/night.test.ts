import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createNights, lateDimPct, switchingAltitude } from './night.ts'
import { createSun } from './sun.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const centres = {
  nearTheEquator: { latitude: -6.3, longitude: 106.7 },
  inTheNorth: { latitude: 59.3, longitude: 18.1 },
  beyondThePolarCircle: { latitude: 78.2, longitude: 15.6 },
  acrossTheDateLine: { latitude: -17.7, longitude: 178 },
}

describe.each(Object.entries(centres))('nights %s', (_name, centre) => {
  const sun = createSun(centre, 1)
  const nights = createNights(centre, sun)
  const year = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) })

  test('are lit when the sun is down, and not when it is up', () => {
    fc.assert(
      fc.property(year, (t) => {
        const altitude = sun.altitude(t)
        // A minute around the switching is decided to the second, not to the degree.
        fc.pre(Math.abs(altitude - switchingAltitude) > 0.3)
        expect(nights.dimPct(t) > 0).toBe(altitude < switchingAltitude)
      }),
    )
  })

  test('count what is burnt: the sum over time of what the schedule asked for', () => {
    fc.assert(
      fc.property(year, (start) => {
        const stepMs = 60_000
        let fullHours = 0
        let burningHours = 0
        for (let t = start; t < start + dayMs; t += stepMs) {
          const dimPct = nights.dimPct(t + stepMs / 2)
          fullHours += (dimPct / 100) * (stepMs / hourMs)
          burningHours += dimPct > 0 ? stepMs / hourMs : 0
        }
        const [before, after] = [nights.usage(start), nights.usage(start + dayMs)]
        expect(Math.abs(after.fullHours - before.fullHours - fullHours)).toBeLessThan(0.05)
        expect(Math.abs(after.burningHours - before.burningHours - burningHours)).toBeLessThan(0.05)
      }),
      { numRuns: 20 },
    )
  })

  test('count upwards only', () => {
    fc.assert(
      fc.property(year, fc.integer({ min: 1, max: dayMs }), (t, later) => {
        const [before, after] = [nights.usage(t), nights.usage(t + later)]
        expect(after.fullHours).toBeGreaterThanOrEqual(before.fullHours)
        expect(after.burningHours).toBeGreaterThanOrEqual(before.burningHours)
        expect(after.nights).toBeGreaterThanOrEqual(before.nights)
      }),
    )
  })
})

test('a night is bright until its middle and dimmed after it', () => {
  const nights = createNights(centres.nearTheEquator, createSun(centres.nearTheEquator, 1))
  const local = (hour: number, minute = 0) => Date.UTC(2026, 5, 1, hour - 7, minute)
  const levels = [12, 17, 19, 23].map((hour) => nights.dimPct(local(hour)))
  expect(levels).toEqual([0, 0, 100, 100])
  expect([25, 29, 31].map((hour) => nights.dimPct(local(hour)))).toEqual([lateDimPct, lateDimPct, 0])
  const { onAt, dimAt, offAt } = nights.at(local(20))
  expect(onAt).toBeGreaterThan(local(17, 40))
  expect(onAt).toBeLessThan(local(18, 10))
  expect(dimAt).toBe((onAt + offAt) / 2)
})

test('a time before counting began has nothing to count, and is lit all the same', () => {
  const nights = createNights(centres.nearTheEquator, createSun(centres.nearTheEquator, 1))
  const t = Date.UTC(2015, 5, 1, 16)
  expect(nights.usage(t)).toEqual({ burningHours: 0, fullHours: 0, nights: 0 })
  expect(nights.dimPct(t)).toBe(100)
})
