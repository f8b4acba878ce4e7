// The embedded driver: LMDB, shared by the processes of one machine (and one PID namespace). Two
// environments, because a large write to the state in the same one would hold up acknowledgements.
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { AppError } from '@ronda/contracts/errors'
import { type Backbone, type BucketName, type Changes, type StreamName, type Write, streamNames } from '../backbone.ts'
import { type BucketTables, openBucket, openBucketTables } from './bucket.ts'
import { nextGroup, readEnd } from './group-commit.ts'
import { createGroupBuilder } from './group.ts'
import { type LmdbEnvironment, openLmdb } from './lmdb-environment.ts'
import { type EmbeddedStream, openStream } from './stream.ts'

const purgeMs = 600_000
/** Rows that are written before others have their turn, where they are to have it. */
const writesInTurn = 1_000

export interface EmbeddedOptions {
  /** Folder of the two environments, made when missing. */
  dir: string
  /** Free disk space, in bytes, below which nothing is accepted. */
  reserveBytes: number
  /** Bytes of the log that wait for consumers at which nothing more is accepted. */
  maxLogBytes: number
  /** ms UTC of stamped time. */
  now: () => number
}

const bucketNames = [
  'devices',
  'pending-devices',
  'service-principals',
  'receivers',
  'receiver-cursors',
  'receiver-held',
  'receiver-dead-letters',
  'receiver-deliveries',
  'receiver-announced',
  'sources',
  'status',
  'faults',
  'fault-archive',
  'maintenance',
  'detector-state',
  'verdicts',
  'checkpoints',
  'accounts',
  'sessions',
  'sign-in-tokens',
  'system',
  'service-reports',
  'dead-letter-replays',
] as const satisfies readonly BucketName[]

export function openEmbeddedBackbone({ dir, reserveBytes, maxLogBytes, now }: EmbeddedOptions): Backbone {
  const log = openLmdb({ dir: join(dir, 'log'), reserveBytes })
  const state = openLmdb({ dir: join(dir, 'state'), reserveBytes })
  const closed = new AbortController()

  const tables = new Map<BucketName, BucketTables>(
    bucketNames.map((name) => [name, openBucketTables(state.root, name)]),
  )
  const streams = new Map<StreamName, EmbeddedStream>()
  for (const name of streamNames) {
    const lmdb = name === 'log' ? log : state
    streams.set(
      name,
      openStream({
        name,
        epoch: readOrMakeEpoch(lmdb, name),
        lmdb,
        now,
        maxBytes: name === 'log' ? maxLogBytes : Infinity,
        slowestConsumer: () => slowestConsumer(name),
      }),
    )
  }

  const purge = setInterval(() => void purgeTombstones(), purgeMs)
  purge.unref()

  function tablesOf(name: BucketName): BucketTables {
    const found = tables.get(name)
    if (found === undefined) throw new Error(`no bucket ${name}`)
    return found
  }

  function streamOf(name: StreamName): EmbeddedStream {
    const found = streams.get(name)
    if (found === undefined) throw new Error(`no stream ${name}`)
    return found
  }

  async function slowestConsumer(name: StreamName): Promise<number> {
    const checkpoints = await bucket('checkpoints').list()
    return Math.min(...checkpoints.filter(({ value }) => value.stream === name).map(({ value }) => value.position))
  }

  function bucket<B extends BucketName>(name: B) {
    return openBucket(name, tablesOf(name), state, closed.signal)
  }

  function checkRevision({ bucket: name, key, expectedRevision }: Write): void {
    if (expectedRevision === undefined) return
    const revision = tablesOf(name).current(key)?.revision ?? 0
    if (revision !== expectedRevision) {
      throw new AppError('revision_conflict', `${name}/${key} has revision ${revision}, expected ${expectedRevision}`)
    }
  }

  /** Inside the write transaction. All checks come first: lmdb keeps what a callback wrote before it threw. */
  function apply({ appends = [], writes = [], checkpoint, inTurns = false }: Changes): void | Promise<void> {
    for (const write of writes) checkRevision(write)
    for (const { stream, records } of appends) {
      const { groups } = streamOf(stream)
      let end = readEnd(groups)
      let group = createGroupBuilder()
      for (const [index, record] of records.entries()) {
        group.add(record, true)
        if (!group.isFull && index < records.length - 1) continue
        const next = nextGroup(end, group, now())
        groups.putSync(next.end.group, next.value)
        end = next.end
        group = createGroupBuilder()
      }
    }
    const at = now()
    if (checkpoint !== undefined) {
      const { consumer, ...row } = checkpoint
      tablesOf('checkpoints').writer(at)(consumer, row)
    }
    return inTurns ? applyInTurns(writes, at) : applyWrites(writes, at)
  }

  function applyWrites(writes: readonly Write[], at: number): void {
    const writers = new Map<BucketName, (key: string, value: unknown) => void>()
    for (const { bucket: name, key, value } of writes) {
      const write = writers.get(name) ?? tablesOf(name).writer(at)
      writers.set(name, write)
      write(key, value)
    }
  }

  async function applyInTurns(writes: readonly Write[], at: number): Promise<void> {
    for (let first = 0; first < writes.length; first += writesInTurn) {
      applyWrites(writes.slice(first, first + writesInTurn), at)
      await nextTurn()
    }
  }

  async function purgeTombstones(): Promise<void> {
    try {
      for (const table of tables.values()) {
        for (;;) {
          const served = state.snapshot(() => table.servedTombstones(now()))
          if (served.length === 0) break
          await state.transaction(() => table.purge(served))
        }
      }
    } catch {
      // Nothing is lost: the next round purges them.
    }
  }

  return {
    stream: streamOf,
    bucket,
    async commit(changes) {
      // A checkpoint alone is always taken: what has been read can be trimmed, which makes room.
      const isCheckpointOnly = (changes.appends ?? []).length === 0 && (changes.writes ?? []).length === 0
      const full = isCheckpointOnly ? undefined : state.noRoom()
      if (full !== undefined) throw full
      await state.transaction(() => apply(changes))
    },
    async checkpoint(consumer) {
      return (await bucket('checkpoints').get(consumer))?.value
    },
    async close() {
      clearInterval(purge)
      closed.abort()
      for (const stream of streams.values()) await stream.close()
      await log.close()
      await state.close()
    },
  }
}

/** A stream's epoch, made by whichever process opens it first. */
function readOrMakeEpoch(lmdb: LmdbEnvironment, name: StreamName): string {
  const epochs = lmdb.root.openDB<string, string>('epochs', { encoding: 'string' })
  const known = epochs.get(name)
  if (known !== undefined) return known
  return lmdb.root.transactionSync(() => {
    const made = epochs.get(name) ?? crypto.randomUUID()
    epochs.putSync(name, made)
    return made
  })
}
