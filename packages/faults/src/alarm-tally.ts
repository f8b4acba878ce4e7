// What is counted of all and, side by side, of each district, agency and kind: how much came, how it was answered.
import type { AlarmNote, Duration } from '@ronda/contracts/alarm-metrics'

export interface Tally {
  announced: number
  /** ms each. */
  acknowledged: number[]
  repaired: number[]
  standing: number
  overdue: number
}

export function newTally(): Tally {
  return { announced: 0, acknowledged: [], repaired: [], standing: 0, overdue: 0 }
}

export function tallyOf<K>(tallies: Map<K, Tally>, key: K): Tally {
  const known = tallies.get(key)
  if (known !== undefined) return known
  const made = newTally()
  tallies.set(key, made)
  return made
}

export function addNote(tally: Tally, { name, afterMs = 0 }: AlarmNote): void {
  if (name === 'announced') tally.announced++
  else tally[name].push(afterMs)
}

export function rowsOf<K extends string | null>(tallies: Map<K, Tally>) {
  return [...tallies]
    .toSorted(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1))
    .map(([key, { announced, acknowledged, repaired, standing, overdue }]) => {
      const times = { toAcknowledge: durationOf(acknowledged), toRepair: durationOf(repaired) }
      return [key, { announced, ...times, standing, overdue }] as const
    })
}

export function durationOf(times: readonly number[]): Duration {
  const sorted = times.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const [lower = 0, upper = 0] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return { count: sorted.length, medianMs: sorted.length === 0 ? null : Math.round((lower + upper) / 2) }
}
