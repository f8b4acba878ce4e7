// A fault as control rooms see it, and the events that change it. The detector is the only writer.
import { z } from 'zod'
import { deviceKinds } from './device-kinds.ts'

export const severities = ['critical', 'major', 'minor', 'warning'] as const
export const Severity = z.enum(severities)
export type Severity = z.infer<typeof Severity>

/** What a fault is of: a device, or a place whose devices lost touch together. */
export const faultKinds = [...deviceKinds, 'site', 'district'] as const
export const FaultKind = z.enum(faultKinds)
export type FaultKind = z.infer<typeof FaultKind>

export const FaultCode = z.string().regex(/^([a-z][a-z0-9_]*|vendor:[\w.:-]+)$/)

/** ms UTC. */
const instant = z.int().min(0)

export const Fault = z.object({
  /** `uid.code.raisedAt`, the last in base 36. */
  id: z.string(),
  /** The device's; of a site or district made of its kind and slug. */
  uid: z.string(),
  /** Grows by one with every event of this fault. */
  revision: z.int().min(1),
  code: FaultCode,
  severity: Severity,
  /** The device's id, or the slug of the site or district. */
  deviceId: z.string(),
  kind: FaultKind,
  district: z.string(),
  agency: z.string().optional(),
  /** The device's name, or the place's. */
  name: z.string(),
  /** Degrees; of a place the mean of its devices when it was raised. */
  latitude: z.number(),
  longitude: z.number(),
  /** The condition holds now. */
  active: z.boolean(),
  acknowledged: z.boolean(),
  /** Held back until then, by an operator or by a maintenance window: recorded and counted, but not announced. */
  shelvedUntil: instant.optional(),
  /** Id of the maintenance window inside which it was raised, or that holds it back. */
  maintenance: z.string().optional(),
  /**
   * Closed: cleared and acknowledged, or closed by an operator. One that is active still is suppressed: it is not
   * raised anew before its condition has cleared once.
   */
  closedAt: instant.optional(),
  raisedAt: instant,
  updatedAt: instant,
  clearedAt: instant.optional(),
  /** When it was first news since it was raised last; absent for a consequence, and for what is held back from its raise on. */
  announcedAt: instant.optional(),
  /** When it is to be acknowledged and repaired, by the targets of its agency and since `announcedAt`. */
  dueAt: z.object({ response: instant, repair: instant }).optional(),
  /** Active, announced, and not acknowledged or not repaired in time. */
  overdue: z.boolean(),
  /** Targets that were ever missed since it was opened: what was answered late stays late. */
  missed: z.object({ response: z.literal(true).optional(), repair: z.literal(true).optional() }).optional(),
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
  /** Of `assigned`: to whom; absent when it was taken from whoever had it. */
  assignee: z.string().optional(),
  /** Of `shelved`: until when. */
  until: instant.optional(),
})
export type TrailEntry = z.infer<typeof TrailEntry>

/** A time during which the condition held; without its end, it does so now. */
export const FaultPeriod = z.object({ raisedAt: instant, clearedAt: instant.optional() })
export type FaultPeriod = z.infer<typeof FaultPeriod>

/** A row of the buckets `faults` and `fault-archive`. */
export const FaultRow = z.object({
  fault: Fault,
  trail: z.array(TrailEntry),
  /** The newest, 20 at most, oldest first. */
  periods: z.array(FaultPeriod),
  /** How many older ones there were. */
  droppedPeriods: z.int().min(0),
})
export type FaultRow = z.infer<typeof FaultRow>

/** A measured field that speaks for a fault. */
export const Measure = z.object({
  field: z.string(),
  /** What it is held against, in its unit, as it holds for the device now; absent where there is no such number. */
  limit: z.number().optional(),
})
export type Measure = z.infer<typeof Measure>

/** Answer of `GET /api/v1/faults/{id}`. */
export const FaultStory = FaultRow.extend({ measures: z.array(Measure) })
export type FaultStory = z.infer<typeof FaultStory>

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

/**
 * Whether an event is news for people, for every receiver alike: a fault is raised that is neither the consequence of
 * another one nor held back. What comes off its shelf, or outlives its cause, is raised once more.
 */
export function isAnnouncement({ event, fault }: Pick<FaultEvent, 'event' | 'fault'>): boolean {
  return event === 'raised' && fault.parentId === undefined && fault.shelvedUntil === undefined
}

export type FilterAttributes = Pick<Fault, 'district' | 'kind' | 'severity' | 'agency'>

/** Which faults someone wants to see; an empty list admits all. */
export const FaultFilter = z.object({
  districts: z.array(z.string().max(64)).max(256).default([]),
  kinds: z.array(FaultKind).max(16).default([]),
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
