// Day and night at the city's centre, by the sun's altitude. A pure function of time; what is computed is kept
// per minute, since the readings of one moment all ask for the same.
import type { CityProfile } from '@ronda/contracts/city'
import { getPosition } from 'suncalc'

/** Degrees: below the first it is night, above the second day; between the two neither. */
export const nightBelowDeg = -6
export const dayAboveDeg = 6

export type SunPhase = 'day' | 'night' | 'twilight'

export interface Sun {
  /** At a time in ms UTC, to the minute. */
  phase(at: number): SunPhase
  /** ms UTC, to the minute, since when it has been night without a break, 24 h at most; `at` must be night. */
  nightSince(at: number): number
}

const minuteMs = 60_000
const maxCached = 4_096
/** How far back the beginning of a (polar) night is looked for. */
const maxNightMinutes = 24 * 60

export function createSun({ latitude, longitude }: CityProfile['centre']): Sun {
  const phases = new Map<number, SunPhase>()
  let lastMinute = Number.NaN
  let lastPhase: SunPhase = 'twilight'
  /** Minutes known to be night without a break, both included. */
  let night = { from: 0, to: -1 }

  function phaseOf(minute: number): SunPhase {
    let phase = phases.get(minute)
    if (phase === undefined) {
      const { altitude } = getPosition(new Date(minute * minuteMs), latitude, longitude)
      phase = altitude < nightBelowDeg ? 'night' : altitude > dayAboveDeg ? 'day' : 'twilight'
      if (phases.size >= maxCached) phases.clear()
      phases.set(minute, phase)
    }
    return phase
  }

  return {
    phase(at) {
      const minute = Math.floor(at / minuteMs)
      if (minute !== lastMinute) {
        lastPhase = phaseOf(minute)
        lastMinute = minute
      }
      return lastPhase
    },
    nightSince(at) {
      const minute = Math.floor(at / minuteMs)
      if (minute < night.from || minute > night.to) {
        let from = minute
        while (minute - from < maxNightMinutes && phaseOf(from - 1) === 'night') {
          from--
          if (from === night.to) from = night.from
        }
        night = { from, to: minute }
      }
      // Clamped, so that the answer does not depend on what was asked before.
      return Math.max(night.from, minute - maxNightMinutes) * minuteMs
    },
  }
}
