// Rows of history as columns for charts. Where readings are missing there is a gap, not a line.
import type { DeviceHistory } from '@ronda/contracts/history'

export interface Series {
  /** Seconds UTC, ascending, the same for all fields. */
  readonly times: number[]
  /** By field; null where there is none. Flags are 0 and 1. */
  readonly values: ReadonlyMap<string, (number | null)[]>
}

export interface SeriesOptions {
  fields: readonly string[]
  /** Two points farther apart than this have a gap between them. */
  gapMs: number
}

export function toSeries(rows: DeviceHistory['rows'], { fields, gapMs }: SeriesOptions): Series {
  const times: number[] = []
  const values = new Map<string, (number | null)[]>(fields.map((field) => [field, []]))
  const push = (timeMs: number, valueOf: (field: string) => number | null) => {
    times.push(timeMs / 1_000)
    for (const [field, column] of values) column.push(valueOf(field))
  }
  let lastMs: number | undefined
  for (const { time, values: row } of rows) {
    if (lastMs !== undefined && time - lastMs > gapMs) push(lastMs + gapMs / 2, () => null)
    push(time, (field) => asNumber(row[field]))
    lastMs = time
  }
  return { times, values }
}

function asNumber(value: number | boolean | string | undefined): number | null {
  if (typeof value === 'boolean') return value ? 1 : 0
  return typeof value === 'number' ? value : null
}

export interface Summary {
  readonly least: number
  readonly mean: number
  readonly most: number
  readonly last: number
}

/** undefined when there is nothing to be summed up. */
export function summarise(column: readonly (number | null)[]): Summary | undefined {
  const known = column.filter((value) => value !== null)
  const last = known.at(-1)
  if (last === undefined) return undefined
  let least = Infinity
  let most = -Infinity
  let sum = 0
  for (const value of known) {
    least = Math.min(least, value)
    most = Math.max(most, value)
    sum += value
  }
  return { least, mean: sum / known.length, most, last }
}
