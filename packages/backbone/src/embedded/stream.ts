// A stream in LMDB: one database of groups by number, written by group-commit.ts, read in copies.
import { AppError } from '@ronda/contracts/errors'
import type { Database } from 'lmdb'
import type { Entry, Head, ReadLimit, Stream, StreamName, StreamSize, TrimPolicy } from '../backbone.ts'
import { decodeGroup, decodeHeader, groupOf, positionOf } from './group.ts'
import { type GroupCommit, createGroupCommit, headOf, readEnd } from './group-commit.ts'
import type { LmdbEnvironment } from './lmdb-environment.ts'

const trimGroupsPerCommit = 64
const sizeCheckMs = 500

export interface EmbeddedStream extends Stream {
  readonly groups: Database<Buffer, number>
  close(): Promise<void>
}

export interface StreamDeps {
  name: StreamName
  epoch: string
  lmdb: LmdbEnvironment
  /** ms UTC. */
  now: () => number
  /** Bytes at which appends wait until something was trimmed. */
  maxBytes: number
  /** The lowest position that some consumer has not passed; Infinity when none reads this stream. */
  slowestConsumer: () => Promise<number>
}

interface Trimmed {
  /** Of all that is gone: what is kept is the end's bytes less these. */
  bytes: number
  /** The last that is gone, 0 when nothing is. */
  position: number
  /** ms UTC, of the oldest that is kept. */
  oldestAt: number | undefined
}

export function openStream({ name, epoch, lmdb, now, maxBytes, slowestConsumer }: StreamDeps): EmbeddedStream {
  const groups = lmdb.root.openDB<Buffer, number>(`stream:${name}`, { encoding: 'binary' })

  /** What was before the oldest group that is kept. */
  function readTrimmed(): Trimmed {
    for (const { key: first, value } of groups.getRange({ limit: 1 })) {
      const { bytesBefore, appendedAt, countBefore } = decodeHeader(value)
      const position = countBefore === 0 ? 0 : positionOf(first - 1, countBefore - 1)
      return { bytes: bytesBefore, position, oldestAt: appendedAt }
    }
    return { bytes: 0, position: 0, oldestAt: undefined }
  }

  let trimmed = 0
  let trimmedReadAt = -Infinity
  const writer: GroupCommit = createGroupCommit({
    lmdb,
    groups,
    now,
    limit(end) {
      if (end.bytes - trimmed < maxBytes) return undefined
      if (performance.now() - trimmedReadAt > sizeCheckMs) {
        trimmed = lmdb.snapshot(readTrimmed).bytes
        trimmedReadAt = performance.now()
        if (end.bytes - trimmed < maxBytes) return undefined
      }
      return new AppError(
        'storage_full',
        `the stream ${name} has reached its limit of ${Math.round(maxBytes / 1e6)} MB: its slowest consumer must catch up`,
      )
    },
  })

  async function read(after: number, limit: ReadLimit): Promise<Entry[]> {
    return lmdb.snapshot(() => {
      const entries: Entry[] = []
      let bytes = 0
      for (const { key: group, value } of groups.getRange({ start: groupOf(after) })) {
        for (const entry of decodeGroup(group, value)) {
          if (entry.position <= after) continue
          entries.push(entry)
          bytes += entry.record.length
          if (entries.length >= limit.records || bytes >= limit.bytes) return entries
        }
      }
      return entries
    })
  }

  async function head(): Promise<Head> {
    return lmdb.snapshot(() => headOf(epoch, readEnd(groups)))
  }

  return {
    name,
    epoch,
    groups,
    append: (record, { counted }, done) => writer.append(record, counted, done),
    get blocked() {
      return writer.blocked
    },
    head,
    read,

    async readLast(count, before = Infinity) {
      return lmdb.snapshot(() => {
        const found: Entry[][] = []
        let entries = 0
        const from = before === Infinity ? {} : { start: groupOf(before) }
        for (const { key: group, value } of groups.getRange({ reverse: true, ...from })) {
          const decoded = decodeGroup(group, value).filter(({ position }) => position < before)
          found.unshift(decoded)
          entries += decoded.length
          if (entries >= count) break
        }
        return found.flat().slice(-count)
      })
    },

    async size(): Promise<StreamSize> {
      return lmdb.snapshot(() => {
        const { bytes, oldestAt } = readTrimmed()
        return { bytes: readEnd(groups).bytes - bytes, oldestAt }
      })
    },

    async *follow(after, limit, signal, idleMs = Infinity) {
      let position = after
      let quietSince = performance.now()
      while (!signal.aborted) {
        const seen = lmdb.doorbell.rings
        const entries = await read(position, limit)
        const last = entries.at(-1)
        if (last === undefined) {
          // The doorbell rings now and then by itself.
          await lmdb.doorbell.wait(seen, signal)
          if (performance.now() - quietSince < idleMs) continue
          yield []
        } else {
          position = last.position
          yield entries
        }
        quietSince = performance.now()
      }
    },

    async verify(at) {
      if (at.epoch !== epoch) {
        throw new AppError(
          'position_invalid',
          `the stream ${name} is of epoch ${epoch}, the position of ${at.epoch}: they belong to different data directories`,
        )
      }
      const { position: headPosition } = await head()
      if (at.position > headPosition) {
        throw new AppError(
          'position_invalid',
          `position ${at.position} is ahead of the head ${headPosition} of the stream ${name}`,
        )
      }
      if (at.position < lmdb.snapshot(readTrimmed).position) {
        throw new AppError(
          'position_invalid',
          `what followed position ${at.position} of the stream ${name} was trimmed`,
        )
      }
    },

    async trim(policy: TrimPolicy) {
      const slowest = await slowestConsumer()
      let freed = 0
      for (;;) {
        const { remove, bytes } = lmdb.snapshot(() => trimmable(policy, slowest))
        const last = remove.at(-1)
        if (last === undefined) return freed
        // Trimming is what makes room, so it does not ask for any first.
        await lmdb.transaction(() => {
          for (const group of remove) groups.removeSync(group)
        })
        freed += bytes
      }
    },

    close: () => writer.close(),
  }

  /** The oldest groups that may go, bounded so that no commit is long. The last group stays: it is the head. */
  function trimmable(
    { before, maxBytes: keepBytes }: TrimPolicy,
    slowest: number,
  ): { remove: number[]; bytes: number } {
    const end = readEnd(groups)
    const remove: number[] = []
    let bytes = 0
    for (const { key: group, value } of groups.getRange({ limit: trimGroupsPerCommit })) {
      const { appendedAt, bytesBefore, count } = decodeHeader(value)
      const lastPosition = positionOf(group, count - 1)
      const wanted = appendedAt < before || end.bytes - bytesBefore > keepBytes
      if (group === end.group || lastPosition > slowest || !wanted) break
      remove.push(group)
      bytes += value.length
    }
    return { remove, bytes }
  }
}
