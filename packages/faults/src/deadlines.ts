// Faults that are not answered in time. Each has one timer, set to its next due time; when it rings and nobody has
// answered, that is the event `overdue`. What was due while a fault was held back, or has become due because the fault
// is graver than it was, is found at the end of the step.
import type { Condition } from './device-state.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { LogClock } from './log-clock.ts'
import { missedAt, openDues } from './targets.ts'
import type { Timers } from './timers.ts'

export interface Deadlines {
  /** Follows every step of every fault. */
  follow(condition: Condition): void
  /** The timer rang. */
  check(condition: Condition): void
  /** At the end of every step. */
  settle(): void
}

export function createDeadlines(deps: {
  log: LogClock
  timers: Timers
  lifecycle: Pick<Lifecycle, 'change'>
}): Deadlines {
  const { log, timers, lifecycle } = deps
  const found = new Set<Condition>()

  function check(condition: Condition): void {
    const fault = condition.row?.fault
    const missed = fault === undefined ? undefined : missedAt(fault, log.time)
    if (fault === undefined || missed === undefined) return
    lifecycle.change(condition, 'overdue', { overdue: true, missed: { ...fault.missed, ...missed } })
  }

  return {
    follow(condition) {
      const fault = condition.row?.fault
      const dues = fault === undefined ? [] : Object.values(openDues(fault)).filter((due) => due > log.time)
      if (dues.length === 0) timers.cancel(condition.due)
      else timers.set(condition.due, Math.min(...dues))
      if (fault?.overdue === false && missedAt(fault, log.time) !== undefined) found.add(condition)
    },
    check,
    settle() {
      if (found.size === 0) return
      const all = [...found].toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
      found.clear()
      for (const condition of all) if (condition.row?.fault.overdue === false) check(condition)
    },
  }
}

function idOf({ row }: Condition): string {
  return row?.fault.id ?? ''
}
