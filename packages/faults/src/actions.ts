// What operators ask for, decided in log order. An action's verdict is kept for a day, so that asking again with the
// same action id gets the same answer and changes nothing.
import type { OperatorAction, Verdict } from '@ronda/contracts/action'
import type { Fault } from '@ronda/contracts/fault'
import type { Causes } from './causes.ts'
import type { FaultIndex } from './device-state.ts'
import type { Kept, Outbox } from './effects.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { LogClock } from './log-clock.ts'
import { type Timers, createTimer } from './timers.ts'

/** ms for which an action id is known. */
export const verdictKeptMs = 24 * 3_600_000

export const verdictRows = 'verdict/'

export interface ActionsDeps {
  log: LogClock
  timers: Timers
  outbox: Outbox
  lifecycle: Lifecycle
  causes: Causes
  faults: FaultIndex
}

export interface Actions {
  decide(action: OperatorAction): void
  restore(verdict: Verdict): Kept
}

export function createActions({ log, timers, outbox, lifecycle, causes, faults }: ActionsDeps): Actions {
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

  function refuse(actionId: string, code: NonNullable<Verdict['code']>, fault?: Fault, by?: string): void {
    const about = { ...(fault === undefined ? {} : { fault }), ...(by === undefined ? {} : { by }) }
    answer({ actionId, at: log.time, done: false, code, ...about })
  }

  function acknowledge({ actionId, faultId, by, note, expectedRevision }: OperatorAction): void {
    const condition = faults.get(faultId)
    // A fault closed a moment ago is remembered: whoever comes second hears who was first.
    const row = condition?.row ?? condition?.closed
    if (condition === undefined || row === undefined) return refuse(actionId, 'fault_not_found')
    const { fault, trail } = row
    if (fault.acknowledged) return refuse(actionId, 'already_acknowledged', fault, fault.acknowledgedBy)
    if (fault.closedAt !== undefined) return refuse(actionId, 'fault_not_found')
    if (expectedRevision !== undefined && expectedRevision !== fault.revision) {
      return refuse(actionId, 'revision_conflict', fault, trail.findLast((entry) => entry.by !== undefined)?.by)
    }
    lifecycle.acknowledge(condition, by, note)
    causes.share(faultId, by)
    const after = condition.row ?? condition.closed
    answer({ actionId, at: log.time, done: true, ...(after === undefined ? {} : { fault: after.fault }) })
  }

  return {
    decide(action) {
      const known = verdicts.get(action.actionId)
      if (known !== undefined) {
        outbox.verdict(known)
        return
      }
      switch (action.action) {
        case 'acknowledge':
          return acknowledge(action)
      }
    },
    restore: keep,
  }
}
