// Cause before consequence. While a cabinet has lost its supply or has too little, what its lamps lack is not news, nor
// is the silence of what is behind an uplink that is out: these faults are attached to their cause's, those raised
// shortly before too, and their cause's to its own. When the cause is over, they get time to clear; what is still wrong
// after that is shown as a fault of its own. No fault is ever its own cause, however long the chain.
import type { Fault } from '@ronda/contracts/fault'
import { type Condition, type DeviceState, type FaultIndex, conditionOf, patienceMs } from './device-state.ts'
import type { Outbox } from './effects.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { LogClock } from './log-clock.ts'
import { type Outages, limitsOf } from './outages.ts'
import type { Timers } from './timers.ts'
import type { Upstream } from './upstream.ts'

export interface CausesDeps {
  log: LogClock
  timers: Timers
  outbox: Outbox
  lifecycle: Lifecycle
  outages: Outages
  upstream: Upstream
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
  /** Attaches and releases what is behind a device, after its own trouble began, grew, shrank or ended. */
  reconcile(state: DeviceState): void
  /** A released consequence had its time. */
  standAlone(condition: Condition): void
  /** Who has taken on a fault has taken on its consequences, and theirs. */
  share(faultId: string, by: string): void
  /** Tells how many consequences the causes have now; at the end of every step. */
  settle(): void
}

export function createCauses(deps: CausesDeps): Causes {
  const { log, timers, outbox, lifecycle, outages, upstream, faults, blameFrom } = deps
  const byParent = new Map<string, Set<Condition>>()
  /** Faults by id whose number of consequences has changed in this step. */
  const recount = new Set<string>()
  /** When the causes that were asked about in this step began. */
  const beginnings = new Map<Condition, number>()

  /** The one that it has already, as long as that holds; otherwise the nearest. */
  function causeOf(condition: Condition): Condition | undefined {
    const { rule, row } = condition
    if (rule.causedBy === undefined) return undefined
    const bearers = upstream.of(condition)
    let nearest: Condition | undefined
    for (const code of rule.causedBy) {
      for (const bearer of bearers) {
        if (bearer.conditions.length === 0) continue
        const cause = conditionOf(bearer, code)
        if (cause?.row?.fault.active !== true || isBelow(cause, condition)) continue
        if (!upstream.explains(cause, condition)) continue
        if (cause.row.fault.id === row?.fault.parentId) return cause
        nearest ??= cause
      }
    }
    return nearest
  }

  /** Whether a fault is another one's, or comes of it. */
  function isBelow(condition: Condition, other: Condition): boolean {
    for (let each: Condition | undefined = condition; each !== undefined; ) {
      if (each === other) return true
      const parentId: string | undefined = each.row?.fault.parentId
      each = parentId === undefined ? undefined : faults.get(parentId)
    }
    return false
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
  function wasRaisedShortlyAgo(condition: Condition, cause: Condition): boolean {
    const { state, rule, row } = condition
    const raised = row?.trail.findLast(({ event }) => event === 'raised')
    if (raised === undefined) return false
    const { onsetMs } = limitsOf(cause.state)
    const causeTakesMs = cause.state.intervalMs + cause.rule.raise.forMs
    if (raised.at >= log.time - Math.max(onsetMs, state.intervalMs, causeTakesMs)) return true
    // Devices of long intervals are missed late: what counts for silence is when it began.
    if (rule.on === 'report' || cause.rule.on === 'report') return false
    const causeBeganAt = beganAt(cause)
    return causeBeganAt !== 0 && beganAt(condition) >= causeBeganAt - Math.max(onsetMs, state.intervalMs)
  }

  /** Log time of the last word of those whose silence a fault is about; not after it was raised. */
  function beganAt(condition: Condition): number {
    let latest = beginnings.get(condition)
    if (latest === undefined) {
      latest = 0
      const raisedAt = condition.row?.trail.findLast(({ event }) => event === 'raised')?.at ?? log.time
      for (const { seenAt } of upstream.silentOf(condition)) if (seenAt <= raisedAt) latest = Math.max(latest, seenAt)
      beginnings.set(condition, latest)
    }
    return latest
  }

  /** A released consequence gets as long as it would have taken to be raised. */
  function release(condition: Condition): void {
    if (condition.alone.due !== Infinity) return
    outbox.touch(condition.state)
    let waitMs = Math.max(patienceMs(condition.state), condition.rule.raise.forMs)
    for (const state of upstream.silentOf(condition)) waitMs = Math.max(waitMs, patienceMs(state))
    timers.set(condition.alone, log.time + waitMs + 1)
  }

  /** When everybody whose silence a fault is about may be blamed for it. */
  function blameFromOf(condition: Condition): number {
    let from = blameFrom(condition.state)
    for (const state of upstream.silentOf(condition)) from = Math.max(from, blameFrom(state))
    return from
  }

  /** If a whole circuit is still gone, that is an outage once more, before any of its lamps is shown. */
  function renewOutage({ state, row }: Condition): void {
    outages.renew(state)
    const { cabinet } = state.device
    const siblings = cabinet === undefined ? [] : [...outages.behind(cabinet)]
    for (const sibling of siblings.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
      const isReleased = sibling.conditions.some(
        ({ alone, row: { fault } = {} }) => alone.due <= log.time && fault?.parentId === row?.fault.parentId,
      )
      if (isReleased && blameFrom(sibling) <= log.time) outages.renew(sibling)
    }
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

  function reconcile(state: DeviceState): void {
    for (const { conditions } of upstream.reach(state)) for (const each of conditions) review(each)
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
      if (rule.explains === undefined) review(condition)
      else reconcile(state)
    },

    reconcile,

    standAlone(condition) {
      if (condition.row?.fault.active !== true) return
      const from = blameFromOf(condition)
      if (from > log.time) {
        timers.set(condition.alone, from)
        return
      }
      renewOutage(condition)
      const cause = causeOf(condition)
      if (cause === undefined) lifecycle.detach(condition)
      else attach(condition, cause)
    },

    settle() {
      // Clearing makes a new one, even of an empty map.
      if (beginnings.size > 0) beginnings.clear()
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
  return `${state.key} ${rule.code}`
}
