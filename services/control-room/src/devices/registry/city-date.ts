// Days of the city, as a date field has them: 2026-11-22.
import { timesFor } from '../../format/times.ts'

const dayMs = 86_400_000

/** The day in the city at a time, ms UTC. */
export function dateOf(ms: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(ms)
}

/** When a day begins in the city, ms UTC; undefined when it is none. */
export function startOfDate(date: string, timeZone: string): number | undefined {
  const utcMidnight = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(utcMidnight)) return undefined
  const since = timesFor({ locale: 'en-GB', timeZone }).sinceMidnight(utcMidnight)
  // East of Greenwich the day has begun already, west of it the day before goes on.
  return dateOf(utcMidnight, timeZone) === date ? utcMidnight - since : utcMidnight + dayMs - since
}
