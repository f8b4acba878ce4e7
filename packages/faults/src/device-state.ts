// What the engine knows of a device: its registry row, when and how it was heard, its clock, and the conditions
// that are under way. A quiet device has none of these.
import type { Phase } from '@ronda/contracts/device'
import type { FaultRow } from '@ronda/contracts/fault'
import { encodeDevice, rowKeyOf } from './device-row.ts'
import type { Kept } from './effects.ts'
import { type DeviceClock, freshIntervals, newClock } from './honest-time.ts'
import { type LampMemory, newLampMemory } from './lamp-memory.ts'
import type { Evidence, Rule, Subject, SupplyTrouble } from './rules/rule.ts'
import type { RuleSet } from './rules/rulebook.ts'
import type { SkewState } from './skew.ts'
import type { Source } from './sources.ts'
import { type Timer, ranks } from './timers.ts'

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

/** Of the registry's row, and what every reading asks of it. */
interface Registered {
  /** Changed by the registry only, and kept in a row of its own; a place's by what is there. */
  device: Subject
  readonly enabled: boolean
  readonly intervalMs: number
  /** The city's where the device has none of its own. */
  readonly nominalV: number
  readonly nominalPowerW: number | undefined
}

/** Its one timer is set while the device is watched and not lost: it looks then whether the silence is too long. */
export interface DeviceState extends Kept, Timer, Registered, DeviceClock, SkewState, LampMemory {
  readonly id: string
  readonly key: string
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

/** One for all quiet devices. */
const noConditions: readonly Condition[] = []

export interface NewDeviceStateDeps {
  rules: RuleSet
  cityNominalV: number
  /** Its timer's. */
  ring: (state: DeviceState) => void
}

export function newDeviceState(device: Subject, { rules, cityNominalV, ring }: NewDeviceStateDeps): DeviceState {
  return {
    // What every reading touches comes first: it lies together in memory.
    touched: false,
    isSteady: false,
    conditions: noConditions,
    rules,
    ...registered(device, cityNominalV),
    source: undefined,
    seenAt: 0,
    ...newClock(),
    connectedAt: 0,
    connection: 0,
    deadReports: 0,
    lagging: undefined,
    ...newLampMemory(),
    supply: device.kind === 'cabinet' ? newSupply() : undefined,
    due: Infinity,
    armed: Infinity,
    id: device.id,
    key: rowKeyOf(device),
    rank: ranks.presence,
    ring,
    encode: encodeDevice,
    offlineAt: 0,
    lostAt: 0,
    chanceAt: 0,
    deadSince: 0,
    affectedAt: 0,
    uplinkOut: false,
    standing: 'none',
    registration: undefined,
  }
}

/** `cityNominalV`: nominal voltage of the city's mains. */
export function registered(device: Subject, cityNominalV: number): Registered {
  const { enabled, intervalS, nominalVoltageV, nominalPowerW } = device
  return { device, enabled, intervalMs: intervalS * 1_000, nominalV: nominalVoltageV ?? cityNominalV, nominalPowerW }
}

export function newSupply(): Supply {
  return { contactorClosed: undefined, contactorAt: 0, closedAt: 0, poweredAt: 0, phases: {}, groupsOut: [] }
}

export function isSteady({ seenAt, offlineAt, lostAt, due }: DeviceState): boolean {
  return seenAt !== 0 && offlineAt === 0 && lostAt === 0 && due !== Infinity
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
