// Days by the city's calendar, as strips of time are divided.
const dayMs = 86_400_000

/** The midnights around `count` days of which today is the last: one more than that, oldest first, ms UTC; `sinceMidnightMs`: of `now`. */
export function daysUpTo(now: number, sinceMidnightMs: number, count: number): number[] {
  const today = now - sinceMidnightMs
  return Array.from({ length: count + 1 }, (_, i) => today + (i - count + 1) * dayMs)
}
