// When lamps burn: by the astronomical clock of their controllers, on when the sun has set and off before it
// rises, dimmed after the middle of the night. Closed form, so that counters are functions of time and grow.
import type { Centre, Sun } from './sun.ts'
import { dayMs } from './sun.ts'

/** One night; times are ms UTC. A night without darkness has `onAt` = `offAt`. */
export interface Night {
  onAt: number
  /** From here on dimmed. */
  dimAt: number
  offAt: number
}

/** What a lamp has done since the beginning of 2020. */
export interface Usage {
  burningHours: number
  /** Hours at full power that would have taken the same energy. */
  fullHours: number
  nights: number
}

export interface Nights {
  /** The night around or after a time of the day from noon to noon. */
  at(t: number): Night
  /** What the schedule asks for, 0–100. */
  dimPct(t: number): number
  /** Grows with t; 0 before 2020. */
  usage(t: number): Usage
}

/** The sun's altitude, in degrees, at which lamps are switched: the light of a street is gone, the sky's is not. */
export const switchingAltitude = -2
export const lateDimPct = 60
const hourMs = 3_600_000
const countedFrom = Date.UTC(2020, 0, 1)

export function createNights({ longitude }: Pick<Centre, 'longitude'>, sun: Pick<Sun, 'altitude'>): Nights {
  const noon = (n: number) => Math.round((n + 0.5 - longitude / 360) * dayMs)
  const numberAt = (t: number) => Math.floor(t / dayMs - 0.5 + longitude / 360)
  const known = new Map<number, Night>()

  const night = (n: number): Night => {
    let found = known.get(n)
    if (found === undefined) {
      found = findNight(sun, noon(n), noon(n + 1))
      known.set(n, found)
    }
    return found
  }

  const firstCounted = numberAt(countedFrom)
  // before[i]: the usage of all counted nights before night firstCounted + i.
  const before: Usage[] = [{ burningHours: 0, fullHours: 0, nights: 0 }]
  const usageBefore = (n: number): Usage => {
    for (let i = before.length; i <= n - firstCounted; i++) {
      const counted = firstCounted + i - 1
      before.push(add(before[i - 1] ?? nothing, usageWithin(night(counted), noon(counted + 1))))
    }
    return before[n - firstCounted] ?? nothing
  }

  return {
    at: (t) => night(numberAt(t)),
    dimPct(t) {
      const { onAt, dimAt, offAt } = night(numberAt(t))
      return t < onAt || t >= offAt ? 0 : t < dimAt ? 100 : lateDimPct
    },
    usage(t) {
      const n = numberAt(t)
      return n < firstCounted ? nothing : add(usageBefore(n), usageWithin(night(n), t))
    },
  }
}

const nothing: Usage = { burningHours: 0, fullHours: 0, nights: 0 }

function add(a: Usage, b: Usage): Usage {
  return {
    burningHours: a.burningHours + b.burningHours,
    fullHours: a.fullHours + b.fullHours,
    nights: a.nights + b.nights,
  }
}

function usageWithin({ onAt, dimAt, offAt }: Night, t: number): Usage {
  const burning = clamp(t - onAt, 0, offAt - onAt)
  const full = Math.min(burning, dimAt - onAt)
  return {
    burningHours: burning / hourMs,
    fullHours: (full + ((burning - full) * lateDimPct) / 100) / hourMs,
    nights: burning > 0 ? 1 : 0,
  }
}

function findNight(sun: Pick<Sun, 'altitude'>, noon: number, nextNoon: number): Night {
  const midnight = (noon + nextNoon) / 2
  const isDark = (t: number) => sun.altitude(t) < switchingAltitude
  if (!isDark(midnight)) return { onAt: midnight, dimAt: midnight, offAt: midnight }
  const onAt = isDark(noon) ? noon : firstOf(isDark, noon, midnight)
  const offAt = isDark(nextNoon) ? nextNoon : firstOf((t) => !isDark(t), midnight, nextNoon)
  return { onAt, dimAt: (onAt + offAt) / 2, offAt }
}

/** The first second in low..high at which it holds; it holds at `high`, and once it holds it goes on. */
function firstOf(holds: (t: number) => boolean, low: number, high: number): number {
  while (high - low > 1_000) {
    const middle = Math.round((low + high) / 2)
    if (holds(middle)) high = middle
    else low = middle
  }
  return high
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high)
}
