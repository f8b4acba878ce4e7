// A bucket in LMDB: a database of rows by key and, where it is watched, one of changes by revision. The change
// log holds one entry per key (the newest), so it never outgrows the bucket, and a watcher reads it like a
// stream.
import type { Database, RootDatabase } from 'lmdb'
import type { Bucket, BucketName, BucketValues, Change, KeyRange, ListOptions, Row } from '../backbone.ts'
import type { LmdbEnvironment } from './lmdb-environment.ts'

/** Deleted keys stay this long as tombstones, so that every live watcher hears of them. */
const tombstoneMs = 3_600_000
const purgedAtOnce = 1_000

interface Stored {
  revision: number
  /** Absent in a tombstone. */
  value?: unknown
  /** ms UTC, of a tombstone. */
  deletedAt?: number
}

const watched = new Set<BucketName>([
  'devices',
  'pending-devices',
  'service-principals',
  'receivers',
  'status',
  'faults',
  'verdicts',
  'sessions',
  'system',
])

export interface BucketTables {
  /** The key's row as the current transaction sees it; undefined where there is none. */
  current(key: string): Stored | undefined
  /** Writes or, with an undefined value, deletes rows; only inside the write transaction in which it was made. */
  writer(now: number): (key: string, value: unknown) => void
  /** Tombstones that have served, by revision; a bounded number. */
  servedTombstones(now: number): number[]
  /** Only inside a write transaction. */
  purge(tombstones: readonly number[]): void
  rows: Database<Stored, string>
  changes: Database<string, number> | undefined
}

export function openBucketTables(root: RootDatabase, name: BucketName): BucketTables {
  const rows = root.openDB<Stored, string>(`bucket:${name}`, { encoding: 'msgpack' })
  const isWatched = watched.has(name)
  const changes = isWatched ? root.openDB<string, number>(`changes:${name}`, { encoding: 'string' }) : undefined
  /** When each was made, by revision, so that the old ones are found without a look at the rest. */
  const tombstones = isWatched
    ? root.openDB<number, number>(`tombstones:${name}`, { encoding: 'ordered-binary' })
    : undefined

  function current(key: string): Stored | undefined {
    const stored = rows.get(key)
    return stored === undefined || stored.deletedAt !== undefined ? undefined : stored
  }

  return {
    rows,
    changes,
    current,
    writer(now) {
      if (changes === undefined || tombstones === undefined) {
        // The transaction's own number grows like a count of the row's changes, and no row has to be read for it.
        const revision = root.getWriteTxnId()
        return (key, value) => {
          if (value === undefined) rows.removeSync(key)
          else rows.putSync(key, { revision, value })
        }
      }
      let revision = lastRevision(changes)
      return (key, value) => {
        const before = rows.get(key)
        if (value === undefined && (before === undefined || before.deletedAt !== undefined)) return
        revision++
        if (before !== undefined) changes.removeSync(before.revision)
        if (before?.deletedAt !== undefined) tombstones.removeSync(before.revision)
        if (value === undefined) tombstones.putSync(revision, now)
        changes.putSync(revision, key)
        rows.putSync(key, value === undefined ? { revision, deletedAt: now } : { revision, value })
      }
    },
    servedTombstones(now) {
      if (changes === undefined || tombstones === undefined) return []
      // The newest revision stays: the next one is counted from it.
      const last = lastRevision(changes)
      const served: number[] = []
      for (const { key: revision, value: deletedAt } of tombstones.getRange({ limit: purgedAtOnce })) {
        if (deletedAt > now - tombstoneMs || revision === last) break
        served.push(revision)
      }
      return served
    },
    purge(revisions) {
      for (const revision of revisions) {
        const key = changes?.get(revision)
        // Another process may have been first.
        if (key === undefined) continue
        changes?.removeSync(revision)
        tombstones?.removeSync(revision)
        rows.removeSync(key)
      }
    },
  }
}

function lastRevision(changes: Database<string, number>): number {
  for (const revision of changes.getKeys({ reverse: true, limit: 1 })) return revision
  return 0
}

export function openBucket<B extends BucketName>(
  name: B,
  { rows, changes, current }: BucketTables,
  lmdb: LmdbEnvironment,
  closed: AbortSignal,
): Bucket<BucketValues[B]> {
  type T = BucketValues[B]

  function toRow(key: string, stored: Stored): Row<T> {
    // A bucket's rows were written by commit(), which takes values of this bucket's type only.
    return { key, value: stored.value as T, revision: stored.revision }
  }

  function readRows({ after, before, reverse = false, limit = Infinity }: ListOptions): Row<T>[] {
    const found: Row<T>[] = []
    const range = reverse
      ? { ...(before === undefined ? {} : { start: before }), ...(after === undefined ? {} : { end: after }), reverse }
      : { ...(after === undefined ? {} : { start: after }), ...(before === undefined ? {} : { end: before }) }
    for (const { key, value } of rows.getRange(range)) {
      if (key === after || key === before || value.deletedAt !== undefined) continue
      found.push(toRow(key, value))
      if (found.length >= limit) break
    }
    return found
  }

  function countRows(range: KeyRange): number {
    // Of a bucket that is watched tombstones are rows too.
    if (changes !== undefined) return readRows(range).length
    const { after, before } = range
    return rows.getKeysCount({
      ...(after === undefined ? {} : { start: after, exclusiveStart: true }),
      ...(before === undefined ? {} : { end: before }),
    })
  }

  return {
    name,
    async get(key) {
      const stored = lmdb.snapshot(() => current(key))
      return stored === undefined ? undefined : toRow(key, stored)
    },
    async list(options = {}) {
      return lmdb.snapshot(() => readRows(options))
    },
    async count(range = {}) {
      return lmdb.snapshot(() => countRows(range))
    },
    async watch(signal) {
      if (changes === undefined) throw new Error(`the bucket ${name} is not watched`)
      const ended = AbortSignal.any([signal, closed])
      const { since, initial } = lmdb.snapshot(() => ({ since: lastRevision(changes), initial: readRows({}) }))
      return { rows: initial, changes: follow(changes, since, ended) }
    },
  }

  function changesAfter(log: Database<string, number>, after: number): Change<T>[] {
    const batch: Change<T>[] = []
    for (const { key: revision, value: key } of log.getRange({ start: after + 1, limit: 1_000 })) {
      const stored = rows.get(key)
      if (stored !== undefined) batch.push({ key, value: stored.value as T | undefined, revision })
    }
    return batch
  }

  async function* follow(
    log: Database<string, number>,
    since: number,
    signal: AbortSignal,
  ): AsyncIterable<Change<T>[]> {
    let last = since
    while (!signal.aborted) {
      const seen = lmdb.doorbell.rings
      const batch = lmdb.snapshot(() => changesAfter(log, last))
      const newest = batch.at(-1)
      if (newest !== undefined) {
        last = newest.revision
        yield batch
      } else await lmdb.doorbell.wait(seen, signal)
    }
  }
}
