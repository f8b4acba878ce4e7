// How Ronda itself is: what the detector says about itself, what each service reports, and the state of the whole as
// the API tells it.
import { z } from 'zod'
import { Ledger } from './ledger.ts'

/** In the bucket `system` under the key `detector`, at least once a second of real time while it keeps up. */
export interface DetectorStatus {
  /** ms UTC of stamped time: how far it has decided. */
  logTime: number
  /** Sources that are down or not accepting, and since when (ms UTC). */
  blind: readonly { source: string; since: number }[]
}

export const serviceNames = ['broker', 'ingest', 'fanout'] as const
export type ServiceName = (typeof serviceNames)[number]

/** What a service says of itself every two seconds, in the bucket `service-reports` under its name. */
export interface ServiceReport {
  /** ms UTC by the system's clock, as the process's own times are. */
  at: number
  startedAt: number
  version: string
  /** Resident. */
  memoryBytes: number
  /** Connections of devices or of control rooms. */
  connections?: number
  /** Fault events that it has not read yet; of fanout. */
  behind?: number
}

const count = z.int().min(0)
const bytes = z.int().min(0)

export const SystemService = z.object({
  name: z.enum(serviceNames),
  /** `silent`: nothing was heard of it lately. `never`: nor before. */
  state: z.enum(['up', 'silent', 'never']),
  /** ms UTC by the system's clock: when it was last heard of, and since when it runs. */
  at: z.int().optional(),
  startedAt: z.int().optional(),
  version: z.string().optional(),
  memoryBytes: bytes.optional(),
  connections: count.optional(),
})

export const readerNames = ['historian', 'detector', 'fanout'] as const

/** One of those that read a stream, each at its own speed. */
export const SystemReader = z.object({
  name: z.enum(readerNames),
  stream: z.enum(['log', 'faults']),
  /** Messages, or fault events, that it has not come to yet; null when it does not say. */
  behind: count.nullable(),
  /** Why it waits. */
  blocked: z.string().optional(),
})

export const SystemState = z.object({
  /** ms UTC by the system's clock, as all times here that are not said to be stamped. */
  at: z.int(),
  ledger: Ledger,
  /** The ledger over the last hour at most, oldest first, as long as ingest runs. */
  trend: z.array(z.object({ at: z.int(), accepted: count, written: count, deadLettered: count })),
  /** Counted since ingest started: they are not part of the ledger's promise. */
  sinceStart: z.object({
    at: z.int(),
    /** Readings that came more than two minutes after they were measured. */
    late: count,
    /** Keys that no schema declares, dropped. */
    undeclared: count,
  }),
  /** Turned away by the broker since it started: connections and messages that were not admitted, by code. */
  turnedAway: z.array(z.object({ code: z.string(), count })),
  services: z.array(SystemService),
  readers: z.array(SystemReader),
  store: z.object({
    kind: z.enum(['embedded', 'influx']),
    /** Why it cannot be used at the moment, and what to do. */
    problem: z.string().optional(),
  }),
  backbone: z.object({
    kind: z.enum(['embedded']),
    /** Why it takes nothing at the moment, and what to do. */
    problem: z.string().optional(),
    /** Bytes at which the log takes no more messages. */
    logLimitBytes: bytes,
    streams: z.array(
      z.object({
        name: z.string(),
        bytes,
        /** ms UTC of stamped time, of the oldest record that is kept. */
        oldestAt: z.int().optional(),
      }),
    ),
  }),
  /** Of the file system that holds the data directory. */
  disk: z.object({
    freeBytes: bytes,
    totalBytes: bytes,
    /** What the data directory takes. */
    usedBytes: bytes,
    /** Below so much free space acknowledgements are withheld. */
    reserveBytes: bytes,
  }),
})
export type SystemState = z.infer<typeof SystemState>
export type SystemService = z.infer<typeof SystemService>
export type SystemReader = z.infer<typeof SystemReader>
