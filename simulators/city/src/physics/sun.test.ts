import { expect, test } from 'vitest'
import { createSun, dayMs } from './sun.ts'

const sun = createSun({ latitude: -6.3, longitude: 106.7 }, 1)
const noon = Date.UTC(2026, 2, 21, 5)

test('daylight goes with the sun: thousands of lux by day, hardly one at night', () => {
  expect(sun.altitude(noon)).toBeGreaterThan(80)
  expect(sun.daylightLux(noon)).toBeGreaterThan(30_000)
  expect(sun.daylightLux(noon + dayMs / 2)).toBeLessThan(1)
  for (let t = noon - dayMs / 2; t < noon + dayMs / 2; t += 60_000) {
    const lux = sun.daylightLux(t)
    expect(lux).toBeGreaterThan(0)
    expect(lux).toBeLessThanOrEqual(120_000)
    // Where a photocell confirms that it is day, it must say so.
    expect(lux > 1_000 || sun.altitude(t) < 6).toBe(true)
  }
})

test('it is warmer in the afternoon than before sunrise', () => {
  expect(sun.ambientC(noon + 2.5 * 3_600_000)).toBeGreaterThan(sun.ambientC(noon + 16 * 3_600_000) + 4)
})

test('a week begins on Monday by local time', () => {
  const monday = Date.UTC(2026, 2, 23, 0) - 7 * 3_600_000
  expect(sun.localMs(monday) % (7 * dayMs)).toBeLessThan(10 * 60_000)
})
