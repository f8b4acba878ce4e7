// What a rule is: an entry of the table. Data says whose fault it is, how grave, how often or how long the
// condition must hold; small predicates say what a report means for it. Rules know nothing of time, counting,
// blindness or other faults: the engine does that alike for all of them.
import type { Device, Phase } from '@ronda/contracts/device'
import { type Fault, type FaultKind, type Severity, severities } from '@ronda/contracts/fault'
import type { FieldValue } from '@ronda/contracts/fields'
import type { FieldsOf } from '@ronda/contracts/device-kinds'
import type { DeviceKind } from '@ronda/contracts/topics'
import type { SunPhase } from '../sun.ts'
import { type LimitScales, type LimitValues, valuesOf } from './limits.ts'

/**
 * What is found about a rule:
 * `certain` raises at once; `bad` and `good` are the conditions to raise and to clear; `between` is neither of
 * them (dead band, twilight, expected to be so); `nothing`: what was said does not touch the rule.
 */
export type Finding = 'certain' | 'bad' | 'good' | 'between' | 'nothing'

/**
 * When a rule is asked: `report` for every live reading, `message` once for a message that tells its time, `presence`
 * when a device is lost or heard again, `outage` when the supply behind a cabinet goes or comes, or the touch with what
 * is behind an uplink.
 */
export type Occasion = 'report' | 'message' | 'presence' | 'outage'

/** How supply can fail what is behind a cabinet: be gone, be too low, or too high. */
export type SupplyTrouble = 'out' | 'low' | 'high'

/** What a fault of what others are behind explains of them: a trouble with their supply, or that nobody hears them. */
export type Explanation = SupplyTrouble | 'silence'

/** What has faults: a device, or a site or district as if it were one. */
export type Subject = Omit<Device, 'kind'> & { readonly kind: FaultKind }

type Keys<T> = T extends unknown ? keyof T : never
export type FieldName = Keys<FieldsOf<DeviceKind>>

export type ReportedFields = Readonly<Partial<Record<FieldName, FieldValue>>>

/** A device that nobody can hear. */
export interface Loss {
  /** Its connection broke and did not come back; otherwise it fell silent. */
  offline: boolean
  /** ms for which nothing was heard. */
  forMs: number
}

/** Supply that is gone behind a cabinet. */
export interface Outage {
  /** Phases without voltage at the cabinet, and the voltage that they were found dead with. */
  phases: readonly { name: Phase; voltageV: number }[]
  /** A circuit or phase whose lamps are gone. */
  group?: { part: 'circuit' | 'phase'; name: string; affected: number; lamps: number }
}

/** Devices behind an uplink that is out. */
export interface UplinkLoss {
  /** How many are silent, of those that ought to be heard. */
  affected: number
  devices: number
}

/** What a rule may look at. */
export interface Facts {
  /** Nominal mains voltage of the device. */
  readonly nominalV: number
  /** W; undefined where the registry has none. */
  readonly nominalPowerW: number | undefined
  /** The reading; without fields on other occasions than a report. */
  readonly fields: ReportedFields
  /** When the reading was measured. */
  readonly sun: SunPhase
  /** The device is behind an open contactor: dark, as it should be. */
  readonly supplyOff: boolean
  /** ms by which our clock is ahead of the device's; NaN while its times come in no order, undefined: not told. */
  readonly skewMs: number | undefined
  /** How often a lamp went on or off within the last hour though nobody told it to. */
  readonly switchings: number
  /** Degrees by which a column leans from where it stood first; undefined where nobody knows that. */
  readonly leaningDeg: number | undefined
  readonly loss: Loss | undefined
  readonly outage: Outage | undefined
  /** A maintenance window covers the device now. */
  readonly inMaintenance: boolean
  readonly uplink: UplinkLoss | undefined
}

export type Evidence = Fault['evidence']
export type Text = Fault['message']
export type Limits = Readonly<Record<string, number>>

/** A field of the device's readings with a limit in its unit; without one where it is not known, or is no number. */
export interface Measured {
  readonly field: FieldName
  readonly limit?: number | undefined
}

/** How often in a row, and then for how long, a condition must hold before it counts. */
export interface Confirmation {
  readonly reports: number
  /** ms since the first of them. */
  readonly forMs: number
}

export interface Rule {
  readonly code: string
  readonly kinds: readonly FaultKind[]
  readonly severity: Severity
  readonly on: Occasion
  readonly raise: Confirmation
  readonly clear: Confirmation
  /** The delay of the clear goes on while the device is silent; the next report ends it. */
  readonly clearsAcrossSilence?: true
  /** What the device's own word for it is worth; `certain` unless stated. */
  readonly flag?: 'bad'
  /** No measurement says anything of it: only the device itself can know. */
  readonly isFlagOnly?: true
  /** Thresholds by name, as they hold. */
  readonly limits: Limits
  /** What they mean, and within which ranges they may be changed. */
  readonly scales: LimitScales
  /** Pairs of limits of which the first is never above the second. */
  readonly ordered: readonly (readonly [lower: string, upper: string])[]
  /** Codes of faults of what the device is behind, or of itself, that explain this one; the nearest cause first. */
  readonly causedBy?: readonly string[]
  /** What this fault explains of whatever is behind its device. */
  readonly explains?: Explanation
  /** The fault is at least so grave when its evidence says so; while it is active it becomes graver, never less. */
  readonly graver?: { readonly severity: Severity; when(evidence: Evidence, limits: Limits): boolean }
  /** For operators: what raises, holds and clears it; `{name}` stands for a limit. */
  readonly about: Text
  /** What to do first. */
  readonly hint: Text
  find(facts: Facts, limits: Limits): Finding
  /** The values that speak for the fault; undefined ones are left out. */
  evidence(facts: Facts, limits: Limits): Readonly<Record<string, FieldValue | undefined>>
  /** Which readings speak for a fault with this evidence, and what each is held against: for charts beside it. */
  measures?(evidence: Evidence, limits: Limits): readonly Measured[]
  /** What a dispatcher reads; `evidence` may lack any value when the device reported the fault itself. */
  message(evidence: Evidence): Text
}

/** A rule as its entry of the table states it: predicates know its limits by their names. */
interface Entry<S extends LimitScales>
  extends Omit<Rule, 'limits' | 'scales' | 'ordered' | 'find' | 'evidence' | 'measures' | 'graver'> {
  readonly limits: S
  readonly ordered?: readonly (readonly [lower: keyof S & string, upper: keyof S & string])[]
  readonly graver?: { readonly severity: Severity; when(evidence: Evidence, limits: LimitValues<S>): boolean }
  find(facts: Facts, limits: LimitValues<S>): Finding
  evidence(facts: Facts, limits: LimitValues<S>): Readonly<Record<string, FieldValue | undefined>>
  measures?(evidence: Evidence, limits: LimitValues<S>): readonly Measured[]
}

/** An entry of the table: limits are checked against their own predicates here, and carried with them from here. */
export function defineRule<const S extends LimitScales>(entry: Entry<S>): Rule {
  const { limits, ordered = [], ...rest } = entry
  // The engine passes a rule the limits of that rule only, possibly with other values under the same names. Predicates
  // are taken as they are, not wrapped: they are asked for every reading.
  return { ...rest, limits: valuesOf(limits), scales: limits, ordered }
}

type FlagEntry = Pick<Rule, 'code' | 'kinds' | 'severity' | 'about' | 'hint'> &
  Partial<Pick<Rule, 'raise' | 'clear'>> & { readonly title: Text }

/** A fault that only the device itself can know of. */
export function defineFlag({ title, raise = once, clear = times(2), ...entry }: FlagEntry): Rule {
  return defineRule({
    ...entry,
    on: 'report',
    flag: 'bad',
    isFlagOnly: true,
    raise,
    clear,
    limits: {},
    find: () => 'nothing',
    evidence: () => ({}),
    message: () => title,
  })
}

/** It is asked again and again, with what devices say; rules of the other occasions only when something changes. */
export function hearsReports({ on }: Rule): boolean {
  return on === 'report' || on === 'message'
}

export function isGraver(one: Severity, other: Severity): boolean {
  return severities.indexOf(one) < severities.indexOf(other)
}

/** How grave a fault of a rule is, by what it shows. */
export function severityOf({ severity, graver, limits }: Rule, evidence: Evidence): Severity {
  return graver?.when(evidence, limits) === true && isGraver(graver.severity, severity) ? graver.severity : severity
}

export const once: Confirmation = { reports: 1, forMs: 0 }

export function times(reports: number): Confirmation {
  return { reports, forMs: 0 }
}

export function minutes(count: number): Confirmation {
  return { reports: 1, forMs: count * 60_000 }
}

export function hours(count: number): Confirmation {
  return minutes(60 * count)
}

export function seconds(count: number): Confirmation {
  return { reports: 1, forMs: count * 1_000 }
}

/** A share of a value of the evidence; undefined where that is not told. */
export function shareOf(whole: FieldValue | undefined, share: number): number | undefined {
  return typeof whole === 'number' ? share * whole : undefined
}

export function asNumber(value: FieldValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined
}
