// Cause before consequence. While a cabinet has lost its supply or has too little, what its lamps lack is not news:
// their faults are attached to the cabinet's, those raised shortly before too. When the supply is back, they get time
// to clear; what is still wrong after that is shown as a fault of its own.
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
  /** A condition's fault was raised or cleared: puts right whose consequence it is, and what its consequences are. */
  turn(condition: Condition): void
  /** Attaches and releases what is behind a cabinet, after trouble with its supply began, grew, shrank or ended. */
  reconcile(cabinet: DeviceState): void
  /** A released consequence had its time. */
  standAlone(condition: Condition): void
  /** Who has taken on a fault has taken on its consequences, and theirs. */
  share(faultId: string, by: string): void
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

  /** The one that it has already, as long as that holds; otherwise the gravest. */
  function causeOf(condition: Condition): Condition | undefined {
    const { state, rule, row } = condition
    const supplier = rule.causedBy === undefined ? undefined : supplierOf(state)
    if (supplier === undefined || supplier.conditions.length === 0) return undefined
    let gravest: Condition | undefined
    for (const code of rule.causedBy ?? []) {
      const cause = conditionOf(supplier, code)
      if (cause === undefined || cause === condition || !explains(cause, state)) continue
      if (cause.row?.fault.id === row?.fault.parentId) return cause
      gravest ??= cause
    }
    return gravest
  }

  function explains({ row, rule, state }: Condition, consequence: DeviceState): boolean {
    return (
      row?.fault.active === true && rule.explains !== undefined && outages.covers(state, consequence, rule.explains)
    )
  }

  function attach(condition: Condition, cause: Condition): void {
    const parent = cause.row?.fault
    if (parent === undefined) return
    timers.cancel(condition.alone)
    outbox.touch(condition.state)
    lifecycle.attach(condition, parent.id)
    if (parent.acknowledgedBy !== undefined) acknowledgeWithCause(condition, parent.acknowledgedBy)
  }

  function acknowledgeWithCause(condition: Condition, by: string): void {
    const faultId = condition.row?.fault.id
    lifecycle.acknowledgeWithCause(condition, by)
    if (faultId !== undefined) share(faultId, by)
  }

  function share(faultId: string, by: string): void {
    for (const each of consequencesOf(faultId)) acknowledgeWithCause(each, by)
  }

  /** So shortly that the cause may have begun before: it is told a report later, and raised after its own delay. */
  function wasRaisedShortlyAgo({ state, row }: Condition, cause: Condition): boolean {
    const raised = row?.trail.findLast(({ event }) => event === 'raised')
    const causeTakesMs = cause.state.intervalMs + cause.rule.raise.forMs
    return (
      raised !== undefined && raised.at >= log.time - Math.max(outageLimits.onsetMs, state.intervalMs, causeTakesMs)
    )
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
    } else if (fault.parentId !== undefined || wasRaisedShortlyAgo(condition, cause)) {
      attach(condition, cause)
    }
  }

  function consequencesOf(faultId: string | undefined): Condition[] {
    const consequences = faultId === undefined ? undefined : byParent.get(faultId)
    return [...(consequences ?? [])].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  }

  function reconcile(cabinet: DeviceState): void {
    for (const state of outages.behind(cabinet)) for (const each of state.conditions) review(each)
  }

  return {
    causeOf,
    share,

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

    turn(condition) {
      const { rule, state } = condition
      if (rule.explains !== undefined && state.supply !== undefined) reconcile(state)
      else review(condition)
    },

    reconcile,

    standAlone(condition) {
      if (condition.row?.fault.active !== true) return
      const from = blameFrom(condition.state)
      if (from > log.time) {
        timers.set(condition.alone, from)
        return
      }
      // If its whole circuit is still gone, that is an outage once more, before any of its lamps is shown.
      outages.renew(condition.state)
      for (const { state, alone } of consequencesOf(condition.row.fault.parentId)) {
        if (alone.due <= log.time && blameFrom(state) <= log.time) outages.renew(state)
      }
      const cause = causeOf(condition)
      if (cause === undefined) lifecycle.detach(condition)
      else attach(condition, cause)
    },

    settle() {
      if (recount.size === 0) return
      for (const id of [...recount].toSorted()) {
        const children = byParent.get(id)
        const parent = faults.get(id)
        if (parent?.row?.fault.id === id) lifecycle.revise(parent, { children: children?.size ?? 0 })
        if (children?.size === 0) byParent.delete(id)
      }
      recount.clear()
    },
  }
}

function keyOf({ state, rule }: Condition): string {
  return `${state.id} ${rule.code}`
}
