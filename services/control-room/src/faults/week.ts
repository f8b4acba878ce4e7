// Where faults stand in the strip of a week: seven days by the city's calendar, today the last, and as many lanes as are
// needed for those that held at the same time.
import type { Fault } from '@ronda/contracts/fault'

/** More at once are drawn over each other. */
const mostLanes = 4

interface Bar {
  readonly fault: Fault
  readonly lane: number
  /** Shares of the week. */
  readonly from: number
  readonly width: number
}

export interface Week {
  /** Those that held in these days, the newest first. */
  readonly faults: readonly Fault[]
  readonly bars: readonly Bar[]
  /** At least one. */
  readonly lanes: number
}

export function layOutWeek(faults: readonly Fault[], { days, now }: { days: readonly number[]; now: number }): Week {
  const [start = now, end = now] = [days[0], days.at(-1)]
  const endOf = ({ active, closedAt, clearedAt }: Fault) =>
    Math.min(now, (active ? closedAt : (clearedAt ?? closedAt)) ?? now)
  const inWeek = faults
    .filter((fault) => endOf(fault) >= start && fault.raisedAt < end)
    .toSorted((a, b) => a.raisedAt - b.raisedAt)
  const laneEnds: number[] = []
  const bars = inWeek.map((fault): Bar => {
    const free = laneEnds.findIndex((laneEnd) => laneEnd <= fault.raisedAt)
    const lane = free === -1 ? Math.min(laneEnds.length, mostLanes - 1) : free
    laneEnds[lane] = Math.max(laneEnds[lane] ?? 0, endOf(fault))
    const from = Math.max(0, (fault.raisedAt - start) / (end - start))
    return { fault, lane, from, width: (endOf(fault) - start) / (end - start) - from }
  })
  return { faults: inWeek.toReversed(), bars, lanes: Math.max(1, laneEnds.length) }
}
