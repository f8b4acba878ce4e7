// How long something has lasted, with the two units that matter.
import type { Text } from '../text/en.ts'

const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

export function formatAge(ms: number, words: Text['age']): string {
  // The server's clock and ours differ by the network's delay: nothing is younger than now.
  const age = Math.max(0, ms)
  if (age < minuteMs) return words.seconds(Math.floor(age / secondMs))
  if (age < hourMs) return words.minutes(Math.floor(age / minuteMs))
  if (age < dayMs) return words.hours(Math.floor(age / hourMs), Math.floor((age % hourMs) / minuteMs))
  return words.days(Math.floor(age / dayMs), Math.floor((age % dayMs) / hourMs))
}
