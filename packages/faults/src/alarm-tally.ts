// What is counted of all and, side by side, of each district, agency and kind: how much came, how it was answered.
import type { AlarmNote, Duration } from '@ronda/contracts/alarm-metrics'
import { type Severity, severities } from '@ronda/contracts/fault'

/** How long it took, in ms each. */
export interface Answers {
  acknowledged: number[]
  repaired: number[]
}

export interface Tally extends Answers {
  announced: number
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
    .map(([key, tally]) => {
      const { announced, standing, overdue } = tally
      return [key, { announced, ...timesOf(tally), standing, overdue }] as const
    })
}

/** Those of each severity, the gravest first. */
export function severitiesOf(bySeverity: ReadonlyMap<Severity, Answers>) {
  return severities.flatMap((severity) => {
    const answers = bySeverity.get(severity)
    return answers === undefined ? [] : { severity, ...timesOf(answers) }
  })
}

function timesOf({ acknowledged, repaired }: Answers) {
  return { toAcknowledge: durationOf(acknowledged), toRepair: durationOf(repaired) }
}

export function durationOf(times: readonly number[]): Duration {
  const sorted = times.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const [lower = 0, upper = 0] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  // The nearest rank: a time that really was.
  const ninth = sorted[Math.ceil(sorted.length * 0.9) - 1]
  return {
    count: sorted.length,
    medianMs: sorted.length === 0 ? null : Math.round((lower + upper) / 2),
    p90Ms: ninth ?? null,
  }
}
