// The fault engine: inputs in log order go in, fault events and changed rows come out. It has no clock, does
// no I/O and knows no randomness: the same inputs give the same faults, whenever and however often. Called by the
// detector alone. What one take of effects holds is to be written as one, since devices are judged by each other; the
// rest may lag. Where only events were written, the older rows give the same events at the same source positions
// again; where only the cursor was not, inputs that the written rows have seen are passed over.
import type { CityProfile } from '@ronda/contracts/city'
import type { FaultRow } from '@ronda/contracts/fault'
import { createActions } from './actions.ts'
import { createCauses } from './causes.ts'
import { createConditions, speaksFor } from './conditions.ts'
import { createContactors } from './contactors.ts'
import { createDeadlines } from './deadlines.ts'
import { type DeviceState, type FaultIndex, conditionOf, patienceMs } from './device-state.ts'
import { type Effects, type StateRow, createOutbox } from './effects.ts'
import { createFacts } from './facts.ts'
import { forEachLive, newestOf } from './honest-time.ts'
import type { Input, ReadingObject, StatusInput, TelemetryInput } from './input.ts'
import { rememberLamp } from './lamp-memory.ts'
import { createLifecycle } from './lifecycle.ts'
import type { LogClock } from './log-clock.ts'
import { createMaintenance } from './maintenance.ts'
import { createOutages, limitsOf } from './outages.ts'
import { createPlaces } from './places.ts'
import { createPresence } from './presence.ts'
import { createRegistry } from './registry.ts'
import { engineRow, restoreState } from './restore.ts'
import type { Occasion, ReportedFields } from './rules/rule.ts'
import { type Rulebook, createRulebook } from './rules/rulebook.ts'
import { createShelving } from './shelving.ts'
import { readSkew, rightWithinMs } from './skew.ts'
import { type Blind, createSources } from './sources.ts'
import { createSun } from './sun.ts'
import { createTargets } from './targets.ts'
import { createTimers } from './timers.ts'
import { createUplinks } from './uplinks.ts'
import { createUpstream } from './upstream.ts'
import { applyVendorCodes } from './vendor-codes.ts'

export type { Effects, StateRow } from './effects.ts'
export type {
  ActionInput,
  HeartbeatInput,
  Input,
  ReadingObject,
  RegistryInput,
  StatusInput,
  TelemetryInput,
} from './input.ts'
export type { Blind } from './sources.ts'

export interface Engine {
  /** Positions grow; only 0, before the first record, may repeat. */
  step(input: Input): void
  /** Whether anything waits that others should see at once: events or verdicts. */
  readonly hasNews: boolean
  /** Rows that the next effects will hold, about: what it costs to take and write them. */
  readonly changedRows: number
  /** Between steps. */
  takeEffects(): Effects
  /** ms UTC: the newest time of the inputs so far. */
  readonly logTime: number
  /** Sources that are down or not accepting. */
  readonly blind: readonly Blind[]
}

/** What the engine has to know of the city. */
export interface EngineCity extends Pick<CityProfile, 'centre' | 'nominalVoltageV' | 'agencies' | 'rules'> {
  /** Names of its districts by slug; others are called by their slug. */
  districtNames?: Readonly<Record<string, string>>
}

export interface EngineOptions {
  city: EngineCity
  /** Epoch of the log, for the events' source positions. */
  epoch: string
  /** Other rules than the table's with the city's overrides. */
  rulebook?: Rulebook
  /** What `takeEffects` gave before, as it was written last; `faults`: those that are not closed. */
  restore?: { state: Iterable<StateRow>; faults: Iterable<FaultRow> }
}

const noFields: ReportedFields = {}
const noFlags: readonly string[] = []

export function createEngine({ city, epoch, restore, rulebook = createRulebook(city.rules) }: EngineOptions): Engine {
  const log: LogClock = { time: 0, until: 0, position: -1, said: 0 }
  const devices = new Map<string, DeviceState>()
  const faults: FaultIndex = new Map()
  const timers = createTimers()
  const outbox = createOutbox()
  const sun = createSun(city.centre)

  const sources = createSources({ log, timers, outbox })
  const contactors = createContactors({ log, sun, devices })
  const outages = createOutages({
    log,
    outbox,
    devices,
    contactors,
    limits: limitsOf({ rules: rulebook.of({ kind: 'cabinet' }) }),
    onChange(cabinet) {
      judge(cabinet, 'outage', noFields, noFlags, log.time)
      causes.reconcile(cabinet)
    },
    onRecount: (cabinet) => judge(cabinet, 'outage', noFields, noFlags, log.time),
    onExcuse: (cabinet) => uplinks.excuse(cabinet),
  })
  const places = createPlaces({ rulebook, city })
  const uplinks = createUplinks({
    outbox,
    devices,
    contactors,
    outages,
    places,
    onChange: (owner) => judge(owner, 'outage', noFields, noFlags, log.time),
  })
  const presence = createPresence({
    log,
    timers,
    outbox,
    sources,
    contactors,
    onChange(state) {
      // The cause first, so that its consequence finds it.
      uplinks.presence(state)
      outages.presence(state)
      judge(state, 'presence', noFields, noFlags, log.time)
    },
  })
  const maintenance = createMaintenance({
    log,
    timers,
    outbox,
    devices,
    onMove: (windowId) => shelving.moved(windowId, faults.values()),
  })
  const lifecycle = createLifecycle({
    epoch,
    log,
    timers,
    outbox,
    targets: createTargets(city.agencies),
    holdOf: (condition) => shelving.holdOf(condition),
    onStep(condition, before, after) {
      faults.set(after.id, condition)
      causes.track(condition, before, after)
      deadlines.follow(condition)
    },
  })
  const shelving = createShelving({ log, timers, lifecycle, maintenance })
  const deadlines = createDeadlines({ log, timers, lifecycle })
  const causes = createCauses({
    log,
    timers,
    outbox,
    lifecycle,
    outages,
    upstream: createUpstream({ devices, outages, uplinks }),
    faults,
    blameFrom: presence.blameFrom,
  })
  const conditions = createConditions({
    log,
    timers,
    outbox,
    lifecycle,
    faults,
    isInDoubt: ({ source }) => sources.isInDoubt(source),
    causeOf: causes.causeOf,
    onTurn: causes.turn,
    onAlone: causes.standAlone,
    onShelf: shelving.expire,
    onDue: deadlines.check,
  })
  const registry = createRegistry({
    timers,
    outbox,
    devices,
    rulebook,
    cityNominalV: city.nominalVoltageV,
    lifecycle,
    conditions,
    causes,
    outages,
    uplinks,
    presence,
    onRules: followRules,
  })
  const actions = createActions({ log, timers, outbox, lifecycle, causes, shelving, maintenance, faults })
  const factsOf = createFacts({ log, sun, contactors, presence, outages, uplinks, maintenance })
  const self = engineRow(epoch, log)
  /** Rules may have been switched off since the written state. */
  let isNew = restore !== undefined
  if (restore !== undefined) {
    restoreState(restore, {
      epoch,
      log,
      timers,
      outbox,
      faults,
      sources,
      registry,
      actions,
      conditions,
      causes,
      outages,
      maintenance,
      deadlines,
      uplinks,
      places,
    })
  }
  /** Position of the newest input that the written state has seen. */
  const applied = log.position

  /** What happens with an input: time goes on, what was due happens, then the input itself. */
  function step(input: Input): void {
    if (input.position <= applied) return
    log.position = input.position
    log.said = 0
    outbox.touch(self)
    if (isNew) [...devices.values(), ...places.all()].forEach(followRules)
    isNew = false
    advance(input.receivedAt)
    switch (input.type) {
      case 'telemetry':
        telemetry(input)
        break
      case 'status':
        status(input)
        break
      case 'heartbeat':
        sources.beat(input.source, input.accepting, input.listeningSince)
        break
      case 'action':
        actions.decide(input.action)
        break
      case 'registry':
        registry.apply(input.change)
        break
    }
    outages.settle()
    uplinks.settle()
    causes.settle()
    lifecycle.settle()
    deadlines.settle()
  }

  function advance(until: number): void {
    log.until = Math.max(log.time, until)
    if (timers.next <= until) timers.run(until, passTo)
    passTo(until)
  }

  function passTo(time: number): void {
    if (time > log.time) log.time = time
  }

  function telemetry(input: TelemetryInput): void {
    const { deviceId, source, session, retain, receivedAt, objects } = input
    const state = devices.get(deviceId)
    // A retained message tells how it was at some time, not how it is.
    if (state === undefined || !state.enabled || retain) return
    if (state.conditions.length > 0 && log.time - state.seenAt > patienceMs(state)) conditions.interrupt(state)
    presence.hear(state, sources.of(source), session)
    if (objects.length === 0) return
    const newest = newestOf(objects)
    const isLive = forEachLive(state, input, newest, report)
    const skewMs = readSkew(state, receivedAt, newest)
    // A backlog says nothing of the present.
    if (!isLive && skewMs === undefined) return
    const isRight = Math.abs(skewMs ?? 0) <= rightWithinMs
    const flags = (newest ?? objects[objects.length - 1])?.faults ?? noFlags
    // The usual case: a clock that is right, and nothing under way.
    if (isRight && flags.length === 0 && state.conditions.length === 0) return
    judge(state, 'message', noFields, flags, receivedAt, skewMs)
  }

  function status(input: StatusInput): void {
    const state = devices.get(input.deviceId)
    if (state?.enabled === true) presence.status(state, sources.of(input.source), input)
  }

  function report(state: DeviceState, { fields, faults: flags }: ReadingObject, measuredAt: number): void {
    outages.report(state, fields)
    if (state.rules.kind === 'streetlight') rememberLamp(state, fields, log.time)
    judge(state, 'report', fields, flags, measuredAt)
  }

  /** Other rules hold: what they do not raise any more is cleared, and what is wrong already is found by new ones. */
  function followRules(state: DeviceState): void {
    conditions.obey(state)
    if (!state.enabled) return
    const facts = factsOf(state, noFields, log.time)
    for (const rule of [...state.rules.presence, ...state.rules.outage]) {
      if (conditionOf(state, rule.code) !== undefined) continue
      conditions.apply(state, rule, rule.find(facts, rule.limits), false, facts)
    }
  }

  /** Asks every rule of the occasion; `flags`: codes that the device reports itself. */
  function judge(
    state: DeviceState,
    on: Occasion,
    fields: ReportedFields,
    flags: readonly string[],
    measuredAt: number,
    skewMs?: number,
  ): void {
    const facts = factsOf(state, fields, measuredAt, skewMs)
    const isQuiet = flags.length === 0 && state.conditions.length === 0
    for (const rule of isQuiet && on === 'report' ? state.rules.measured : state.rules[on]) {
      const flagged = flags.length > 0 && flags.includes(rule.code)
      const finding = flagged ? (rule.flag ?? 'certain') : rule.find(facts, rule.limits)
      // Nearly always there is nothing wrong and nothing under way.
      if (state.conditions.length === 0 && !speaksFor(finding)) continue
      conditions.apply(state, rule, finding, flagged, facts)
    }
    if (on === 'report' && (flags.length > 0 || state.conditions.length > 0)) {
      applyVendorCodes(conditions, state, flags, facts)
    }
  }

  return {
    step,
    get hasNews() {
      return outbox.hasNews
    },
    get changedRows() {
      return outbox.changed
    },
    takeEffects: () => outbox.take(),
    get logTime() {
      return log.time
    },
    get blind() {
      return sources.blind()
    },
  }
}
