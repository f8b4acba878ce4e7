// What people do over a week: how busy a place or a road is, hour by hour, and how much that adds up to.
const hourMs = 3_600_000
const hoursOfWeek = 7 * 24

export interface WeekCurve {
  /** 0–1 at a time in ms since a Monday, 0 o'clock; weeks repeat. */
  at(localMs: number): number
  /** Hours at 1 that would have been as much, since 0; grows with time. */
  hours(localMs: number): number
}

/** From 24 values each, at the full hours of a working day and of a day of the weekend; between them it is straight. */
export function createWeekCurve(workday: readonly number[], weekend: readonly number[]): WeekCurve {
  const values = Array.from({ length: hoursOfWeek + 1 }, (_, hour) => {
    const day = Math.floor(hour / 24) % 7
    return (day < 5 ? workday : weekend)[hour % 24] ?? 0
  })
  const value = (hour: number) => values[hour] ?? 0
  const before = [0]
  for (let hour = 0; hour < hoursOfWeek; hour++) before.push((before[hour] ?? 0) + (value(hour) + value(hour + 1)) / 2)
  const week = before[hoursOfWeek] ?? 0

  const split = (localMs: number) => {
    const hours = localMs / hourMs
    const weeks = Math.floor(hours / hoursOfWeek)
    const hour = Math.floor(hours - weeks * hoursOfWeek)
    return { weeks, hour, part: hours - weeks * hoursOfWeek - hour }
  }
  return {
    at(localMs) {
      const { hour, part } = split(localMs)
      return value(hour) + (value(hour + 1) - value(hour)) * part
    },
    hours(localMs) {
      const { weeks, hour, part } = split(localMs)
      const end = value(hour) + (value(hour + 1) - value(hour)) * part
      return weeks * week + (before[hour] ?? 0) + ((value(hour) + end) / 2) * part
    },
  }
}
