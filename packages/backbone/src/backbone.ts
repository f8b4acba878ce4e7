// The port through which the services meet: streams and buckets. Everything that must survive a crash is one
// of the two. Drivers live in a folder each (embedded/); all pass backbone.contract.ts.
import type { AccountRow } from '@ronda/contracts/account'
import { AppError } from '@ronda/contracts/errors'
import type { Replay } from '@ronda/contracts/dead-letter'
import type { DeviceRow } from '@ronda/contracts/device'
import type { FaultRow } from '@ronda/contracts/fault'
import type { MaintenanceWindow } from '@ronda/contracts/maintenance'
import type { PendingDevice } from '@ronda/contracts/pending-device'
import type { DeadNotice, Delivery, HeldNotice, ReceiverCursor, ReceiverRow } from '@ronda/contracts/receiver'
import type { SourceRow } from '@ronda/contracts/record'
import type { ServiceRow } from '@ronda/contracts/service-principal'
import type { SessionRow, SignInTokenRow } from '@ronda/contracts/session'
import type { StatusRow } from '@ronda/contracts/status'
import type { DetectorStatus, ServiceReport } from '@ronda/contracts/system'
import type { Verdict } from '@ronda/contracts/action'

/**
 * `log`: every input to a decision, in one order. `faults`: fault events. `registry`: changes of the registry
 * on their way into the log. `alarms`: what the alarm figures are counted from. `dead-letters` and `audit` as they say.
 */
export const streamNames = ['log', 'faults', 'alarms', 'registry', 'dead-letters', 'audit'] as const
export type StreamName = (typeof streamNames)[number]

/** What each bucket keeps under its keys. */
export interface BucketValues {
  /** Registered devices by id. */
  devices: DeviceRow
  /** Seen through gateways but not registered, by id. */
  'pending-devices': PendingDevice
  /** Systems that may subscribe, by id. */
  'service-principals': ServiceRow
  /** Systems that are told of faults by HTTP, by id. */
  receivers: ReceiverRow
  /** Where each is in the stream `faults`, by its uid. */
  'receiver-cursors': ReceiverCursor
  /** What failed and is tried again, by `uid.position`. */
  'receiver-held': HeldNotice
  /** What was given up, by `uid.position`. */
  'receiver-dead-letters': DeadNotice
  /** Attempts, by `uid.number`. */
  'receiver-deliveries': Delivery
  /** Faults that a receiver was told of, until they are closed, by `uid.faultId`. */
  'receiver-announced': true
  /** What each source of the log said last, by its name. */
  sources: SourceRow
  /** Newest status by device id. */
  status: StatusRow
  /** Faults that are not closed, by fault id. */
  faults: FaultRow
  /** Closed faults by `closedAt` (base 36, 9 digits) and fault id. */
  'fault-archive': FaultRow
  /** Maintenance windows, also past ones, by id: in the order of planning. */
  maintenance: MaintenanceWindow
  /** The detector's private state, by row. */
  'detector-state': unknown
  /** What became of operators' actions, by action id. */
  verdicts: Verdict
  /** Where consumers are, by consumer name. */
  checkpoints: Checkpoint
  /** Of people who sign in with a password, by name. */
  accounts: AccountRow
  /** Signed-in sessions by the SHA-256 of their id. */
  sessions: SessionRow
  /** One-time sign-in tokens by their SHA-256. */
  'sign-in-tokens': SignInTokenRow
  /** What the detector says about itself, under the key `detector`. */
  system: DetectorStatus
  /** What each service says about itself, by its name. */
  'service-reports': ServiceReport
  /** What came of sending dead letters again, by their id. */
  'dead-letter-replays': Replay
}
export type BucketName = keyof BucketValues

/** A stream's end. Positions are strictly increasing safe integers; 0 is before the first record. */
export interface Head {
  epoch: string
  position: number
  /** Counted records up to and including `position`, since the stream was made. */
  ordinal: number
}

export interface Entry {
  position: number
  /** Counted records up to and including this one. */
  ordinal: number
  counted: boolean
  /** The reader's own copy. */
  record: Uint8Array
}

export interface ReadLimit {
  /** The most records of one batch. */
  records: number
  /** A batch ends with the record that reaches this many bytes. */
  bytes: number
}

export interface StreamSize {
  bytes: number
  /** ms UTC when the oldest kept record was appended; undefined for an empty stream. */
  oldestAt: number | undefined
}

export interface TrimPolicy {
  /** Remove what was appended before this time (ms UTC)... */
  before: number
  /** ...and the oldest beyond this many bytes... */
  maxBytes: number
  /** ...but nothing that a consumer with a checkpoint on this stream has yet to read. */
}

export type Appended = (error: AppError | null, position: number) => void

/** Append-only, durable, totally ordered, read from a position, trimmed at its old end. */
export interface Stream {
  readonly name: StreamName
  /** Made with the stream; a position of another epoch means nothing here. */
  readonly epoch: string

  /**
   * Appends a record. `done` runs when it is durable and visible to readers; the callbacks of one process run
   * in the order of its appends. When there is no room the append waits, and `blocked` says why, until there
   * is; only closing the backbone fails it (`shutting_down`). The record is copied: its memory is free at once.
   * Whether it is counted is the ledger's business.
   */
  append(record: Uint8Array, options: { counted: boolean }, done: Appended): void
  /** Why appends wait at the moment. */
  readonly blocked: AppError | undefined

  head(): Promise<Head>
  size(): Promise<StreamSize>
  /** Up to `limit` entries after a position, oldest first; empty when there are none yet. */
  read(after: number, limit: ReadLimit): Promise<Entry[]>
  /** The newest `count` entries, of those before a position where one is given; oldest first. */
  readLast(count: number, before?: number): Promise<Entry[]>
  /**
   * Batches after a position as they come, until the signal aborts. A slow consumer holds nothing back. With
   * `idleMs`, an empty batch whenever nothing has come for about so long: time to put things in order.
   */
  follow(after: number, limit: ReadLimit, signal: AbortSignal, idleMs?: number): AsyncIterable<Entry[]>
  /**
   * Throws `position_invalid` unless the position is of this epoch, not ahead, and all after it is kept. Position
   * 0 is always valid: a reader that begins there begins with what is kept.
   */
  verify(at: { epoch: string; position: number }): Promise<void>
  /** Removes old records; returns how many bytes went. */
  trim(policy: TrimPolicy): Promise<number>
}

export interface Row<T> {
  key: string
  value: T
  /** Grows with every change of the key. */
  revision: number
}

/** A change of a bucket; `value` is undefined when the key was deleted. */
export interface Change<T> {
  key: string
  value: T | undefined
  revision: number
}

export interface KeyRange {
  /** Only keys after this one. */
  after?: string
  /** Only keys before this one. */
  before?: string
}

export interface ListOptions extends KeyRange {
  /** From the last key to the first. */
  reverse?: boolean
  limit?: number
}

/** Key-value with revisions, compare-and-set, list and watch. */
export interface Bucket<T> {
  readonly name: BucketName
  get(key: string): Promise<Row<T> | undefined>
  list(options?: ListOptions): Promise<Row<T>[]>
  /** How many `list` would give. */
  count(range?: KeyRange): Promise<number>
  /** The rows as they are now, and every change after that, in order, until the signal aborts. */
  watch(signal: AbortSignal): Promise<{ rows: Row<T>[]; changes: AsyncIterable<Change<T>[]> }>
}

/** Where a consumer of a stream is: it has done everything up to and including `position`. */
export interface Checkpoint {
  stream: StreamName
  epoch: string
  position: number
  ordinal: number
  /** What the consumer keeps with it, written in the same step. */
  data?: unknown
}

export type Write = {
  [B in BucketName]: {
    bucket: B
    key: string
    /** undefined deletes the key. */
    value: BucketValues[B] | undefined
    /** Do it only if the key has this revision; 0: only if there is no such key. */
    expectedRevision?: number
  }
}[BucketName]

export interface Changes {
  appends?: readonly { stream: Exclude<StreamName, 'log'>; records: readonly Uint8Array[] }[]
  writes?: readonly Write[]
  checkpoint?: { consumer: string } & Checkpoint
  /**
   * Others in this thread have their turn while many rows are written. It is for who writes very many and whose thread
   * meanwhile reads none of these buckets: it would see what is written so far. Everybody else sees all or nothing.
   */
  inTurns?: boolean
}

export interface Backbone {
  stream(name: StreamName): Stream
  bucket<B extends BucketName>(name: B): Bucket<BucketValues[B]>
  /**
   * Appends, writes and a checkpoint as one: all or nothing. Throws `revision_conflict` when an expected
   * revision does not hold, `storage_full` or `storage_failed` when it could not be made durable. What it appends
   * is counted.
   */
  commit(changes: Changes): Promise<void>
  checkpoint(consumer: string): Promise<Checkpoint | undefined>
  /** Fails waiting appends, and whatever is asked from now on, with `shutting_down`; ends watches. */
  close(): Promise<void>
}

/**
 * Where a named consumer goes on: after its checkpoint, or before the first record when it has none yet, in
 * which case it is registered, so that trimming waits for it.
 */
export async function openConsumer(backbone: Backbone, streamName: StreamName, consumer: string): Promise<Checkpoint> {
  const stream = backbone.stream(streamName)
  const saved = await backbone.checkpoint(consumer)
  if (saved === undefined) {
    const start: Checkpoint = { stream: streamName, epoch: stream.epoch, position: 0, ordinal: 0 }
    await backbone.commit({ checkpoint: { consumer, ...start } })
    return start
  }
  if (saved.stream !== streamName) {
    throw new AppError('position_invalid', `consumer ${consumer} belongs to stream ${saved.stream}, not ${streamName}`)
  }
  // Position 0 is before the first record, whichever that is by now.
  if (saved.position > 0 || saved.epoch !== stream.epoch) await stream.verify(saved)
  return saved
}

/** For somebody who waits for the answer: a stream that takes nothing at the moment refuses, and says why. */
export async function appendNow(stream: Stream, record: Uint8Array, options: { counted: boolean }): Promise<number> {
  // Asked once: the next moment it may say something else.
  const { blocked } = stream
  if (blocked !== undefined) throw blocked
  return append(stream, record, options)
}

/** Resolves with the record's position when it is durable, however long that takes. */
export function append(stream: Stream, record: Uint8Array, options: { counted: boolean }): Promise<number> {
  return new Promise((resolve, reject) => {
    stream.append(record, options, (error, position) => (error === null ? resolve(position) : reject(error)))
  })
}
