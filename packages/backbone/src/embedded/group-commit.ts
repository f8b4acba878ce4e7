// The writer of a stream: gathers records while a commit is under way and commits them as one group, so that
// the rate of appends is not bound to the rate of disk syncs. One commit at a time, so groups, and the
// callbacks of their records, come in the order of the appends.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { AppError } from '@ronda/contracts/errors'
import type { Database } from 'lmdb'
import type { Appended, Head } from '../backbone.ts'
import { type GroupBuilder, createGroupBuilder, decodeHeader, positionOf } from './group.ts'
import { commitFailure, type LmdbEnvironment } from './lmdb-environment.ts'

const retryMs = 250
/** Lost races for the next group after which the writer takes the lock instead. */
const racesBeforeLock = 3

/** Groups whose memory is kept: one gathers while another is written. */
const mostSpare = 2
/** Callbacks that run before others have their turn. */
const toldAtOnce = 256

/** What became of a group: its number, or why it is not there. */
interface Outcome {
  error: AppError | null
  group: number
}

/** A group that gathers or waits for its commit, and whom to tell, in the order of its records. */
interface Batch {
  group: GroupBuilder
  done: Appended[]
}

export interface StreamEnd {
  /** 0 when the stream is empty. */
  group: number
  count: number
  ordinal: number
  /** Bytes of all groups since the stream was made. */
  bytes: number
}

export interface GroupCommit {
  append(record: Uint8Array, counted: boolean, done: Appended): void
  readonly blocked: AppError | undefined
  close(): Promise<void>
}

export interface GroupCommitDeps {
  lmdb: LmdbEnvironment
  groups: Database<Buffer, number>
  /** ms UTC. */
  now: () => number
  /** Why the stream takes no more records now, apart from the disk. */
  limit: (end: StreamEnd) => AppError | undefined
}

/** The end of a stream as the current transaction sees it. */
export function readEnd(groups: Database<Buffer, number>): StreamEnd {
  for (const { key: group, value } of groups.getRange({ reverse: true, limit: 1 })) {
    const header = decodeHeader(value)
    return {
      group,
      count: header.count,
      ordinal: header.ordinalBefore + header.counted,
      bytes: header.bytesBefore + value.length,
    }
  }
  return { group: 0, count: 0, ordinal: 0, bytes: 0 }
}

export function headOf(epoch: string, end: StreamEnd): Head {
  return { epoch, position: end.group === 0 ? 0 : positionOf(end.group, end.count - 1), ordinal: end.ordinal }
}

/** What follows `end` when this group is appended. */
export function nextGroup(end: StreamEnd, group: GroupBuilder, now: number): { end: StreamEnd; value: Buffer } {
  const value = group.finish({
    countBefore: end.count,
    appendedAt: now,
    ordinalBefore: end.ordinal,
    bytesBefore: end.bytes,
  })
  return {
    value,
    end: {
      group: end.group + 1,
      count: group.count,
      ordinal: end.ordinal + group.counted,
      bytes: end.bytes + value.length,
    },
  }
}

export function createGroupCommit({ lmdb, groups, now, limit }: GroupCommitDeps): GroupCommit {
  /** The last one gathers. */
  const queue: Batch[] = []
  /** Builders to use again: their memory costs more than what they do. */
  const spare: GroupBuilder[] = []
  let running: Promise<void> | undefined
  /** Why the group that is to be written now cannot be. */
  let blocked: AppError | undefined
  let writing = false
  let closing = false
  let wakeFromRetry: (() => void) | undefined
  let end = lmdb.snapshot(() => readEnd(groups))

  /** Writes the group unless another process took its place; then learns where the stream ends now. */
  async function tryCommit(group: GroupBuilder): Promise<boolean> {
    const next = nextGroup(end, group, now())
    // No overwriting: of several processes that write the same group, one succeeds and the others hear of it.
    if (await groups.ifNoExists(next.end.group, () => groups.put(next.end.group, next.value))) {
      end = next.end
      return true
    }
    end = lmdb.snapshot(() => readEnd(groups))
    return false
  }

  /** Waits for the write lock and holds it: slower, but no other process can come first. */
  function commitLocked(group: GroupBuilder): void {
    end = groups.transactionSync(() => {
      const next = nextGroup(readEnd(groups), group, now())
      groups.putSync(next.end.group, next.value)
      return next.end
    })
  }

  async function commit(group: GroupBuilder): Promise<void> {
    for (let race = 0; race < racesBeforeLock; race++) if (await tryCommit(group)) return
    commitLocked(group)
  }

  async function commitUntilDone(group: GroupBuilder): Promise<void> {
    for (;;) {
      blocked = lmdb.noRoom() ?? limit(end)
      if (blocked === undefined) {
        try {
          await commit(group)
          return
        } catch (error) {
          blocked = await commitFailure(error)
        }
      }
      if (closing) throw new AppError('shutting_down')
      await new Promise<void>((resolve) => {
        wakeFromRetry = resolve
        setTimeout(resolve, retryMs)
      })
    }
  }

  /** Its memory is free again as soon as the group is on the disk, or given up. */
  async function commitAndReuse(group: GroupBuilder): Promise<Outcome> {
    writing = true
    try {
      await commitUntilDone(group)
      return { error: null, group: end.group }
    } catch (error) {
      return { error: await commitFailure(error), group: 0 }
    } finally {
      writing = false
      group.reset()
      if (spare.length < mostSpare) spare.push(group)
    }
  }

  /** Begins with the oldest batch that waits. */
  function commitNext(): { done: readonly Appended[]; outcome: Promise<Outcome> } | undefined {
    const batch = queue.shift()
    return batch === undefined ? undefined : { done: batch.done, outcome: commitAndReuse(batch.group) }
  }

  async function run(): Promise<void> {
    for (let current = commitNext(); current !== undefined; ) {
      const { done, outcome } = current
      const { error, group } = await outcome
      // The disk works on the next group while this one's appends are told.
      current = commitNext()
      for (const [index, each] of done.entries()) {
        each(error, error === null ? positionOf(group, index) : 0)
        // What they send goes out, and what others sent comes in.
        if (index % toldAtOnce === toldAtOnce - 1) await nextTurn()
      }
    }
  }

  function start(): void {
    // One turn of the event loop gathers what all sockets brought.
    setImmediate(() => {
      running = run().finally(() => {
        running = undefined
        if (queue.length > 0) start()
      })
    })
  }

  return {
    append(record, counted, done) {
      if (closing) {
        done(new AppError('shutting_down'), 0)
        return
      }
      let batch = queue.at(-1)
      if (batch === undefined || batch.group.isFull) {
        batch = { group: spare.pop() ?? createGroupBuilder(), done: [] }
        queue.push(batch)
        if (queue.length === 1 && running === undefined) start()
      }
      batch.group.add(record, counted)
      batch.done.push(done)
    },
    get blocked() {
      // While it writes it knows by trying.
      return writing ? blocked : (lmdb.noRoom() ?? limit(end))
    },
    async close() {
      closing = true
      wakeFromRetry?.()
      while (queue.length > 0 || running !== undefined) {
        await (running ?? new Promise((resolve) => setImmediate(resolve)))
      }
    },
  }
}
