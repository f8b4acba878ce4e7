// The times during which a fault's condition held. The newest are kept, the others are counted: together they are how
// often the fault was raised, and they tell one that is there from one that comes and goes.
import type { FaultPeriod, FaultRow } from '@ronda/contracts/fault'

export const maxPeriods = 20

/** So many raises within so long (ms), the newest included, are chattering. */
export const chatterLimits = { raises: 3, withinMs: 60_000 } as const

export type Periods = Pick<FaultRow, 'periods' | 'droppedPeriods'>

export const noPeriods: Periods = { periods: [], droppedPeriods: 0 }

export function raisesOf({ periods, droppedPeriods }: Periods): number {
  return periods.length + droppedPeriods
}

function isRunning({ periods }: Periods): boolean {
  const newest = periods.at(-1)
  return newest !== undefined && newest.clearedAt === undefined
}

/** The same where one runs already. */
export function begun(periods: Periods, at: number): Periods {
  if (isRunning(periods)) return periods
  const all = [...periods.periods, { raisedAt: at }]
  const excess = Math.max(0, all.length - maxPeriods)
  return { periods: all.slice(excess), droppedPeriods: periods.droppedPeriods + excess }
}

/** The same where none runs. */
export function ended({ periods, droppedPeriods }: Periods, at: number): Periods {
  const ends = (period: FaultPeriod) => (period.clearedAt === undefined ? { ...period, clearedAt: at } : period)
  return { periods: periods.map(ends), droppedPeriods }
}

/** Whether one more raise at `at` makes it chattering. */
export function chatters({ periods }: Periods, at: number): boolean {
  const { raises, withinMs } = chatterLimits
  const first = periods.at(1 - raises)
  return first !== undefined && at - first.raisedAt <= withinMs
}

/** A row as it was written, perhaps before periods were kept. */
export function withPeriods(row: Omit<FaultRow, keyof Periods> & Partial<Periods>): FaultRow {
  const { raisedAt, clearedAt, occurrences } = row.fault
  const { periods = [clearedAt === undefined ? { raisedAt } : { raisedAt, clearedAt }] } = row
  return { ...row, periods, droppedPeriods: row.droppedPeriods ?? occurrences - periods.length }
}
