// What the engine knows of a device: its registry row, when and how it was heard, its clock, and the conditions
// that are under way. A quiet device has no conditions, and its row is six values.
import type { Phase } from '@ronda/contracts/device'
import type { FaultRow } from '@ronda/contracts/fault'
import type { Kept } from './effects.ts'
import { type DeviceClock, type WrongClock, freshIntervals, newClock } from './honest-time.ts'
import { type LampMemory, newLampMemory } from './lamp-memory.ts'
import type { Evidence, Rule, Subject, SupplyTrouble } from './rules/rule.ts'
import type { RuleSet } from './rules/rulebook.ts'
import type { SkewState } from './skew.ts'
import type { Source } from './sources.ts'
import type { Timer } from './timers.ts'

/** A rule's business with a device: a fault that is open, or one that is under way. */
export interface Condition {
  readonly state: DeviceState
  /** As it holds for the device now. */
  rule: Rule
  /** Its open fault; a device has one of a code at most. */
  row: FaultRow | undefined
  /** Its last fault while that may be opened again, or is suppressed. */
  closed: FaultRow | undefined
  /** Consecutive reports towards raising the fault or, while it is active, towards clearing it. */
  reports: number
  /** Log time of the first of them. */
  since: number
  /** What the newest report towards raising it had to show. */
  evidence: Evidence | undefined
  /** The device itself reported it. */
  flagged: boolean
  /** Of a fault that is held as chattering: it is good at the moment. */
  quiet: boolean
  /** ms UTC until which an operator has shelved this code of this device; 0: not shelved. */
  shelvedUntil: number
  /** Ends the time for which the condition has to hold. */
  readonly delay: Timer
  /** Shows a consequence on its own if it outlives its cause. */
  readonly alone: Timer
  /** Ends the time in which a closed fault may be opened again. */
  readonly forget: Timer
  /** Takes it off its shelf. */
  readonly shelf: Timer
  /** The fault's next due time. */
  readonly due: Timer
  /** Ends a chattering that has been quiet for long enough. */
  readonly calm: Timer
  /** Tells how often a chattering one was raised. */
  readonly tell: Timer
}

/** Conditions by the id of their open fault, or of the closed one that may be opened again. */
export type FaultIndex = Map<string, Condition>

export interface PhaseState extends Record<SupplyTrouble, boolean> {
  /** For a dead one: the voltage (V) that it was found dead with, and how many reports it has been back. */
  deadV: number
  back: number
}

/** What a cabinet has told of the supply behind it. Plain data. */
export interface Supply {
  /** undefined: not known, because it never said or cannot be heard. */
  contactorClosed: boolean | undefined
  /** Log time of the last word on it; 0: never. */
  contactorAt: number
  /** When it was last seen to close; 0: never. */
  closedAt: number
  /** When voltage last came back; 0: never. */
  poweredAt: number
  /** Every phase that the cabinet has reported. */
  phases: Partial<Record<Phase, PhaseState>>
  /** Circuits and phases whose lamps are gone, sorted. */
  groupsOut: string[]
}

export interface DeviceState extends Kept, DeviceClock, SkewState, LampMemory {
  readonly id: string
  /** Changed by the registry only, and kept in a row of its own; a place's by what is there. */
  device: Subject
  /** Of the registry's row, for every reading. */
  enabled: boolean
  intervalMs: number
  /** The registry's row once it has changed: see `registrationOf`. */
  registration: Kept | undefined
  rules: RuleSet

  /** Log time of its last sign of life; 0: never. */
  seenAt: number
  /** Watched, connected as far as is known, and not lost: hearing it once more changes nothing. */
  isSteady: boolean
  /** Through which it was last heard. */
  source: Source | undefined
  /** The newest connection that it was heard through: when it was made, and its number. */
  connectedAt: number
  connection: number
  /** When its connection broke; 0: not, or it is back. */
  offlineAt: number
  /** Since when nobody hears it though somebody should; 0: heard. */
  lostAt: number
  /** From when on it was given time to report; 0: from its last sign of life on. */
  chanceAt: number
  /** Set while the device is watched and not lost. */
  readonly presence: Timer

  /** Consecutive reports of a lamp without voltage, counted as far as it matters, and the first one's log time. */
  deadReports: number
  deadSince: number
  /** Since when a lamp has counted as being without supply; 0: it does not. */
  affectedAt: number
  /** Of cabinets only. */
  readonly supply: Supply | undefined
  /** Of gateways, sites and districts: too many of the devices behind it are silent. */
  uplinkOut: boolean
  /** How it counts for its uplinks; follows from the rest. */
  standing: Standing
  /** Few, by code: those of open faults and of what is under way. Replaced, never changed. */
  conditions: readonly Condition[]
}

/**
 * How a device counts for its uplinks: not at all (not watched, dark as it should be, silent for a measured reason),
 * as heard, or as silent; `Unless day`: its contactor is not known, so by day it does not count.
 */
export type Standing = 'none' | 'heard' | 'silent' | 'heardUnlessDay' | 'silentUnlessDay'

export const registryRows = 'registry/'
export const deviceRows = 'device/'
/** Of sites and districts. */
export const placeRows = 'place/'

/** Optional values of a row; absent where they are as in a new state. */
interface More {
  clock?: { skewMs: number; suspect?: NonNullable<WrongClock['suspect']> }
  lagging?: NonNullable<SkewState['lagging']>
  tiltDeg?: number
  switchCount?: number
  dark?: true
  switchedAt?: readonly number[]
  offlineAt?: number
  lostAt?: number
  chanceAt?: number
  dead?: { reports: number; since: number }
  affectedAt?: number
  uplinkOut?: true
  supply?: Omit<Supply, 'contactorClosed'> & { contactorClosed?: boolean }
  /** By the rule's code. */
  conditions?: Record<string, ConditionRow>
}

interface ConditionRow {
  reports: number
  since: number
  flagged: boolean
  quiet?: true
  shelvedUntil?: number
  evidence?: Evidence
  /** Only while it may be opened again or is suppressed: until then the fault's row is nowhere else at hand. */
  closed?: FaultRow
  delayDue?: number
  aloneDue?: number
  calmDue?: number
}

/** seenAt, source ('' for none), session's connectedAt and number, newestTs, due time of presence, and the rest. */
export type DeviceRow = [number, string, number, number, number | null, number | null, More?]

/** One for all quiet devices. */
const noConditions: readonly Condition[] = []

export function newDeviceState(device: Subject, rules: RuleSet, presence: Timer): DeviceState {
  const state: DeviceState = {
    // What every reading touches comes first: it lies together in memory.
    touched: false,
    enabled: device.enabled,
    isSteady: false,
    intervalMs: device.intervalS * 1_000,
    conditions: noConditions,
    rules,
    source: undefined,
    seenAt: 0,
    ...newClock(),
    connectedAt: 0,
    connection: 0,
    deadReports: 0,
    supply: device.kind === 'cabinet' ? newSupply() : undefined,
    device,
    id: device.id,
    key: rowKeyOf(device),
    presence,
    offlineAt: 0,
    lostAt: 0,
    chanceAt: 0,
    deadSince: 0,
    affectedAt: 0,
    lagging: undefined,
    skewMs: undefined,
    ...newLampMemory(),
    uplinkOut: false,
    standing: 'none',
    registration: undefined,
    encode: () => encodeDevice(state),
  }
  return state
}

function rowKeyOf({ kind, id }: Subject): string {
  return kind === 'site' || kind === 'district' ? `${placeRows}${kind}:${id}` : deviceRows + id
}

/** The row of the registry's own values; made when it is first needed, since most devices never change. */
export function registrationOf(state: DeviceState): Kept {
  return (state.registration ??= {
    key: registryRows + state.id,
    touched: false,
    encode: () => withoutUndefined(state.device),
  })
}

export function newSupply(): Supply {
  return { contactorClosed: undefined, contactorAt: 0, closedAt: 0, poweredAt: 0, phases: {}, groupsOut: [] }
}

export function isSteady({ seenAt, offlineAt, lostAt, presence }: DeviceState): boolean {
  return seenAt !== 0 && offlineAt === 0 && lostAt === 0 && presence.due !== Infinity
}

/** ms after which a reading is old and a device silent. */
export function patienceMs({ intervalMs }: DeviceState): number {
  return freshIntervals * intervalMs
}

/** Whether it is missed when it is silent: it was heard once, or known to be connected. */
export function isWatched({ enabled, seenAt, chanceAt }: DeviceState): boolean {
  return enabled && (seenAt !== 0 || chanceAt !== 0)
}

export function conditionOf(state: DeviceState, code: string): Condition | undefined {
  for (const condition of state.conditions) if (condition.rule.code === code) return condition
  return undefined
}

function withoutUndefined(device: Subject): Record<string, unknown> {
  return Object.fromEntries(Object.entries(device).filter(([, value]) => value !== undefined))
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

function encodeDevice(state: DeviceState): DeviceRow {
  const { seenAt, source, connectedAt, connection, newestTs, presence } = state
  const row: DeviceRow = [seenAt, source?.name ?? '', connectedAt, connection, finite(newestTs), finite(presence.due)]
  if (!isPlain(state)) row.push(encodeMore(state))
  return row
}

function isPlain(state: DeviceState): boolean {
  return (
    state.wrong === undefined &&
    state.lagging === undefined &&
    state.firstTiltDeg === undefined &&
    state.switchCount === undefined &&
    !state.isDark &&
    state.switchedAt.length === 0 &&
    state.offlineAt === 0 &&
    state.lostAt === 0 &&
    state.chanceAt === 0 &&
    state.deadReports === 0 &&
    state.affectedAt === 0 &&
    !state.uplinkOut &&
    state.supply === undefined &&
    state.conditions.length === 0
  )
}

function encodeMore(state: DeviceState): More {
  const { wrong, offlineAt, lostAt, chanceAt, deadReports, deadSince, affectedAt, supply } = state
  const more: More = {}
  if (wrong !== undefined) {
    const { skewMs, suspect } = wrong
    more.clock = suspect === undefined ? { skewMs } : { skewMs, suspect }
  }
  if (state.lagging !== undefined) more.lagging = state.lagging
  if (state.firstTiltDeg !== undefined) more.tiltDeg = state.firstTiltDeg
  if (state.switchCount !== undefined) more.switchCount = state.switchCount
  if (state.isDark) more.dark = true
  if (state.switchedAt.length > 0) more.switchedAt = state.switchedAt
  if (offlineAt !== 0) more.offlineAt = offlineAt
  if (lostAt !== 0) more.lostAt = lostAt
  if (chanceAt !== 0) more.chanceAt = chanceAt
  if (deadReports !== 0) more.dead = { reports: deadReports, since: deadSince }
  if (affectedAt !== 0) more.affectedAt = affectedAt
  if (state.uplinkOut) more.uplinkOut = true
  if (supply !== undefined) more.supply = encodeSupply(supply)
  const conditions: Record<string, ConditionRow> = {}
  for (const condition of state.conditions) {
    const row = encodeCondition(condition)
    if (row !== undefined) conditions[condition.rule.code] = row
  }
  if (Object.keys(conditions).length > 0) more.conditions = conditions
  return more
}

function encodeSupply({ contactorClosed, phases, groupsOut, ...times }: Supply): NonNullable<More['supply']> {
  return {
    ...times,
    ...(contactorClosed === undefined ? {} : { contactorClosed }),
    phases: Object.fromEntries(Object.entries(phases).map(([phase, state]) => [phase, { ...state }])),
    groupsOut: [...groupsOut],
  }
}

function encodeCondition(condition: Condition): ConditionRow | undefined {
  const { reports, since, flagged, quiet, shelvedUntil, evidence, closed, delay, alone, calm } = condition
  const isPlainCondition = reports === 0 && !flagged && !quiet && shelvedUntil === 0
  if (isPlainCondition && closed === undefined && alone.due === Infinity) return undefined
  return {
    reports,
    since,
    flagged,
    ...(quiet ? { quiet } : {}),
    ...(shelvedUntil === 0 ? {} : { shelvedUntil }),
    ...(evidence === undefined ? {} : { evidence }),
    ...(closed === undefined ? {} : { closed }),
    ...(delay.due === Infinity ? {} : { delayDue: delay.due }),
    ...(alone.due === Infinity ? {} : { aloneDue: alone.due }),
    ...(calm.due === Infinity ? {} : { calmDue: calm.due }),
  }
}

export interface DecodeDeps {
  sourceOf: (name: string) => Source
  setTimer: (timer: Timer, due: number) => void
  addCondition: (state: DeviceState, code: string) => Condition
}

/** Puts a row into a new state of its device. */
export function decodeDevice(
  state: DeviceState,
  row: DeviceRow,
  { sourceOf, setTimer, addCondition }: DecodeDeps,
): void {
  const [seenAt, source, connectedAt, connection, newestTs, presenceDue, more = {}] = row
  state.seenAt = seenAt
  if (source !== '') state.source = sourceOf(source)
  state.connectedAt = connectedAt
  state.connection = connection
  state.newestTs = newestTs ?? -Infinity
  if (presenceDue !== null) setTimer(state.presence, presenceDue)
  const { clock, supply, conditions = {} } = more
  if (clock !== undefined) state.wrong = { skewMs: clock.skewMs, suspect: clock.suspect }
  state.lagging = more.lagging
  state.firstTiltDeg = more.tiltDeg
  state.switchCount = more.switchCount
  state.isDark = more.dark ?? false
  if (more.switchedAt !== undefined) state.switchedAt = more.switchedAt
  state.offlineAt = more.offlineAt ?? 0
  state.lostAt = more.lostAt ?? 0
  state.chanceAt = more.chanceAt ?? 0
  state.deadReports = more.dead?.reports ?? 0
  state.deadSince = more.dead?.since ?? 0
  state.affectedAt = more.affectedAt ?? 0
  state.uplinkOut = more.uplinkOut ?? false
  state.isSteady = isSteady(state)
  if (supply !== undefined && state.supply !== undefined) Object.assign(state.supply, structuredClone(supply))
  for (const [code, { delayDue, aloneDue, calmDue, ...known }] of Object.entries(conditions)) {
    const condition = addCondition(state, code)
    Object.assign(condition, known)
    if (delayDue !== undefined) setTimer(condition.delay, delayDue)
    if (aloneDue !== undefined) setTimer(condition.alone, aloneDue)
    if (calmDue !== undefined) setTimer(condition.calm, calmDue)
    if (known.shelvedUntil !== undefined) setTimer(condition.shelf, known.shelvedUntil)
  }
}
