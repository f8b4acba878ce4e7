// When the city's nights began and ended, by the same sun that the rules go by.
import type { Sun } from './sun.ts'

export interface Night {
  /** ms UTC, to the minute: dusk and dawn. */
  from: number
  to: number
}

const minuteMs = 60_000
/** Where no night is found within so long, there is none: the sun does not set, or does not rise. */
const mostMinutes = 36 * 60

/** The newest night that was over at `at`; undefined near the poles in summer and winter. */
export function lastNightBefore(sun: Sun, at: number): Night | undefined {
  let minute = Math.floor(at / minuteMs)
  const least = minute - mostMinutes
  while (minute > least && isNight(sun, minute)) minute--
  while (minute > least && !isNight(sun, minute)) minute--
  return minute > least ? nightAround(sun, minute * minuteMs) : undefined
}

/** The night that a time is in; undefined when it is in none, or in one without an end. */
export function nightAround(sun: Sun, at: number): Night | undefined {
  const middle = Math.floor(at / minuteMs)
  if (!isNight(sun, middle)) return undefined
  let end = middle
  while (isNight(sun, end)) {
    end++
    if (end - middle > mostMinutes) return undefined
  }
  return { from: sun.nightSince(middle * minuteMs), to: end * minuteMs }
}

function isNight(sun: Sun, minute: number): boolean {
  return sun.phase(minute * minuteMs) === 'night'
}
