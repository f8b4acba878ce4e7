// A fault as control rooms see it, and the events that change it. The detector is the only writer.
import { z } from 'zod'
import { DeviceKind } from './topics.ts'

export const severities = ['critical', 'major', 'minor', 'warning'] as const
export const Severity = z.enum(severities)
export type Severity = z.infer<typeof Severity>

export const FaultCode = z.string().regex(/^([a-z][a-z0-9_]*|vendor:[\w.:-]+)$/)

/** ms UTC. */
const instant = z.int().min(0)

export const Fault = z.object({
  /** `deviceUid.code.raisedAt`, the last in base 36. */
  id: z.string(),
  uid: z.string(),
  /** Grows by one with every event of this fault. */
  revision: z.int().min(1),
  code: FaultCode,
  severity: Severity,
  deviceId: z.string(),
  kind: DeviceKind,
  district: z.string(),
  agency: z.string().optional(),
  /** The device's name. */
  name: z.string(),
  latitude: z.number(),
  longitude: z.number(),
  /** The condition holds now. */
  active: z.boolean(),
  acknowledged: z.boolean(),
  shelvedUntil: instant.optional(),
  /** Closed: cleared and acknowledged, or closed by an operator. */
  closedAt: instant.optional(),
  raisedAt: instant,
  updatedAt: instant,
  clearedAt: instant.optional(),
  dueAt: z.object({ response: instant, repair: instant }).optional(),
  overdue: z.boolean(),
  acknowledgedBy: z.string().optional(),
  assignee: z.string().optional(),
  /** The fault that caused this one. */
  parentId: z.string().optional(),
  /** How many open faults this one caused. */
  children: z.int().min(0),
  /** How often it was raised since it was opened. */
  occurrences: z.int().min(1),
  /** The values that raised it, or for an outage the newest, with their units in the names. */
  evidence: z.record(z.string(), z.union([z.number(), z.boolean(), z.string()])),
  message: z.object({ en: z.string(), id: z.string() }),
})
export type Fault = z.infer<typeof Fault>

export const faultEventNames = [
  'raised',
  'updated',
  'acknowledged',
  'assigned',
  'shelved',
  'unshelved',
  'commented',
  'cleared',
  'closed',
  'overdue',
] as const
export const FaultEventName = z.enum(faultEventNames)
export type FaultEventName = z.infer<typeof FaultEventName>

/** One step of a fault's life: who, when and why. */
export const TrailEntry = z.object({
  /** ms UTC of the log. */
  at: instant,
  event: FaultEventName,
  /** An operator's name; absent when the system did it. */
  by: z.string().optional(),
  note: z.string().optional(),
})
export type TrailEntry = z.infer<typeof TrailEntry>

/** A row of the buckets `faults` and `fault-archive`. */
export interface FaultRow {
  fault: Fault
  trail: TrailEntry[]
}

/** Where in which stream something came from, strictly increasing: two events of one position differ in n. */
export interface SourcePosition {
  epoch: string
  position: number
  n: number
}

/** Whether an event comes after the newest that was seen: a restarted detector may say some again. */
export function isNews(seen: SourcePosition | undefined, { epoch, position, n }: SourcePosition): boolean {
  if (seen === undefined || seen.epoch !== epoch) return true
  return position > seen.position || (position === seen.position && n > seen.n)
}

/** A record of the `faults` stream. */
export interface FaultEvent {
  v: 1
  source: SourcePosition
  event: FaultEventName
  /** As it is after the event. */
  fault: Fault
  entry: TrailEntry
  /** What filters saw before the event, where the event changed it. */
  before?: FilterAttributes
}

export type FilterAttributes = Pick<Fault, 'district' | 'kind' | 'severity' | 'agency'>

/** Which faults someone wants to see; an empty list admits all. */
export const FaultFilter = z.object({
  districts: z.array(z.string().max(64)).max(256).default([]),
  kinds: z.array(DeviceKind).max(16).default([]),
  severities: z.array(Severity).max(8).default([]),
  agencies: z.array(z.string().max(64)).max(64).default([]),
})
export type FaultFilter = z.infer<typeof FaultFilter>

function admits(allowed: readonly string[], value: string | undefined): boolean {
  return allowed.length === 0 || (value !== undefined && allowed.includes(value))
}

export function matchesFilter(filter: FaultFilter, fault: FilterAttributes): boolean {
  return (
    admits(filter.districts, fault.district) &&
    admits(filter.kinds, fault.kind) &&
    admits(filter.severities, fault.severity) &&
    admits(filter.agencies, fault.agency)
  )
}
