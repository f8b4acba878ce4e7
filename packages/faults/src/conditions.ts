// From what a rule finds to a raised or cleared fault: counting consecutive reports, waiting for delays, opening
// again what was closed a moment ago. The same for every rule; what a rule finds and how long it has to hold is in
// the table.
import { type Condition, type DeviceState, type FaultIndex, conditionOf, patienceMs } from './device-state.ts'
import type { Outbox } from './effects.ts'
import type { Lifecycle, SystemNote } from './lifecycle.ts'
import type { LogClock } from './log-clock.ts'
import { isVendorCode, vendorCodeOf } from './rules/any-device.ts'
import type { Evidence, Facts, Finding, Rule } from './rules/rule.ts'
import type { RuleSet } from './rules/rulebook.ts'
import { doubtMs } from './sources.ts'
import { type Timer, type Timers, createTimer, type ranks } from './timers.ts'

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
}

export interface Conditions {
  /** The device's condition of a rule, made if there is none. */
  add(state: DeviceState, rule: Rule): Condition
  /** What a rule finds in the facts; `flagged`: the device reports the fault itself. */
  apply(state: DeviceState, rule: Rule, finding: Finding, flagged: boolean, facts: Facts): void
  /** Codes that the device reports and its kind has no rule for, and those that it no longer does. */
  applyVendor(state: DeviceState, flags: readonly string[], facts: Facts): void
  /** Other rules hold from now on: what is under way begins anew. */
  adopt(state: DeviceState, rules: RuleSet): void
  /** Clears what rules have raised that are switched off. */
  obey(state: DeviceState): void
  /** What is under way begins anew. */
  reset(state: DeviceState): void
  /** The device was silent for too long: what was under way begins anew, but for a clear that goes on meanwhile. */
  interrupt(state: DeviceState): void
  /** Forgets all about the device. */
  clear(state: DeviceState): void
}

export function createConditions(deps: ConditionsDeps): Conditions {
  const { log, timers, outbox, lifecycle, faults, isInDoubt, causeOf, onTurn, onAlone } = deps

  function add(state: DeviceState, rule: Rule): Condition {
    const known = conditionOf(state, rule.code)
    if (known !== undefined) return known
    const timer = (rank: keyof typeof ranks, ring: (condition: Condition) => void): Timer =>
      createTimer(rank, `${state.id} ${rule.code}`, () => {
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
      delay: timer('delay', endDelay),
      alone: timer('alone', onAlone),
      forget: timer('forget', forget),
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
    if (condition.row !== undefined || condition.closed !== undefined) return
    const { state } = condition
    state.conditions = state.conditions.filter((each) => each !== condition)
  }

  /** Silence; a delay that goes on across it ends with the next report. */
  function interrupt(condition: Condition): void {
    if (!isActive(condition) || condition.rule.clearsAcrossSilence !== true) rest(condition)
  }

  function forget(condition: Condition): void {
    if (condition.closed !== undefined) faults.delete(condition.closed.fault.id)
    condition.closed = undefined
    if (condition.reports === 0) rest(condition)
  }

  function isActive({ row }: Condition): boolean {
    return row !== undefined && row.fault.active
  }

  function raise(condition: Condition, evidence: Evidence): void {
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

  /** One more report in the direction of the change; true when that is enough. */
  function isConfirmed(condition: Condition): boolean {
    const { reports, forMs } = isActive(condition) ? condition.rule.clear : condition.rule.raise
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
    // What a device said long ago holds only while it goes on saying something.
    if (log.time - state.seenAt > patienceMs(state)) interrupt(condition)
    else if (isInDoubt(state)) timers.set(condition.delay, log.until + doubtMs)
    else if (isActive(condition)) clear(condition)
    else raise(condition, evidence)
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
    if (isActive(condition)) {
      condition.flagged ||= flagged
      if (found === 'good') {
        if (isConfirmed(condition)) clear(condition)
        return
      }
      rest(condition)
      // An outage grows and shrinks while it is one. It is asked about only then, not with every reading.
      if (rule.on === 'outage') lifecycle.revise(condition, { evidence: evidenceOf(rule, facts, flagged) })
      else if (rule.graver !== undefined) lifecycle.escalate(condition, evidenceOf(rule, facts, flagged))
    } else if (speaksFor(found)) {
      condition.flagged = flagged
      condition.evidence = evidenceOf(rule, facts, flagged)
      if (found === 'certain' || isConfirmed(condition)) raise(condition, condition.evidence)
    } else {
      rest(condition)
    }
  }

  return {
    add,
    apply,

    applyVendor(state, flags, facts) {
      const { rules } = state
      const codes = new Set(flags.filter((flag) => !rules.has(flag)).map(vendorCodeOf))
      for (const { rule } of state.conditions) {
        if (isVendorCode(rule.code) && !codes.has(rule.code)) apply(state, rule, 'nothing', false, facts)
      }
      for (const code of codes) {
        const known = conditionOf(state, code)
        if (rules.isOff(code) || (known === undefined && vendorFaults(state) >= mostVendorFaults)) continue
        const rule = known?.rule ?? rules.of(code)
        apply(state, rule, rule.flag ?? 'certain', true, facts)
      }
    },

    adopt(state, rules) {
      if (rules === state.rules) return
      state.rules = rules
      for (const condition of state.conditions) {
        condition.rule = rules.of(condition.rule.code)
        rest(condition)
      }
      obey(state)
    },

    obey,

    reset(state) {
      for (const condition of state.conditions) rest(condition)
    },

    interrupt(state) {
      for (const condition of state.conditions) interrupt(condition)
    },

    clear(state) {
      for (const { row, closed, delay, alone, forget } of state.conditions) {
        for (const each of [row, closed]) if (each !== undefined) faults.delete(each.fault.id)
        timers.cancel(delay)
        timers.cancel(alone)
        timers.cancel(forget)
      }
      state.conditions = []
    },
  }
}

/** A device may invent codes without end; more than so many at once are not listened to. */
export const mostVendorFaults = 16

function vendorFaults({ conditions }: DeviceState): number {
  return conditions.filter(({ rule }) => isVendorCode(rule.code)).length
}

/** Whether there is anything to do for a device about which nothing is under way. */
export function speaksFor(finding: Finding): boolean {
  return finding === 'bad' || finding === 'certain'
}

function evidenceOf(rule: Rule, facts: Facts, flagged: boolean): Evidence {
  const evidence: Evidence = {}
  for (const [name, value] of Object.entries(rule.evidence(facts, rule.limits))) {
    if (value !== undefined) evidence[name] = value
  }
  if (flagged) evidence.reportedByDevice = true
  return evidence
}
