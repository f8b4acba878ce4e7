// One LMDB environment (a folder) with its doorbell, and what LMDB needs looked after: stale readers, errors
// that hide their reason, room on the disk.
import { mkdirSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '@ronda/contracts/errors'
import { type RootDatabase, open } from 'lmdb'
import { type Doorbell, createDoorbell } from './doorbell.ts'

const readerCheckMs = 5_000
const roomCheckMs = 500

export interface LmdbEnvironment {
  root: RootDatabase
  doorbell: Doorbell
  /** Why nothing may be written now: less than the reserve is free. */
  noRoom(): AppError | undefined
  /**
   * Reads from one fresh snapshot and lets go of it: one that is held keeps trimmed pages from being used again.
   * Throws `shutting_down` after close, where lmdb itself would take the process with it.
   */
  snapshot<T>(read: () => T): T
  /**
   * Runs in a write transaction of its own; rejects with what a failed commit means, and after close as above. While
   * an asynchronous one waits, what else this thread reads here is what it has written so far.
   */
  transaction(write: () => void | Promise<void>): Promise<void>
  close(): Promise<void>
}

export interface LmdbOptions {
  dir: string
  /** Free disk space below which nothing but trimming is written. */
  reserveBytes: number
}

export function openLmdb({ dir, reserveBytes }: LmdbOptions): LmdbEnvironment {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const root = open({
    path: dir,
    maxDbs: 64,
    // With the default, another process could read a record before it is durable.
    overlappingSync: false,
    // Each group is a commit of its own; waiting for the end of the event turn would only add to it.
    eventTurnBatching: false,
    noMemInit: true,
  })
  const doorbell = createDoorbell(join(dir, 'data.mdb'))
  // A reader that was killed keeps every later page from being used again until it is found.
  const readerCheck = setInterval(() => root.readerCheck(), readerCheckMs)
  readerCheck.unref()

  let closed = false
  function mustBeOpen(): void {
    if (closed) throw new AppError('shutting_down')
  }

  let checkedAt = -Infinity
  let lastFound: AppError | undefined
  return {
    root,
    doorbell,
    noRoom() {
      const now = performance.now()
      if (now - checkedAt >= roomCheckMs) {
        checkedAt = now
        lastFound = roomLeft(dir, reserveBytes)
      }
      return lastFound
    },
    snapshot(read) {
      mustBeOpen()
      root.resetReadTxn()
      try {
        return read()
      } finally {
        root.resetReadTxn()
      }
    },
    async transaction(write) {
      mustBeOpen()
      try {
        await root.transaction(write)
      } catch (error) {
        throw await commitFailure(error)
      }
    },
    async close() {
      closed = true
      clearInterval(readerCheck)
      doorbell.close()
      await root.close()
    },
  }
}

function roomLeft(dir: string, reserveBytes: number): AppError | undefined {
  const { bavail, bsize } = statfsSync(dir)
  const freeBytes = bavail * bsize
  if (freeBytes >= reserveBytes) return undefined
  const mb = (bytes: number) => `${Math.round(bytes / 1e6)} MB`
  return new AppError(
    'storage_full',
    `the disk of ${dir} has ${mb(freeBytes)} free, ${mb(reserveBytes)} are kept in reserve: make room, or lower RONDA_DISK_RESERVE_MB`,
  )
}

// What LMDB says when a file cannot grow: EIO, EFBIG, ENOSPC, MDB_MAP_FULL.
const fullCodes = new Set([5, 27, 28, -30_792])

/** What a failed commit means. lmdb rejects with a general error and hides the reason in a second promise. */
export async function commitFailure(error: unknown): Promise<AppError> {
  if (error instanceof AppError) return error
  let cause = error
  if (error instanceof Error && 'commitError' in error) {
    cause = await Promise.resolve(error.commitError).catch((reason: unknown) => reason)
  }
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (typeof code === 'number' && fullCodes.has(code)) {
    return new AppError('storage_full', 'the disk is full: make room on it', { cause })
  }
  const why = cause instanceof Error ? cause.message : String(cause)
  return new AppError('storage_failed', `the storage could not commit: ${why}`, { cause })
}
