import { describe, expect, test } from 'vitest'
import { lastNightBefore, nightAround } from './nights.ts'
import { createSun } from './sun.ts'

const tangsel = createSun({ latitude: -6.29, longitude: 106.71 })
const hour = 3_600_000
/** Jakarta's 21 November 2026 at noon, UTC+7. */
const noon = Date.UTC(2026, 10, 21, 5)

describe('the last night', () => {
  test('is from dusk to dawn, also asked about in the next one', () => {
    const night = lastNightBefore(tangsel, noon)
    if (night === undefined) throw new Error('no night')
    // Sunset 17:50, sunrise 5:25: civil dusk and dawn are some twenty minutes off.
    expect(new Date(night.from).toISOString()).toMatch(/^2026-11-20T11:[01]\d:00/)
    expect(new Date(night.to).toISOString()).toMatch(/^2026-11-20T22:0\d:00/)
    expect(lastNightBefore(tangsel, noon + 11 * hour)).toEqual(night)
    expect(lastNightBefore(tangsel, night.to)).toEqual(night)
    expect(lastNightBefore(tangsel, night.to - 60_000)?.to).toBeLessThan(night.from)
  })

  test('is not found where the sun does not set, or does not rise', () => {
    const longyearbyen = createSun({ latitude: 78.2, longitude: 15.6 })
    expect(lastNightBefore(longyearbyen, Date.UTC(2026, 5, 21))).toBeUndefined()
    expect(lastNightBefore(longyearbyen, Date.UTC(2026, 11, 21))).toBeUndefined()
  })
})

test('a night is found by any time in it, and by none of the day', () => {
  const night = lastNightBefore(tangsel, noon)
  if (night === undefined) throw new Error('no night')
  const middle = (night.from + night.to) / 2
  for (const at of [night.from, middle, night.to - 1]) expect(nightAround(tangsel, at)).toEqual(night)
  expect(nightAround(tangsel, night.to)).toBeUndefined()
  const weekBefore = nightAround(tangsel, middle - 7 * 24 * hour)
  expect(Math.abs((weekBefore?.from ?? 0) + 7 * 24 * hour - night.from)).toBeLessThan(10 * 60_000)
})
