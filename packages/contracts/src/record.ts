// The record envelope, version 1: every input to a decision, in the one order of the log. Brokers and the
// HTTP ingest append records; the historian and the detector read them. How they are laid out in bytes is
// packages/backbone/src/record-codec.ts.
import type { ErrorCode } from './errors.ts'

export const recordVersion = 1

/** `telemetry` covers the channels telemetry and event; the other types are as they say. */
export const recordTypes = ['telemetry', 'status', 'heartbeat', 'action', 'registry', 'config'] as const
export type RecordType = (typeof recordTypes)[number]

/** Which connection of a principal a message came through; ordered by time, then by number. */
export interface Session {
  /** ms UTC. */
  connectedAt: number
  /** The source's running number, to tell two connections of one millisecond apart. */
  number: number
}

export interface LogRecord {
  v: typeof recordVersion
  type: RecordType
  /** ms UTC, when the source received it. */
  receivedAt: number
  /** The broker or ingest that appended it. */
  source: string
  session: Session
  /** `device:ID`, `operator:NAME`, `admin`, or the source itself. */
  principal: string
  /** '' where there was none. */
  topic: string
  qos: 0 | 1 | 2
  retain: boolean
  dup: boolean
  /** Published by the broker because the connection broke. */
  will: boolean
  /** As received for messages; UTF-8 JSON for the other types. */
  payload: Uint8Array
  /**
   * The dead letter that this one repeats, by the place of its message in the log and the object's number in it. It
   * stands where that one stood, `receivedAt` included: however often it is repeated, it is one reading.
   */
  replayOf?: LogPlace
}

export interface LogPlace {
  position: number
  /** Of an object in its payload's array, 0 for a single one. */
  n: number
}

/** Messages are what the ledger counts; heartbeats, actions, registry and config are not messages. */
export function isMessage(type: RecordType): boolean {
  return type === 'telemetry' || type === 'status'
}

export const noSession: Session = { connectedAt: 0, number: 0 }

/** Payload of a `heartbeat`, appended by every source each second. */
export interface Heartbeat {
  /** false: messages were being turned away, so silence is not the devices'. */
  accepting: boolean
  /** Since when it has accepted without a break (ms UTC): of the time before its last beat it knows nothing if later. */
  listeningSince?: number
  connections: number
  /** The source's counters since it started, by the name of their metric. */
  counters: Readonly<Record<string, number>>
  /** What people should look into, the newest last; `mostNotices` at most. */
  notices?: readonly Notice[]
}

/** Something that is wrong at a device or with the installation, while the source does its work. */
export interface Notice {
  /** Of the error catalogue. */
  code: ErrorCode
  /** As the audit trail names it. */
  who: string
  /** ms UTC of stamped time. */
  since: number
}

export const mostNotices = 20

/** A row of the bucket `sources`: the newest heartbeat of a source, also while the log takes none. */
export interface SourceRow extends Heartbeat {
  /** ms UTC of stamped time. */
  at: number
}

/** Payload of a `registry` record: the row as it is after the change. */
export interface RegistryChange {
  change: 'registered' | 'updated' | 'retired' | 'replaced'
  device: import('./device.ts').Device
  by: string
}
