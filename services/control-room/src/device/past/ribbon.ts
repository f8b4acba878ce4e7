// What is picked and summed up in the ribbon of a device's past.
import { type PastStanding, type StandingPeriod, pastStandings } from '@ronda/contracts/past-standing'

/** What needs somebody comes later: it is drawn over the rest, and picked before it. */
const rankOf = (standing: PastStanding) => pastStandings.indexOf(standing)

export function byRank(a: StandingPeriod, b: StandingPeriod): number {
  return rankOf(a.standing) - rankOf(b.standing)
}

/** The number of the gravest period within reach of a time, so that one of a minute can be pointed at; -1: there is none. */
export function periodAt(periods: readonly StandingPeriod[], at: number, reachMs: number): number {
  let found = -1
  for (const [index, period] of periods.entries()) {
    if (period.from > at + reachMs || period.to <= at - reachMs) continue
    const best = periods[found]
    const order = best === undefined ? 1 : byRank(period, best)
    const isUnderIt = period.from <= at && period.to > at
    if (order > 0 || (order === 0 && isUnderIt)) found = index
  }
  return found
}

/** Shares of the time, of those that there were, what lasted longest first. */
export function sharesOf(periods: readonly StandingPeriod[]): { standing: PastStanding; ms: number; share: number }[] {
  const sums = new Map<PastStanding, number>()
  let total = 0
  for (const { standing, from, to } of periods) {
    sums.set(standing, (sums.get(standing) ?? 0) + to - from)
    total += to - from
  }
  return [...sums].map(([standing, ms]) => ({ standing, ms, share: ms / total })).toSorted((a, b) => b.ms - a.ms)
}
