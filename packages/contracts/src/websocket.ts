// The control room's WebSocket, `/ws/v1`: one subscription per connection; a snapshot, then every event, and
// after a reconnect exactly what was missed.
import { z } from 'zod'
import { AlarmMetrics } from './alarm-metrics.ts'
import { Fault, FaultEventName, FaultFilter } from './fault.ts'

export const Subscribe = z.strictObject({
  type: z.literal('subscribe'),
  filter: FaultFilter.prefault({}),
  /** The last cursor this client saw. */
  resume: z.string().max(200).optional(),
})
export type Subscribe = z.infer<typeof Subscribe>
export const ClientMessage = z.discriminatedUnion('type', [Subscribe])

/** Opaque to clients: epoch, position and filter. */
const Cursor = z.string()

export const SnapshotMessage = z.object({
  type: z.literal('snapshot'),
  cursor: Cursor,
  /** Pages of at most 500; the first page replaces what the client had. */
  faults: z.array(Fault),
  /** Another page follows; resuming from this one's cursor would begin the snapshot anew. */
  more: z.boolean(),
})

export const FaultMessage = z.object({
  type: z.literal('fault'),
  cursor: Cursor,
  /** `removed`: it no longer matches the filter. */
  event: z.enum([...FaultEventName.options, 'removed']),
  fault: Fault,
})

export const GapMessage = z.object({
  type: z.literal('gap'),
  /** The cursor from which events are missing; a snapshot follows. */
  since: Cursor,
})

/** Every 5 s while the client has all there is, the first when it has caught up. */
export const StatusMessage = z.object({
  type: z.literal('status'),
  /** ms UTC: how far the detector has decided. */
  logTime: z.int(),
  cursor: Cursor,
  /** Stamped ms between now and logTime. */
  lagMs: z.number(),
  /** Sources that are down or not accepting: what came through them may look silent without being so. */
  blind: z.array(z.object({ source: z.string(), since: z.int() })),
  /** Stamped time is simulated. */
  simulated: z.boolean(),
})

/** Figures of the last 24 h for the filter: when the client has caught up, then at most every 10 s when they changed. */
export const AlarmMetricsMessage = AlarmMetrics.extend({ type: z.literal('alarm-metrics') })

export const ErrorMessage = z.object({ type: z.literal('error'), code: z.string(), message: z.string() })

export const ServerMessage = z.discriminatedUnion('type', [
  SnapshotMessage,
  FaultMessage,
  GapMessage,
  StatusMessage,
  AlarmMetricsMessage,
  ErrorMessage,
])
export type ServerMessage = z.infer<typeof ServerMessage>

/** The most faults of one snapshot page. */
export const snapshotPageSize = 500
/** ms between two status messages. */
export const statusIntervalMs = 5_000
