// The port of history: rows in, latest values and series out. Two adapters, embedded/ (DuckDB) and influx/
// (InfluxDB 1.x, 2.x, 3.x), both held to store.contract.ts. The historian is the only writer.
import type { AppError } from '@ronda/contracts/errors'
import type { FieldValue } from '@ronda/contracts/fields'
import type { LedgerCounts } from '@ronda/contracts/ledger'
import type { Measurement } from '@ronda/contracts/measurements'

/**
 * One row of history. Two rows of one measurement, device and time are the same row, whatever else is in them;
 * which of the two stays is the store's choice.
 */
export interface Row {
  measurement: Measurement
  device: string
  district: string
  /** ms UTC of the measurement, a whole number from 0. */
  tsMs: number
  /** 0 to 999,999 ns within the millisecond; see contracts/identity.ts. */
  sub: number
  /** Declared fields of the measurement only, at least one; every number finite. Anything else is the caller's bug. */
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
 * where the store keeps it. One of the two must be called.
 */
export interface StagedRows {
  /** Rows that are new; where the store does not tell, rows that it took. */
  stored: number
  /** Rows that were there already, or twice in the batch; 0 where the store does not tell. */
  collapsed: number
  rejected: readonly RejectedRow[]
  /**
   * Throws `store_unavailable` when the store could not; the store itself stays usable. Whether the rows are in
   * is then open: read `progress` again and go on from there, staging again what lies behind it.
   */
  commit(progress: StoreProgress): Promise<void>
  /**
   * Takes the rows back where the store can. Where it cannot (InfluxDB took them when they were staged) they stay,
   * unpromised: staging them again gives the same rows, not more. Never throws; after a `commit` that threw it does
   * nothing.
   */
  rollback(): Promise<void>
}

export interface HistoryQuery {
  measurement: Measurement
  device: string
  /** At least one, declared for the measurement. */
  fields: readonly string[]
  /** ms UTC, inclusive. */
  from: number
  /** ms UTC, exclusive. */
  to: number
  /** Width of a bucket in whole ms, aligned to the epoch; absent: the rows as they are. */
  everyMs?: number
  /** The most rows of the answer. */
  limit: number
  /** Absent: the oldest. */
  first?: 'oldest' | 'newest' | undefined
}

/**
 * A row or a bucket (`time` in ms UTC, of a bucket its start, which may lie before `from`). Of a bucket, a field
 * has the mean or the last value, as contracts/measurements.ts declares it. A field without a value is absent.
 */
export interface HistoryRow {
  time: number
  values: Readonly<Record<string, FieldValue>>
}

/** About all devices that have rows of a measurement. */
export interface CityQuery {
  measurement: Measurement
  /** At least one, declared for the measurement. */
  fields: readonly string[]
  /** ms UTC, inclusive. */
  from: number
  /** ms UTC, exclusive. */
  to: number
}

export interface CountQuery {
  measurement: Measurement
  /** Of texts, declared for the measurement. */
  field: string
  /** Those that are counted, at least one. */
  values: readonly string[]
  from: number
  to: number
  /** Width of a bucket, as in HistoryQuery. */
  everyMs: number
}

/** How many rows of a device had a value, in the bucket that begins at `time` (ms UTC). None has no count. */
export interface ValueCount {
  device: string
  value: string
  time: number
  count: number
}

export interface Store {
  readonly name: 'embedded' | 'influx'
  /** Whether `stage` can tell stored from collapsed rows. */
  readonly tellsCollapsed: boolean

  /**
   * Hands over rows. Throws `store_unavailable` when the store cannot be reached or refuses for a reason that
   * is not the rows' (nothing is promised then: stage the same rows again later). One stage at a time, from its
   * call to the end of its commit or rollback.
   */
  stage(consumer: string, rows: readonly Row[]): Promise<StagedRows>
  /** Where a consumer is; undefined where the store keeps no cursors or does not know the consumer. */
  progress(consumer: string): Promise<StoreProgress | undefined>

  /** The newest row of a device by time of measurement, with all its fields. */
  latest(measurement: Measurement, device: string): Promise<HistoryRow | undefined>
  /** In order of time, the `first` ones first. Rows and buckets in which none of the fields has a value are left out. */
  history(query: HistoryQuery): Promise<HistoryRow[]>

  /** Of each device its newest row of the time that has any of the fields, with those of them that it has. */
  newest(query: CityQuery): Promise<ReadonlyMap<string, HistoryRow>>
  /** The same of its oldest row. */
  oldest(query: CityQuery): Promise<ReadonlyMap<string, HistoryRow>>
  /** What `history` has in buckets, of every device at once. */
  histories(query: CityQuery & { everyMs: number }): Promise<ReadonlyMap<string, readonly HistoryRow[]>>
  /** In no particular order. */
  counts(query: CountQuery): Promise<readonly ValueCount[]>

  /** Why the store cannot be used at the moment; answers within seconds. */
  unavailable(): Promise<AppError | undefined>
  /** Not while a stage is open. */
  close(): Promise<void>
}
