// From what a rule finds to a raised or cleared fault: counting consecutive reports, waiting for delays, opening
// again what was closed a moment ago, holding what comes and goes as one. The same for every rule; what a rule finds
// and how long it has to hold is in the table.
import type { FaultRow } from '@ronda/contracts/fault'
import { type Condition, type DeviceState, type FaultIndex, conditionOf, patienceMs } from './device-state.ts'
import type { Outbox } from './effects.ts'
import { type Lifecycle, type SystemNote, isSuppressed } from './lifecycle.ts'
import type { LogClock } from './log-clock.ts'
import { raisesOf } from './periods.ts'
import { type Evidence, type Facts, type Finding, type Rule, hearsReports } from './rules/rule.ts'
import type { RuleSet } from './rules/rulebook.ts'
import { doubtMs } from './sources.ts'
import { type Timer, type Timers, createTimer, type ranks } from './timers.ts'

/** A fault that is held as chattering clears when its condition was good for so long (ms) without a break... */
export const calmMs = 60_000
/** ...and until then says at most every so often (ms) how often it was raised. */
export const tellEveryMs = 10_000

export interface ConditionsDeps {
  log: LogClock
  timers: Timers
  outbox: Outbox
  lifecycle: Lifecycle
  faults: FaultIndex
  /** Whether nobody may be listening to a device. */
  isInDoubt: (state: DeviceState) => boolean
  /** The fault that explains a new one of this condition. */
  causeOf: (condition: Condition) => Condition | undefined
  /** The condition's fault was raised or cleared. */
  onTurn: (condition: Condition) => void
  /** A consequence has outlived its cause for long enough. */
  onAlone: (condition: Condition) => void
  /** Its time on the shelf is over. */
  onShelf: (condition: Condition) => void
  /** The fault was to be answered by now. */
  onDue: (condition: Condition) => void
}

export interface Conditions {
  /** The device's condition of a rule, made if there is none. */
  add(state: DeviceState, rule: Rule): Condition
  /** What a rule finds in the facts; `flagged`: the device reports the fault itself. */
  apply(state: DeviceState, rule: Rule, finding: Finding, flagged: boolean, facts: Facts): void
  /** Other rules hold from now on: what is under way begins anew. */
  adopt(state: DeviceState, rules: RuleSet): void
  /** Clears what rules have raised that are switched off. */
  obey(state: DeviceState): void
  /** Its device is out of service: nothing is wrong with it, and nothing is under way. */
  disable(state: DeviceState): void
  /** What is under way begins anew. */
  reset(state: DeviceState): void
  /** The device was silent for too long: what was under way begins anew, but for a clear that goes on meanwhile. */
  interrupt(state: DeviceState): void
  /** Forgets all about the device. */
  clear(state: DeviceState): void
  /** Of a fault that was read back: what it has not told yet is told in its time. */
  follow(condition: Condition): void
}

export function createConditions(deps: ConditionsDeps): Conditions {
  const { log, timers, outbox, lifecycle, faults, isInDoubt, causeOf, onTurn, onAlone, onShelf, onDue } = deps

  function add(state: DeviceState, rule: Rule): Condition {
    const known = conditionOf(state, rule.code)
    if (known !== undefined) return known
    const timer = (rank: keyof typeof ranks, ring: (condition: Condition) => void): Timer =>
      createTimer(rank, `${state.key} ${rule.code}`, () => {
        outbox.touch(state)
        ring(condition)
      })
    const condition: Condition = {
      state,
      rule,
      row: undefined,
      closed: undefined,
      reports: 0,
      since: 0,
      evidence: undefined,
      flagged: false,
      quiet: false,
      shelvedUntil: 0,
      delay: timer('delay', endDelay),
      alone: timer('alone', onAlone),
      forget: timer('forget', forget),
      shelf: timer('hold', (each) => {
        onShelf(each)
        leave(each)
      }),
      due: timer('due', onDue),
      calm: timer('delay', endCalm),
      tell: timer('tell', tell),
    }
    // By code: what happens to several of them at once must not depend on which came first.
    state.conditions = [...state.conditions, condition].toSorted((a, b) => (a.rule.code < b.rule.code ? -1 : 1))
    return condition
  }

  /** Nothing is under way any more. */
  function rest(condition: Condition): void {
    condition.reports = 0
    condition.since = 0
    condition.evidence = undefined
    timers.cancel(condition.delay)
    leave(condition)
  }

  /** Goes unless there is something to remember. */
  function leave(condition: Condition): void {
    const { state, row, closed, reports, shelvedUntil } = condition
    if (row !== undefined || closed !== undefined || reports > 0 || shelvedUntil > 0) return
    state.conditions = state.conditions.filter((each) => each !== condition)
  }

  /** What is under way begins anew, also the good minute of what is chattering. */
  function restart(condition: Condition): void {
    if (hearsReports(condition.rule)) timers.cancel(condition.calm)
    rest(condition)
  }

  /** Silence; a delay that goes on across it ends with the next report. */
  function interrupt(condition: Condition): void {
    if (!holds(condition) || condition.rule.clearsAcrossSilence !== true) restart(condition)
  }

  function forgetClosed(condition: Condition): void {
    if (condition.closed !== undefined) faults.delete(condition.closed.fault.id)
    condition.closed = undefined
    timers.cancel(condition.forget)
  }

  function forget(condition: Condition): void {
    forgetClosed(condition)
    leave(condition)
  }

  /** Its fault is active, or would be if it were not suppressed. */
  function isActive(condition: Condition): boolean {
    return condition.row?.fault.active === true || isSuppressed(condition)
  }

  /** Reports count towards its end. */
  function holds(condition: Condition): boolean {
    return isActive(condition) && !condition.quiet
  }

  function raise(condition: Condition, evidence: Evidence): void {
    if (condition.forget.due <= log.time) forgetClosed(condition)
    const cause = causeOf(condition)?.row
    lifecycle.raise(condition, evidence, cause?.fault.id)
    onTurn(condition)
    rest(condition)
  }

  function clear(condition: Condition, note?: SystemNote): void {
    condition.flagged = false
    timers.cancel(condition.alone)
    lifecycle.clear(condition, note)
    onTurn(condition)
    rest(condition)
  }

  /** The condition holds from now on. */
  function begin(condition: Condition, evidence: Evidence): void {
    if (condition.quiet) flip(condition, true)
    else raise(condition, evidence)
  }

  /** The condition is over. */
  function end(condition: Condition): void {
    if (condition.row?.fault.evidence.chattering === true) flip(condition, false)
    else clear(condition)
  }

  /** Coming and going of what is held as chattering. */
  function flip(condition: Condition, comes: boolean): void {
    condition.quiet = !comes
    outbox.touch(condition.state)
    lifecycle.flip(condition, comes)
    if (comes) timers.cancel(condition.calm)
    else timers.set(condition.calm, log.time + calmMs)
    rest(condition)
    tell(condition)
  }

  function endCalm(condition: Condition): void {
    if (!condition.quiet) return
    // Of a device that has fallen silent the next good report begins another minute.
    if (isSilent(condition)) return
    if (isInDoubt(condition.state)) timers.set(condition.calm, log.until + doubtMs)
    else clear(condition)
  }

  function tell(condition: Condition): void {
    const { row } = condition
    if (row === undefined || !hasUntold(row)) return
    const due = row.fault.updatedAt + tellEveryMs
    if (due > log.time) timers.set(condition.tell, due)
    else lifecycle.change(condition, 'updated', {}, { inTrail: false })
  }

  /** What a device said long ago holds only while it goes on saying something. */
  function isSilent({ state, rule }: Condition): boolean {
    return hearsReports(rule) && log.time - state.seenAt > patienceMs(state)
  }

  /** One more report in the direction of the change; true when that is enough. */
  function isConfirmed(condition: Condition): boolean {
    const { reports, forMs } = holds(condition) ? condition.rule.clear : condition.rule.raise
    if (condition.reports === 0) condition.since = log.time
    // Counted as far as it matters.
    if (condition.reports < reports) condition.reports++
    if (condition.reports < reports) return false
    const due = condition.since + forMs
    if (log.time >= due) return true
    timers.set(condition.delay, due)
    return false
  }

  function endDelay(condition: Condition): void {
    const { state, evidence = {} } = condition
    if (isSilent(condition)) interrupt(condition)
    else if (isInDoubt(state)) timers.set(condition.delay, log.until + doubtMs)
    else if (holds(condition)) end(condition)
    else begin(condition, evidence)
  }

  function obey(state: DeviceState): void {
    for (const condition of state.conditions) {
      if (state.rules.isOff(condition.rule.code)) clear(condition, 'rule switched off')
    }
  }

  function apply(state: DeviceState, rule: Rule, finding: Finding, flagged: boolean, facts: Facts): void {
    let condition = conditionOf(state, rule.code)
    if (condition === undefined) {
      if (!speaksFor(finding)) return
      condition = add(state, rule)
    }
    // Where a device measures nothing that touches the rule, its flag is all there is, and now it is gone.
    const found = finding === 'nothing' && condition.flagged ? 'good' : finding
    if (found === 'nothing') return
    if (holds(condition)) {
      condition.flagged ||= flagged
      if (found === 'good') {
        if (isConfirmed(condition)) end(condition)
        return
      }
      rest(condition)
      // An outage grows and shrinks while it is one. It is asked about only then, not with every reading.
      if (rule.on === 'outage') lifecycle.revise(condition, { evidence: evidenceOf(rule, facts, flagged) })
      else if (rule.graver !== undefined) lifecycle.escalate(condition, evidenceOf(rule, facts, flagged))
      return
    }
    if (condition.quiet) {
      if (found !== 'good') timers.cancel(condition.calm)
      else if (condition.calm.due === Infinity) timers.set(condition.calm, log.time + calmMs)
    }
    if (speaksFor(found)) {
      condition.flagged = flagged
      condition.evidence = evidenceOf(rule, facts, flagged)
      if (found === 'certain' || isConfirmed(condition)) begin(condition, condition.evidence)
    } else {
      rest(condition)
    }
  }

  return {
    add,
    apply,

    adopt(state, rules) {
      if (rules === state.rules) return
      state.rules = rules
      for (const condition of state.conditions) {
        condition.rule = rules.of(condition.rule.code)
        restart(condition)
      }
    },

    obey,

    disable(state) {
      for (const condition of state.conditions) {
        condition.flagged = false
        timers.cancel(condition.alone)
        lifecycle.clear(condition, 'disabled')
        restart(condition)
      }
    },

    reset(state) {
      for (const condition of state.conditions) restart(condition)
    },

    interrupt(state) {
      for (const condition of state.conditions) interrupt(condition)
    },

    clear(state) {
      for (const { row, closed, delay, alone, forget, shelf, due, calm, tell: telling } of state.conditions) {
        for (const each of [row, closed]) if (each !== undefined) faults.delete(each.fault.id)
        for (const each of [delay, alone, forget, shelf, due, calm, telling]) timers.cancel(each)
      }
      state.conditions = []
    },

    follow(condition) {
      const { row } = condition
      if (row !== undefined && hasUntold(row)) timers.set(condition.tell, row.fault.updatedAt + tellEveryMs)
    },
  }
}

/** Whether there is anything to do for a device about which nothing is under way. */
export function speaksFor(finding: Finding): boolean {
  return finding === 'bad' || finding === 'certain'
}

function hasUntold(row: FaultRow): boolean {
  return raisesOf(row) !== row.fault.occurrences
}

function evidenceOf(rule: Rule, facts: Facts, flagged: boolean): Evidence {
  const evidence: Evidence = {}
  for (const [name, value] of Object.entries(rule.evidence(facts, rule.limits))) {
    if (value !== undefined) evidence[name] = value
  }
  if (flagged) evidence.reportedByDevice = true
  return evidence
}
