// Cause before consequence. While a cabinet has lost its supply, what its lamps lack is not news: their faults are
// attached to the cabinet's, those raised shortly before too. When the supply is back, they get time to clear; what
// is still wrong after that is shown as a fault of its own.
import type { Fault } from '@ronda/contracts/fault'
import { type Condition, type DeviceState, type FaultIndex, conditionOf, patienceMs } from './device-state.ts'
import type { Outbox } from './effects.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { LogClock } from './log-clock.ts'
import type { Outages } from './outages.ts'
import { outageLimits } from './rules/supply.ts'
import type { Timers } from './timers.ts'

export interface CausesDeps {
  log: LogClock
  timers: Timers
  outbox: Outbox
  lifecycle: Lifecycle
  outages: Outages
  devices: ReadonlyMap<string, DeviceState>
  faults: FaultIndex
  blameFrom: (state: DeviceState) => number
}

export interface Causes {
  /** The active fault that explains what a condition is about, if there is one. */
  causeOf(condition: Condition): Condition | undefined
  /** Follows every step of every fault. */
  track(condition: Condition, before: Fault | undefined, after: Fault): void
  /** Puts right whose consequence a condition's fault is. */
  review(condition: Condition): void
  /** Attaches and releases what is behind a cabinet, after its outage began, grew, shrank or ended. */
  reconcile(cabinet: DeviceState): void
  /** A released consequence had its time. */
  standAlone(condition: Condition): void
  /** Open consequences of a fault, by device and code. */
  consequencesOf(faultId: string): Condition[]
  /** Tells how many consequences the causes have now; at the end of every step. */
  settle(): void
}

export function createCauses(deps: CausesDeps): Causes {
  const { log, timers, outbox, lifecycle, outages, devices, faults, blameFrom } = deps
  const byParent = new Map<string, Set<Condition>>()
  /** Faults by id whose number of consequences has changed in this step. */
  const recount = new Set<string>()

  function supplierOf(state: DeviceState): DeviceState | undefined {
    if (state.supply !== undefined) return state
    return state.device.cabinet === undefined ? undefined : devices.get(state.device.cabinet)
  }

  function causeOf({ state, rule }: Condition): Condition | undefined {
    const supplier = rule.causedBy === undefined ? undefined : supplierOf(state)
    if (supplier === undefined || rule.causedBy === undefined || !outages.covers(supplier, state)) return undefined
    const cause = conditionOf(supplier, rule.causedBy)
    return cause?.row?.fault.active === true ? cause : undefined
  }

  function attach(condition: Condition, cause: Condition): void {
    const parent = cause.row?.fault
    if (parent === undefined) return
    timers.cancel(condition.alone)
    outbox.touch(condition.state)
    lifecycle.attach(condition, parent.id)
    shareAcknowledgement(condition, parent)
  }

  /** Who has taken on the cause has taken on its consequences. */
  function shareAcknowledgement(condition: Condition, parent: Fault): void {
    if (parent.acknowledgedBy !== undefined) lifecycle.acknowledge(condition, parent.acknowledgedBy, 'with its cause')
  }

  function wasRaisedShortlyAgo({ state, row }: Condition): boolean {
    const raised = row?.trail.findLast(({ event }) => event === 'raised')
    return raised !== undefined && raised.at >= log.time - Math.max(outageLimits.onsetMs, state.intervalMs)
  }

  /** A released consequence gets as long as it would have taken to be raised. */
  function release(condition: Condition): void {
    if (condition.alone.due !== Infinity) return
    outbox.touch(condition.state)
    timers.set(condition.alone, log.time + Math.max(patienceMs(condition.state), condition.rule.raise.forMs) + 1)
  }

  function review(condition: Condition): void {
    const fault = condition.row?.fault
    if (fault === undefined || !fault.active || condition.rule.causedBy === undefined) return
    const cause = causeOf(condition)
    if (cause === undefined) {
      if (fault.parentId !== undefined) release(condition)
    } else if (fault.parentId !== undefined || wasRaisedShortlyAgo(condition)) {
      attach(condition, cause)
    }
  }

  function consequencesOf(faultId: string): Condition[] {
    return [...(byParent.get(faultId) ?? [])].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  }

  return {
    causeOf,
    consequencesOf,

    track(condition, before, after) {
      // While it was closed nobody counted for it.
      if (before?.closedAt !== undefined) recount.add(after.id)
      const oldParent = before?.closedAt === undefined ? before?.parentId : undefined
      const newParent = after.closedAt === undefined ? after.parentId : undefined
      if (oldParent === newParent) return
      if (oldParent !== undefined) {
        byParent.get(oldParent)?.delete(condition)
        recount.add(oldParent)
      }
      if (newParent !== undefined) {
        const siblings = byParent.get(newParent)
        if (siblings === undefined) byParent.set(newParent, new Set([condition]))
        else siblings.add(condition)
        recount.add(newParent)
      }
    },

    review,

    reconcile(cabinet) {
      for (const state of outages.behind(cabinet)) for (const each of state.conditions) review(each)
    },

    standAlone(condition) {
      if (condition.row?.fault.active !== true) return
      const from = blameFrom(condition.state)
      if (from > log.time) {
        timers.set(condition.alone, from)
        return
      }
      // If its whole circuit is still gone, that is an outage once more.
      outages.renew(condition.state)
      const cause = causeOf(condition)
      if (cause === undefined) lifecycle.detach(condition)
      else attach(condition, cause)
    },

    settle() {
      if (recount.size === 0) return
      for (const id of [...recount].toSorted()) {
        const children = byParent.get(id)
        const parent = faults.get(id)
        if (parent?.row?.fault.id === id) lifecycle.countChildren(parent, children?.size ?? 0)
        if (children?.size === 0) byParent.delete(id)
      }
      recount.clear()
    },
  }
}

function keyOf({ state, rule }: Condition): string {
  return `${state.id} ${rule.code}`
}
