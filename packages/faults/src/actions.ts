// What operators ask for, decided in log order. An action's verdict is kept for a day, so that asking again with the
// same action id gets the same answer and changes nothing.
import {
  type ActionBody,
  type FaultAction,
  type MaintenanceAction,
  type OperatorAction,
  type Verdict,
  maxShelvingMs,
} from '@ronda/contracts/action'
import type { FaultEventName, FaultRow } from '@ronda/contracts/fault'
import { type Permission, may } from '@ronda/contracts/permissions'
import type { Causes } from './causes.ts'
import type { Condition, FaultIndex } from './device-state.ts'
import type { Kept, Outbox } from './effects.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { LogClock } from './log-clock.ts'
import type { Maintenance } from './maintenance.ts'
import type { Shelving } from './shelving.ts'
import { type Timers, createTimer } from './timers.ts'

/** ms for which an action id is known. */
export const verdictKeptMs = 24 * 3_600_000

const minuteMs = 60_000

export const verdictRows = 'verdict/'

export interface ActionsDeps {
  log: LogClock
  timers: Timers
  outbox: Outbox
  lifecycle: Lifecycle
  causes: Causes
  shelving: Shelving
  maintenance: Maintenance
  faults: FaultIndex
}

type Refusal = Pick<Verdict, 'code' | 'fault' | 'by'>

export interface Actions {
  decide(action: OperatorAction): void
  restore(verdict: Verdict): Kept
}

export function createActions(deps: ActionsDeps): Actions {
  const { log, timers, outbox, lifecycle, causes, shelving, maintenance, faults } = deps
  const verdicts = new Map<string, Verdict>()

  function keep(verdict: Verdict): Kept {
    const { actionId, at } = verdict
    const kept: Kept = { key: verdictRows + actionId, touched: false, encode: () => verdict }
    verdicts.set(actionId, verdict)
    const forget = createTimer('forget', actionId, () => {
      verdicts.delete(actionId)
      outbox.drop(kept)
    })
    timers.set(forget, at + verdictKeptMs)
    return kept
  }

  function answer(verdict: Verdict): void {
    outbox.touch(keep(verdict))
    outbox.verdict(verdict)
  }

  function refuse(actionId: string, refusal: Refusal): void {
    answer({ actionId, at: log.time, done: false, ...refusal })
  }

  /** Why an action on a fault is not done. A fault closed a moment ago is remembered: who comes second hears who was first. */
  function refusalOf(action: FaultAction, condition: Condition, { fault, trail }: FaultRow): Refusal | undefined {
    const lastBy = (event?: FaultEventName) =>
      trail.findLast((entry) => entry.by !== undefined && (event === undefined || entry.event === event))?.by
    const refusal = (code: NonNullable<Verdict['code']>, by?: string) => ({
      code,
      fault,
      ...(by === undefined ? {} : { by }),
    })
    if (action.action === 'acknowledge' && fault.acknowledged) {
      return refusal('already_acknowledged', fault.acknowledgedBy)
    }
    if (fault.closedAt !== undefined) return refusal('already_closed', lastBy())
    if (action.action === 'unshelve' && !shelving.isShelved(condition)) {
      return refusal('not_shelved', lastBy('unshelved'))
    }
    if (action.expectedRevision !== undefined && action.expectedRevision !== fault.revision) {
      return refusal('revision_conflict', lastBy())
    }
    if (action.action === 'shelve') {
      const forMs = shelvedUntil(action) - log.time
      if (forMs <= 0 || forMs > maxShelvingMs.supervisor) return refusal('shelving_invalid')
      if (forMs > maxShelvingMs.operator && !isAllowed(action, 'shelveForDays')) return refusal('supervisor_needed')
    }
    if (action.action === 'close' && fault.active && !isAllowed(action, 'closeActiveFaults')) {
      return refusal('supervisor_needed')
    }
    return undefined
  }

  function shelvedUntil({ until, durationMin = 0 }: ActionBody<'shelve'>): number {
    return until ?? log.time + durationMin * minuteMs
  }

  function perform(action: FaultAction, condition: Condition): void {
    const { by } = action
    switch (action.action) {
      case 'acknowledge':
        lifecycle.acknowledge(condition, by, action.note)
        return causes.share(action.faultId, by)
      case 'assign': {
        const { assignee, note } = action
        if (assignee === null) return lifecycle.change(condition, 'assigned', {}, { by, note, remove: ['assignee'] })
        return lifecycle.change(condition, 'assigned', { assignee }, { by, note, assignee })
      }
      case 'comment':
        return lifecycle.change(condition, 'commented', {}, { by, note: action.note })
      case 'shelve':
        return shelving.shelve(condition, shelvedUntil(action), by, action.reason)
      case 'unshelve':
        return shelving.unshelve(condition, by, action.note)
      case 'close':
        lifecycle.close(condition, by, action.reason)
        // What it caused stands on its own from now on.
        return causes.turn(condition)
    }
  }

  function onFault(action: FaultAction): void {
    const { actionId, faultId } = action
    const condition = faults.get(faultId)
    const row = condition?.row ?? condition?.closed
    if (condition === undefined || row === undefined) return refuse(actionId, { code: 'fault_not_found' })
    const refusal = refusalOf(action, condition, row)
    if (refusal !== undefined) return refuse(actionId, refusal)
    perform(action, condition)
    const after = condition.row ?? condition.closed
    answer({ actionId, at: log.time, done: true, ...(after === undefined ? {} : { fault: after.fault }) })
  }

  function onMaintenance(action: MaintenanceAction): void {
    const { actionId } = action
    const decision = maintenance.decide(action)
    answer({ actionId, at: log.time, done: decision.code === undefined, ...decision })
  }

  return {
    decide(action) {
      const known = verdicts.get(action.actionId)
      if (known !== undefined) {
        outbox.verdict(known)
        return
      }
      if ('faultId' in action) onFault(action)
      else onMaintenance(action)
    },
    restore: keep,
  }
}

function isAllowed({ role = 'supervisor' }: FaultAction, permission: Permission): boolean {
  return may(role, permission)
}
