// The embedded adapter: history in one DuckDB file, for one process. It keeps its consumers' cursors, committed in
// the same transaction as their rows, and stays usable after a failure by opening the file again.
import { AppError } from '@ronda/contracts/errors'
import type { Logger } from '@ronda/runtime/log'
import type { StagedRows, Store, StoreProgress } from '../store.ts'
import type { DatabaseOptions } from './database.ts'
import { readHistory, readLatest, readProgress } from './reading.ts'
import { type Session, openSession } from './session.ts'
import { commitStaged, stageRows, undoStaged } from './staging.ts'

export interface EmbeddedStoreOptions extends DatabaseOptions {
  log?: Logger
}

/**
 * Opens or makes the file. Throws `data_dir_in_use` when another process has it open, `data_dir_newer` when a newer
 * version wrote it, `data_dir_unusable` when it cannot be opened, `store_unavailable` when there is no room in it.
 */
export async function openEmbeddedStore({ log, ...options }: EmbeddedStoreOptions): Promise<Store> {
  let opened: Promise<Session> = openSession(options)
  await opened
  let usable = true
  let staging = false

  /** The open session; opens the file again when the last one failed for good. */
  async function session(): Promise<Session> {
    if (!usable) {
      usable = true
      log?.warn({ file: options.file }, 'the history file is opened again')
      opened = openSession(options)
      opened.catch(() => {
        usable = false
      })
    }
    try {
      return await opened
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause
      throw new AppError('store_unavailable', cause.message, { cause })
    }
  }

  /** Ends a session that DuckDB no longer serves. */
  async function examine(failed: Session): Promise<void> {
    if (!usable || (await opened) !== failed || (await failed.db.alive())) return
    // Asked again: of several that waited, the first one ends it.
    if (!usable) return
    usable = false
    await failed.db.close()
  }

  async function use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const current = await session()
    try {
      return await work(current)
    } catch (error) {
      if (error instanceof AppError) await examine(current)
      throw error
    }
  }

  async function undo(staged: Session): Promise<void> {
    try {
      await undoStaged(staged)
    } catch {
      await examine(staged)
    }
  }

  return {
    name: 'embedded',
    tellsCollapsed: true,

    async stage(consumer, rows) {
      if (staging) throw new Error('the stage before is neither committed nor rolled back')
      staging = true
      const current = await session().catch((error: unknown) => {
        staging = false
        throw error
      })
    },
  }
}
