// What a rule is: an entry of the table. Data says whose fault it is, how grave, how often or how long the
// condition must hold; small predicates say what a report means for it. Rules know nothing of time, counting,
// blindness or other faults: the engine does that alike for all of them.
import type { Device, Phase } from '@ronda/contracts/device'
import type { Fault, Severity } from '@ronda/contracts/fault'
import type { FieldValue } from '@ronda/contracts/fields'
import type { telemetryFields } from '@ronda/contracts/telemetry'
import type { DeviceKind } from '@ronda/contracts/topics'
import type { SunPhase } from '../sun.ts'

/**
 * What is found about a rule:
 * `certain` raises at once; `bad` and `good` are the conditions to raise and to clear; `between` is neither of
 * them (dead band, twilight, expected to be so); `nothing`: what was said does not touch the rule.
 */
export type Finding = 'certain' | 'bad' | 'good' | 'between' | 'nothing'

/**
 * When a rule is asked: `report` for every live reading, `presence` when a device is lost or heard again,
 * `outage` when the supply behind a cabinet goes or comes.
 */
export type Occasion = 'report' | 'presence' | 'outage'

/** How supply can fail what is behind a cabinet: be gone, or be too low. */
export type SupplyTrouble = 'out' | 'low'

type Keys<T> = T extends unknown ? keyof T : never
export type FieldName = Keys<(typeof telemetryFields)[DeviceKind]>

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

/** What a rule may look at. */
export interface Facts {
  readonly device: Device
  /** Nominal mains voltage of the device. */
  readonly nominalV: number
  /** The reading; without fields on other occasions than a report. */
  readonly fields: ReportedFields
  /** When the reading was measured. */
  readonly sun: SunPhase
  /** The device is behind an open contactor: dark, as it should be. */
  readonly supplyOff: boolean
  readonly loss: Loss | undefined
  readonly outage: Outage | undefined
}

export type Evidence = Fault['evidence']
export type Text = Fault['message']
export type Limits = Readonly<Record<string, number>>

/** How often in a row, and then for how long, a condition must hold before it counts. */
export interface Confirmation {
  reports: number
  /** ms since the first of them. */
  forMs: number
}

export interface Rule<L extends Limits = Limits> {
  readonly code: string
  readonly kinds: readonly DeviceKind[]
  readonly severity: Severity
  readonly on: Occasion
  readonly raise: Confirmation
  readonly clear: Confirmation
  /** Thresholds by name. */
  readonly limits: L
  /** Codes of the supplying cabinet's faults that explain this one, the gravest first. */
  readonly causedBy?: readonly string[]
  /** What this fault of a cabinet explains: whatever has this trouble with its supply behind it. */
  readonly explains?: SupplyTrouble
  find(facts: Facts, limits: L): Finding
  /** The values that speak for the fault; undefined ones are left out. */
  evidence(facts: Facts, limits: L): Readonly<Record<string, FieldValue | undefined>>
  /** What a dispatcher reads; `evidence` may lack any value when the device reported the fault itself. */
  message(evidence: Evidence): Text
}

/** An entry of the table: limits are checked against their own predicates here, and carried with them from here. */
export function defineRule<const L extends Limits>(rule: Rule<L>): Rule {
  const { limits, find, evidence, ...rest } = rule
  // The engine passes a rule the limits of that rule only, possibly with other values under the same names.
  return {
    ...rest,
    limits,
    find: (facts, given) => find(facts, given as L),
    evidence: (facts, given) => evidence(facts, given as L),
  }
}

export const once: Confirmation = { reports: 1, forMs: 0 }

export function times(reports: number): Confirmation {
  return { reports, forMs: 0 }
}

export function minutes(count: number): Confirmation {
  return { reports: 1, forMs: count * 60_000 }
}

export function seconds(count: number): Confirmation {
  return { reports: 1, forMs: count * 1_000 }
}

export function asNumber(value: FieldValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined
}
