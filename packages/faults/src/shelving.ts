// What is held back: recorded, counted, not announced. An operator shelves a code of a device until an hour; what is to
// be announced inside a maintenance window is held until that ends. When nothing holds a fault any more, and it is
// still true, it is announced then.
import { isAnnouncement } from '@ronda/contracts/fault'
import type { Condition } from './device-state.ts'
import type { Hold, Lifecycle, SystemNote } from './lifecycle.ts'
import type { LogClock } from './log-clock.ts'
import type { Maintenance } from './maintenance.ts'
import type { Timers } from './timers.ts'

export interface Shelving {
  /** What holds a condition's fault back if it is to be announced now. */
  holdOf(condition: Condition): Hold | undefined
  isShelved(condition: Condition): boolean
  /** `until` is after the present. */
  shelve(condition: Condition, until: number, by: string, reason: string): void
  unshelve(condition: Condition, by: string, note: string | undefined): void
  /** The shelf timer rang. */
  expire(condition: Condition): void
  /** A window moved or ended: puts right what it holds. */
  moved(windowId: string, conditions: Iterable<Condition>): void
}

interface Why {
  by?: string | undefined
  note?: string | undefined
  /** Of the announcement that follows. */
  again: SystemNote
}

export function createShelving(deps: {
  log: LogClock
  timers: Timers
  lifecycle: Pick<Lifecycle, 'change'>
  maintenance: Pick<Maintenance, 'of'>
}): Shelving {
  const { log, timers, lifecycle, maintenance } = deps

  const isShelved = ({ shelvedUntil }: Condition) => shelvedUntil > log.time

  function holdOf(condition: Condition): Hold | undefined {
    const shelvedUntil = isShelved(condition) ? condition.shelvedUntil : undefined
    const window = maintenance.of(condition.state)
    if (window === undefined) return shelvedUntil === undefined ? undefined : { shelvedUntil }
    return { shelvedUntil: Math.max(shelvedUntil ?? 0, window.until), maintenance: window.id }
  }

  function review(condition: Condition, { by, note, again }: Why): void {
    const fault = condition.row?.fault
    if (fault?.shelvedUntil === undefined) return
    const hold = holdOf(condition)
    if (hold === undefined) {
      lifecycle.change(condition, 'unshelved', {}, { by, note, remove: ['shelvedUntil'] })
      const { row } = condition
      if (row?.fault.active === true && isAnnouncement({ event: 'raised', fault: row.fault })) {
        lifecycle.change(condition, 'raised', {}, { note: again })
      }
    } else if (hold.shelvedUntil !== fault.shelvedUntil || isAnother(hold.maintenance, fault.maintenance)) {
      lifecycle.change(condition, 'shelved', hold, { by, note, until: hold.shelvedUntil })
    }
  }

  return {
    holdOf,
    isShelved,

    shelve(condition, until, by, reason) {
      condition.shelvedUntil = until
      timers.set(condition.shelf, until)
      const hold = { shelvedUntil: until, ...holdOf(condition) }
      // A window that is over does not hold it: the mark would say so.
      lifecycle.change(condition, 'shelved', hold, {
        by,
        note: reason,
        until: hold.shelvedUntil,
        remove: ['maintenance'],
      })
    },

    unshelve(condition, by, note) {
      condition.shelvedUntil = 0
      timers.cancel(condition.shelf)
      review(condition, { by, note, again: 'unshelved' })
    },

    expire(condition) {
      condition.shelvedUntil = 0
      review(condition, { again: 'unshelved' })
    },

    moved(windowId, conditions) {
      const held: Condition[] = []
      for (const condition of conditions) if (condition.row?.fault.maintenance === windowId) held.push(condition)
      // In an order that does not depend on history.
      const idOf = ({ row }: Condition) => row?.fault.id ?? ''
      for (const condition of held.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1))) {
        review(condition, { again: 'maintenance over' })
      }
    },
  }
}

/** A window that is over stays with what was raised inside it. */
function isAnother(now: string | undefined, before: string | undefined): boolean {
  return now !== undefined && now !== before
}
