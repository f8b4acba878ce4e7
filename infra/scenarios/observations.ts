// What the system found: from the events of its faults, in the order in which it told them, each time that a fault was
// raised and cleared, in which row, and whose consequence it was then.
import type { FaultEvent } from '@ronda/contracts/fault'

/** One time that a fault was there; times are stamped, ms UTC. */
export interface Period {
  faultId: string
  deviceId: string
  code: string
  raisedAt: number
  /** Undefined while it lasts. */
  clearedAt: number | undefined
  /** Whose consequence it was at last, which may itself be another's. */
  parent: Period | undefined
  /** The row was closed before this period: it is another row, or the same one opened again. */
  afterClosing: boolean
}

/** In the order in which they began. */
export function periodsOf(events: Iterable<FaultEvent>): Period[] {
  const periods: Period[] = []
  /** By fault id: what it was after its newest event, and its newest period. */
  const known = new Map<string, { event: FaultEvent; period: Period | undefined }>()
  for (const event of events) {
    const { fault } = event
    const before = known.get(fault.id)
    const wasActive = before?.event.fault.active === true
    let period = before?.period
    if (fault.active && !wasActive) {
      const { id: faultId, deviceId, code, updatedAt: raisedAt } = fault
      const afterClosing = before?.event.fault.closedAt !== undefined
      period = { faultId, deviceId, code, raisedAt, clearedAt: undefined, parent: undefined, afterClosing }
      periods.push(period)
    }
    if (period !== undefined && fault.active) {
      period.parent = fault.parentId === undefined ? undefined : known.get(fault.parentId)?.period
    }
    if (period !== undefined && wasActive && !fault.active) period.clearedAt = fault.clearedAt
    known.set(fault.id, { event, period })
  }
  return periods
}
