import { describe, expect, it } from 'vitest'
import { createSun } from './sun.ts'

/** Tangerang Selatan, WIB = UTC+7. */
const centre = { latitude: -6.29, longitude: 106.71 }
const at = (time: string) => Date.parse(`2026-03-10T${time}:00+07:00`)

describe('the sun', () => {
  it.each([
    ['00:00', 'night'],
    ['05:00', 'night'],
    ['05:32', 'night'],
    ['05:42', 'twilight'],
    ['05:59', 'twilight'],
    ['06:18', 'twilight'],
    ['06:26', 'day'],
    ['12:00', 'day'],
    ['17:38', 'day'],
    ['17:46', 'twilight'],
    ['18:20', 'twilight'],
    ['18:32', 'night'],
    ['23:59', 'night'],
  ])('at %s it is %s', (time, phase) => {
    expect(createSun(centre).phase(at(time))).toBe(phase)
  })

  it('knows since when it has been night, whatever it was asked before', () => {
    const sun = createSun(centre)
    const since = sun.nightSince(at('23:30'))
    expect(sun.phase(since)).toBe('night')
    expect(sun.phase(since - 60_000)).toBe('twilight')
    // Over midnight, and in any order.
    expect(sun.nightSince(at('23:30') + 5 * 3_600_000)).toBe(since)
    expect(sun.nightSince(at('20:00'))).toBe(since)
    expect(createSun(centre).nightSince(at('20:00'))).toBe(since)
    expect(sun.nightSince(at('03:00'))).toBeLessThan(since - 20 * 3_600_000)
  })

  it('looks back a day at most', () => {
    const polar = { latitude: 78.2, longitude: 15.6 }
    const asked = Date.UTC(2026, 11, 21, 12)
    const sun = createSun(polar)
    expect(sun.nightSince(asked)).toBe(asked - 24 * 3_600_000)
    expect(sun.nightSince(asked + 3_600_000)).toBe(asked - 23 * 3_600_000)
  })
})
