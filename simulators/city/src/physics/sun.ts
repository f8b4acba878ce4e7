// The sun over the city, and what follows from it alone: daylight, warmth, the time of day that people live by.
import { getPosition } from 'suncalc'
import { drift, keyOf } from '../random.ts'

const hourMs = 3_600_000
export const dayMs = 24 * hourMs

export interface Centre {
  latitude: number
  longitude: number
}

export interface Sun {
  /** Degrees above the horizon. */
  altitude(t: number): number
  /** Lux on a sensor that looks up, clouds included. */
  daylightLux(t: number): number
  ambientC(t: number): number
  /** ms since a Monday, 0 o'clock, by the sun: noon is when it is highest, give or take a quarter of an hour. */
  localMs(t: number): number
}

// Clear sky, from night to zenith: degrees and lux.
const clearSky: readonly (readonly [number, number])[] = [
  [-18, 0.3],
  [-6, 3.4],
  [-4, 30],
  [-2, 150],
  [0, 750],
  [5, 8_500],
  [10, 18_000],
  [30, 58_000],
  [60, 100_000],
  [90, 120_000],
]

export function createSun({ latitude, longitude }: Centre, seed: number): Sun {
  const cloudKey = keyOf(seed, 'cloud')
  const warmthKey = keyOf(seed, 'warmth')
  const solarOffsetMs = (longitude / 360) * dayMs
  // Warm around the equator, half a degree less for each degree of latitude beyond the tropics' middle.
  const meanC = 27.5 - 0.5 * Math.max(0, Math.abs(latitude) - 12)
  let latest = { t: Number.NaN, altitude: 0 }
  const altitude = (t: number) => {
    // Many devices are asked about the same moment.
    if (latest.t !== t) latest = { t, altitude: getPosition(new Date(t), latitude, longitude).altitude }
    return latest.altitude
  }
  return {
    altitude,
    daylightLux(t) {
      const cloudiness = (drift(cloudKey, t, hourMs) + 1) / 2
      return clearSkyLux(altitude(t)) * (1 - 0.7 * cloudiness)
    },
    ambientC(t) {
      const hour = ((t + solarOffsetMs) % dayMs) / hourMs
      const ofDay = 4.5 * Math.cos(((hour - 14.5) / 24) * 2 * Math.PI)
      return meanC + ofDay + 1.5 * drift(warmthKey, t, 6 * hourMs)
    },
    // 1 January 1970 was a Thursday.
    localMs: (t) => t + solarOffsetMs + 3 * dayMs,
  }
}

function clearSkyLux(altitude: number): number {
  const above = clearSky.findIndex(([degrees]) => degrees >= altitude)
  const [highDegrees, highLux] = clearSky[above] ?? [90, 120_000]
  const [lowDegrees, lowLux] = clearSky[above - 1] ?? [-18, 0.3]
  if (altitude <= lowDegrees) return lowLux
  const part = (altitude - lowDegrees) / (highDegrees - lowDegrees)
  return lowLux * (highLux / lowLux) ** part
}
