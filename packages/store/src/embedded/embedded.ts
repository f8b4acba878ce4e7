// The embedded adapter: history in one DuckDB file, for one process. It keeps its consumers' cursors, committed in
// the same transaction as their rows, and stays usable after a failure, by opening the file again where it must.
import { AppError } from '@ronda/contracts/errors'
import type { Logger } from '@ronda/runtime/log'
import { createStageGate } from '../stage-gate.ts'
import type { Store } from '../store.ts'
import { readCounts, readHistories, readHistory, readLatest, readNewest, readOldest, readProgress } from './reading.ts'
import { type Session, type SessionOptions, openSession } from './session.ts'
import { type Commit, commitStaged, hasLanded, settleStaged, stageRows, undoStaged } from './staging.ts'

export interface EmbeddedStoreOptions extends SessionOptions {
  log?: Logger
}

/**
 * Opens or makes the file. Throws `data_dir_in_use` when another process has it open, `data_dir_newer` when a newer
 * version wrote it, `data_dir_unusable` when it cannot be opened, `store_unavailable` when it cannot be written.
 */
export async function openEmbeddedStore({ log, ...options }: EmbeddedStoreOptions): Promise<Store> {
  /** Undefined from a failure after which DuckDB refuses everything until the file is opened again. */
  let current: Session | undefined = await openSession(options)
  let reopening: Promise<Session> | undefined
  let ended: Promise<void> | undefined
  let closed = false
  const gate = createStageGate()
  /** Why the last commit did not come about. */
  let failure: AppError | undefined

  async function session(): Promise<Session> {
    if (closed) throw new Error('the store is closed')
    if (current !== undefined) return current
    reopening ??= reopen().finally(() => {
      reopening = undefined
    })
    return reopening
  }

  async function reopen(): Promise<Session> {
    await ended
    try {
      current = await openSession(options)
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause
      throw new AppError('store_unavailable', cause.message, { cause })
    }
    log?.info({ file: options.file }, 'the history file was opened again')
    return current
  }

  /** After a failure: ends the session if DuckDB no longer serves it. */
  async function examine(failed: Session): Promise<void> {
    if (await failed.db.alive()) return
    if (failed !== current) return
    current = undefined
    ended = failed.db.close()
    await ended
  }

  async function use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const used = await session()
    try {
      return await work(used)
    } catch (error) {
      await examine(used)
      throw error
    }
  }

  async function undo(staged: Session): Promise<void> {
    try {
      await undoStaged(staged)
    } catch {
      // There is no transaction any more, or no session.
      await examine(staged)
    }
  }

  /** False where it cannot be asked. */
  async function landed(commit: Commit): Promise<boolean> {
    try {
      return await use((asked) => hasLanded(asked, commit))
    } catch {
      return false
    }
  }

  async function commit(staged: Session, attempt: Commit): Promise<void> {
    try {
      await commitStaged(staged, attempt)
    } catch (error) {
      await examine(staged)
      if (!(await landed(attempt))) {
        await undo(staged)
        throw error
      }
    }
    settleStaged(staged)
  }

  /** Beside what goes on. Where it fails, all rows are where they were, and it is tried again after as many more. */
  async function cluster(session: Session, stored: number): Promise<void> {
    try {
      await session.clustering.committed(stored)
    } catch (error) {
      if (closed || session !== current) return
      log?.warn({ err: error }, 'history could not be put into the order of its devices: it is slower to read')
      await examine(session)
    }
  }

  /** Keeps a failure for `unavailable`, until a commit succeeds. */
  function noteFailure(error: unknown): never {
    if (error instanceof AppError) failure = error
    throw error
  }

  return {
    name: 'embedded',
    tellsCollapsed: true,

    stage: (consumer, rows) =>
      gate(async () => {
        const staged = await session()
        const stored = await stageRows(staged, rows).catch(async (error: unknown) => {
          await undo(staged)
          return noteFailure(error)
        })
        return {
          stored,
          collapsed: rows.length - stored,
          rejected: [],
          async commit(progress) {
            await commit(staged, { id: crypto.randomUUID(), consumer, progress }).catch(noteFailure)
            failure = undefined
            void cluster(staged, stored)
          },
          rollback: () => undo(staged),
        }
      }),

    progress: (consumer) => use((used) => readProgress(used, consumer)),
    latest: (measurement, device) => use((used) => readLatest(used, measurement, device)),
    history: (query) => use((used) => readHistory(used, query)),
    newest: (query) => use((used) => readNewest(used, query)),
    oldest: (query) => use((used) => readOldest(used, query)),
    histories: (query) => use((used) => readHistories(used, query)),
    counts: (query) => use((used) => readCounts(used, query)),

    async unavailable() {
      try {
        await session()
        return failure
      } catch (error) {
        if (error instanceof AppError) return error
        throw error
      }
    },

    async close() {
      if (closed) return
      closed = true
      await reopening?.catch(() => {})
      await current?.db.close()
      await ended
    },
  }
}
