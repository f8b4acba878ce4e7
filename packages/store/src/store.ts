// The port of history: rows in, latest values and series out. Two adapters, embedded/ (DuckDB) and influx/
// (InfluxDB 1.x, 2.x, 3.x), both held to store.contract.ts. The historian is the only writer.
import type { AppError } from '@ronda/contracts/errors'
import type { FieldValue } from '@ronda/contracts/fields'
import type { LedgerCounts } from '@ronda/contracts/ledger'
import type { Measurement } from '@ronda/contracts/measurements'

/** One row of history. Two rows of one measurement, device and time are the same row. */
export interface Row {
  measurement: Measurement
  device: string
  district: string
  /** ms UTC of the measurement. */
  tsMs: number
  /** 0 to 999,999 ns within the millisecond; see contracts/identity.ts. */
  sub: number
  /** Declared fields of the measurement only. */
  fields: Readonly<Record<string, FieldValue>>
}

/** How far into a stream a consumer's rows are in the store. */
export interface StoreCursor {
  epoch: string
  position: number
  ordinal: number
}

/** What the store knows of a consumer when it keeps cursors itself. */
export interface StoreProgress {
  cursor: StoreCursor
  counts: LedgerCounts
}

/** A row that the store will never take, and why. */
export interface RejectedRow {
  row: Row
  reason: string
}

/**
 * Rows that were handed over but are not promised yet: after `commit` they are, together with the progress
 * where the store keeps it. Exactly one of the two is called.
 */
export interface StagedRows {
  /** Rows that are new. */
  stored: number
  /** Rows that were there already, or twice in the batch; 0 where the store does not tell. */
  collapsed: number
  rejected: readonly RejectedRow[]
  commit(progress: StoreProgress): Promise<void>
  rollback(): Promise<void>
}

export interface HistoryQuery {
  measurement: Measurement
  device: string
  fields: readonly string[]
  /** ms UTC, inclusive. */
  from: number
  /** ms UTC, exclusive. */
  to: number
  /** Width of a bucket in ms, aligned to the epoch; absent: the rows as they are. */
  everyMs?: number
  /** The most rows of the answer, the oldest first. */
  limit: number
}

/** A row or a bucket (`time` its start, ms UTC); a field without a value in it is absent. Empty buckets are left out. */
export interface HistoryRow {
  time: number
  values: Readonly<Record<string, FieldValue>>
}

export interface Store {
  readonly name: 'embedded' | 'influx'
  /** Whether `stage` can tell stored from collapsed rows. */
  readonly tellsCollapsed: boolean

  /**
   * Hands over rows. Throws `store_unavailable` when the store cannot be reached or refuses for a reason that
   * is not the rows' (nothing is committed then: stage the same rows again later). One stage at a time.
   */
  stage(consumer: string, rows: readonly Row[]): Promise<StagedRows>
  /** Where a consumer is; undefined where the store keeps no cursors or does not know the consumer. */
  progress(consumer: string): Promise<StoreProgress | undefined>

  /** The newest row of a device by time of measurement. */
  latest(measurement: Measurement, device: string): Promise<HistoryRow | undefined>
  history(query: HistoryQuery): Promise<HistoryRow[]>

  /** Why the store cannot be used at the moment. */
  unavailable(): Promise<AppError | undefined>
  close(): Promise<void>
}
