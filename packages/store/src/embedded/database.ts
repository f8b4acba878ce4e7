// One DuckDB file: a connection that writes, one that puts rows in order beside it, a few that read, and what its
// failures mean. Whatever DuckDB throws leaves here as an AppError, so that any other error is known to be a bug.
import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBResult,
  type DuckDBValue,
} from '@duckdb/node-api'
import { AppError } from '@ronda/contracts/errors'

/** Each query takes a thread of libuv's pool, which the writer's commits need too. */
const readers = 2
/**
 * The same for its entries, of which a commit makes about ten: reading one back takes 0.1 ms, however little it holds, so
 * that few rows a commit would otherwise make a log that is read for a minute.
 */
const checkpointEntries = 5_000
/** Filling and flushing so many blocks the event loop for some 30 ms; each flush costs 1 ms of its own. */
const chunksPerTurn = 8

export interface DatabaseOptions {
  /** Path of the file, made when missing; beside it lie `.wal` and, when memory is short, `.tmp`. */
  file: string
  memoryLimitMb: number
  threads: number
  /**
   * Size of the write-ahead log at which a commit moves it into the file. Less rewrites the newest block of rows more
   * often, more makes starting after a crash slower.
   */
  checkpointMb?: number
}

export type ResultRow = Record<string, DuckDBValue>

/** A table of the file or, with the catalog `temp`, of the writer alone. */
export interface TableName {
  name: string
  catalog?: 'temp'
}

export type Run = (sql: string, values?: DuckDBValue[]) => Promise<ResultRow[]>

export interface Database {
  readonly file: string
  /** Runs SQL on the writer, inside its transaction when there is one. */
  run: Run
  /**
   * Appends chunks on the writer, each before it takes the next, and gives the event loop its turns. They are flushed
   * when it resolves: a COMMIT with rows still in an appender would silently commit everything but them.
   */
  append(table: TableName, chunks: Iterable<DuckDBDataChunk>): Promise<void>
  /** Runs SQL on a reader, which sees what is committed. */
  read: Run
  /** A transaction beside the writer's: all that the work runs comes about, or nothing. */
  aside(work: (run: Run) => Promise<void>): Promise<void>
  /** Whether DuckDB still answers: after some failures it refuses everything until the file is opened again. */
  alive(): Promise<boolean>
  /** Waits for what is under way. */
  close(): Promise<void>
}

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { file, memoryLimitMb, threads, checkpointMb = 64 } = options
  const instance = await DuckDBInstance.create(file, {
    memory_limit: `${memoryLimitMb}MB`,
    threads: String(threads),
    checkpoint_threshold: `${checkpointMb}MB`,
    wal_autocheckpoint_entries: String(checkpointEntries),
    // Nothing is fetched from the network.
    autoinstall_known_extensions: 'false',
    // It reads the table twice to find a few rows; once, from the newest block on, is several times as fast.
    disabled_optimizers: 'late_materialization',
  }).catch((error: unknown) => {
    throw openFailure(file, error)
  })
  const writer = createPool(file, [await instance.connect()])
  const background = createPool(file, [await instance.connect()])
  const reader = createPool(file, await Promise.all(Array.from({ length: readers }, () => instance.connect())))

  async function runWith(connection: DuckDBConnection, sql: string, values?: DuckDBValue[]): Promise<ResultRow[]> {
    try {
      return await collectRows(await connection.run(sql, values))
    } catch (cause) {
      throw failure(file, cause)
    }
  }

  return {
    file,
    run: (sql, values) => writer.use((connection) => runWith(connection, sql, values)),
    read: (sql, values) => reader.use((connection) => runWith(connection, sql, values)),

    aside: (work) =>
      background.use(async (connection) => {
        const run: Run = (sql, values) => runWith(connection, sql, values)
        await run('BEGIN')
        try {
          await work(run)
          await run('COMMIT')
        } catch (error) {
          // There may be no transaction any more.
          await run('ROLLBACK').catch(() => {})
          throw error
        }
      }),

    append: ({ name, catalog }, chunks) =>
      writer.use(async (connection) => {
        const appender = await connection.createAppender(name, undefined, catalog).catch((cause: unknown) => {
          throw failure(file, cause)
        })
        // Not around the chunks: to make them is not DuckDB's work.
        const attempt = (work: () => void) => {
          try {
            work()
          } catch (cause) {
            throw failure(file, cause)
          }
        }
        try {
          let appended = 0
          for (const chunk of chunks) {
            attempt(() => appender.appendDataChunk(chunk))
            if (++appended % chunksPerTurn !== 0) continue
            attempt(() => appender.flushSync())
            await nextTurn()
          }
          attempt(() => appender.flushSync())
        } catch (error) {
          // What is left in an appender would be written whenever the garbage collector finds it.
          quietly(() => appender.clear())
          throw error
        } finally {
          quietly(() => appender.closeSync())
        }
      }),

    async alive() {
      try {
        await reader.use((connection) => connection.run('SELECT 1'))
        return true
      } catch {
        return false
      }
    },

    async close() {
      const ended = await background.drain()
      // Closing would do this too, but on the event loop's thread. Where it fails, the log of writes stays as it is.
      await writer.use((connection) => connection.run('CHECKPOINT')).catch(() => {})
      for (const pool of [writer, reader]) ended.push(...(await pool.drain()))
      for (const connection of ended) connection.disconnectSync()
      instance.closeSync()
    },
  }
}

/** Of a whole city they are so many that the event loop gets its turns between them. */
async function collectRows(result: DuckDBResult): Promise<ResultRow[]> {
  const rows: ResultRow[] = []
  for await (const piece of result.yieldRowObjects()) {
    if (rows.length > 0) await nextTurn()
    rows.push(...piece)
  }
  return rows
}

interface Pool {
  use<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>
  /** Interrupts what runs, waits for it and gives every connection back; the pool takes nothing more. */
  drain(): Promise<DuckDBConnection[]>
}

function createPool(file: string, connections: readonly DuckDBConnection[]): Pool {
  const idle = [...connections]
  const waiting: ((connection: DuckDBConnection) => void)[] = []
  let drained = false

  async function take(): Promise<DuckDBConnection> {
    return idle.pop() ?? new Promise((resolve) => waiting.push(resolve))
  }

  return {
    async use(work) {
      if (drained) throw failure(file, 'it was closed after a failure')
      const connection = await take()
      try {
        return await work(connection)
      } finally {
        const next = waiting.shift()
        if (next === undefined) idle.push(connection)
        else next(connection)
      }
    },
    async drain() {
      drained = true
      for (const connection of connections) connection.interrupt()
      return Promise.all(connections.map(take))
    },
  }
}

function quietly(work: () => void): void {
  try {
    work()
  } catch {
    // The failure before it says why.
  }
}

function reasonOf(error: unknown): string {
  // DuckDB adds advice and positions in the statement on further lines.
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? ''
}

function failure(file: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause
  return new AppError('store_unavailable', `the history file ${file} cannot be used: ${reasonOf(cause)}`, { cause })
}

function openFailure(file: string, cause: unknown): AppError {
  const reason = reasonOf(cause)
  // DuckDB has no codes; this is its sentence for a file that another process holds.
  if (reason.includes('Could not set lock on file')) {
    return new AppError('data_dir_in_use', `the history file ${file} is in use by another process: stop it first`, {
      cause,
    })
  }
  // A later DuckDB may change its own format.
  if (reason.includes('newer version')) {
    return new AppError('data_dir_newer', `the history file ${file} was written by a newer version: update Ronda`, {
      cause,
    })
  }
  return new AppError('data_dir_unusable', `the history file ${file} cannot be opened: ${reason}`, { cause })
}
