// How the stream of faults is to work with: the figures of alarm management with the targets of ISA-18.2 beside them.
// docs/alarm-metrics.md defines each; packages/faults computes them.
import { z } from 'zod'
import { type FilterAttributes, FaultKind, Severity } from './fault.ts'

/**
 * A record of the stream `alarms`, what the figures of a period are counted from: a fault was announced, or one that had
 * been was acknowledged or repaired. The stream is in the order of time.
 */
export interface AlarmNote extends FilterAttributes {
  /** ms UTC of the log. */
  at: number
  name: 'announced' | 'acknowledged' | 'repaired'
  /** ms since the announcement; absent of one. */
  afterMs?: number
  deviceId: string
  code: string
}

/** The priorities of ISA-18.2, the highest first. */
export const priorities = ['high', 'medium', 'low'] as const
export type Priority = (typeof priorities)[number]

/** The standard has three priorities; what wants no answer today, whether minor or a warning, is the lowest. */
export const priorityOf: Record<Severity, Priority> = {
  critical: 'high',
  major: 'medium',
  minor: 'low',
  warning: 'low',
}

/** What ISA-18.2 recommends for one operator. */
export const alarmTargets = {
  perHour: 6,
  /** Of the time. */
  floodShare: 0.01,
  /** Of the load, for the ten most frequent. */
  topTenShare: 0.05,
  stale: 5,
  chattering: 0,
  prioritySplit: { high: 0.05, medium: 0.15, low: 0.8 },
} as const

/** How long a fault stands until it is stale. */
export const staleAfterMs = 24 * 3_600_000

/** How often an open fault was raised, when it is said to chatter. */
export const chattersFrom = 3

export const defaultPeriodMs = 24 * 3_600_000
/** The longest period, and how long what is counted is kept at least, unless there is too much of it. */
export const longestPeriodMs = 31 * 24 * 3_600_000
/** How wide a bar of the timeline may be: the narrowest of these of which a period has no more than `mostBars`. */
export const barWidthsMs = [5, 10, 15, 30, 60, 120, 180, 360, 720].map((minutes) => minutes * 60_000)
export const mostBars = 65
/** ms between two messages to a control room. */
export const alarmMetricsIntervalMs = 10_000

const instant = z.int().describe('ms UTC of the log')
const count = z.int().min(0)
const share = z.number().min(0).max(1)

/** A figure with its target; `met` is null where there is too little to judge by. */
const Judged = z.object({
  value: z.number(),
  atMost: z.number().optional(),
  below: z.number().optional(),
  met: z.boolean().nullable(),
})
export type Judged = z.infer<typeof Judged>

const Duration = z.object({
  count,
  medianMs: z.int().min(0).nullable().describe('null without any'),
  p90Ms: z.int().min(0).nullable().describe('Nine of ten took no longer; null without any'),
})
export type Duration = z.infer<typeof Duration>

const answers = { toAcknowledge: Duration, toRepair: Duration }

const Answering = z.object({
  announced: count,
  ...answers,
  standing: count,
  overdue: count,
})

const Frequent = <K extends z.ZodRawShape>(key: K) => z.object({ ...key, announced: count, share })

export const AlarmMetrics = z.object({
  from: instant.describe('After this time; later than asked for where the history begins later'),
  to: instant.describe('Up to and including this time'),
  announced: count.describe('Faults raised as news: no consequences, nothing shelved'),
  perHour: Judged,
  perTenMinutes: z.object({ mean: z.number().min(0), peak: count, latest: count }),
  timeline: z.object({
    everyMs: z.int().min(1).describe('Width of a bar'),
    from: instant.describe('Where the first one begins, which may be before the period: they begin at its multiples'),
    announced: z.array(count).describe('Of each bar; the last one is under way at the end of the period'),
  }),
  floods: z.object({
    count,
    share: Judged.describe('Of the time'),
    longestMs: z.int().min(0),
    since: instant.nullable().describe('When the flood began that is under way at the end; null: none is'),
  }),
  topDevices: z.object({ share: Judged, devices: z.array(Frequent({ deviceId: z.string() })).max(10) }),
  topRules: z.object({ share, rules: z.array(Frequent({ code: z.string() })).max(10) }),
  priorities: z.object({
    split: z.array(z.object({ priority: z.enum(priorities), announced: count, share, target: share })),
    met: z.boolean().nullable(),
  }),
  toAcknowledge: Duration,
  toRepair: Duration,
  /** As they are now, whatever the period. */
  open: z.object({
    faults: count,
    standing: count,
    stale: Judged,
    chattering: Judged.describe('Raised three times or more since they were opened'),
    shelved: count,
    overdue: count,
  }),
  districts: z.array(Answering.extend({ district: z.string() })),
  agencies: z.array(
    Answering.extend({
      agency: z.string().nullable(),
      severities: z
        .array(z.object({ severity: Severity, ...answers }))
        .describe('The gravest first, of those that were answered: each has a target of its own'),
    }),
  ),
  kinds: z.array(Answering.extend({ kind: FaultKind })),
})
export type AlarmMetrics = z.infer<typeof AlarmMetrics>
