// One DuckDB file: a connection that writes, a few that read, and what its failures mean. Whatever DuckDB throws
// leaves here as an AppError, so that any other error is known to be a bug.
import { AppError } from '@ronda/contracts/errors'
import {
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBMaterializedResult,
  type DuckDBValue,
} from '@duckdb/node-api'

/** Each query takes a thread of libuv's pool, which the writer's commits need too. */
const readers = 2
/**
 * Size of the write-ahead log at which a commit writes it into the file. Smaller ones rewrite the newest block of
 * rows more often, larger ones make starting after a crash slower.
 */
const checkpointThreshold = '64MB'

export interface DatabaseOptions {
  /** Path of the file, made when missing; beside it lie `.wal` and, when memory is short, `.tmp`. */
  file: string
  memoryLimitMb: number
  threads: number
}

export type ResultRow = Record<string, DuckDBValue>

/** A table of the file or, with the catalog `temp`, of the writer alone. */
export interface TableName {
  name: string
  catalog?: 'temp'
}

export interface Database {
  readonly file: string
  /** Runs SQL on the writer, inside its transaction when there is one. */
  run(sql: string, values?: DuckDBValue[]): Promise<ResultRow[]>
  /**
   * Appends the chunks that `fill` hands over, on the writer. They are flushed when it resolves: a COMMIT with rows
   * still in an appender would silently commit everything but them.
   */
  append(table: TableName, fill: (take: (chunk: DuckDBDataChunk) => void) => void): Promise<void>
  /** Runs SQL on a reader, which sees what is committed. */
  read(sql: string, values?: DuckDBValue[]): Promise<ResultRow[]>
  /** Whether DuckDB still answers: after some failures it refuses everything until the file is opened again. */
  alive(): Promise<boolean>
  /** Waits for what is under way. */
  close(): Promise<void>
}

export async function openDatabase({ file, memoryLimitMb, threads }: DatabaseOptions): Promise<Database> {
  const instance = await DuckDBInstance.create(file, {
    memory_limit: `${memoryLimitMb}MB`,
    threads: String(threads),
    checkpoint_threshold: checkpointThreshold,
    // Nothing is fetched from the network.
    autoinstall_known_extensions: 'false',
  }).catch((error: unknown) => {
    throw openFailure(file, error)
  })
  const writer = await instance.connect()
  const pool = createPool(await Promise.all(Array.from({ length: readers }, () => instance.connect())))

  /** Turns what DuckDB throws into the one failure that callers expect. */
  async function guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (cause) {
      throw failure(file, cause)
    }
  }

  return {
    file,
    run: (sql, values) => guard(async () => readAll(await writer.run(sql, values))),

    async append({ name, catalog }, fill) {
      const appender = await guard(() => writer.createAppender(name, undefined, catalog))
      const attempt = (work: () => void) => {
        try {
          work()
        } catch (cause) {
          throw failure(file, cause)
        }
      }
      try {
        fill((chunk) => attempt(() => appender.appendDataChunk(chunk)))
        attempt(() => appender.flushSync())
      } catch (error) {
        // What is left in an appender would be written whenever the garbage collector finds it.
        appender.clear()
        throw error
      } finally {
        appender.closeSync()
      }
    },

    read: (sql, values) =>
      pool.use((connection) => guard(async () => readAll(await connection.run(sql, values)))),

    async alive() {
      try {
        await pool.use((connection) => connection.run('SELECT 1'))
        return true
      } catch {
        return false
      }
    },

    async close() {
      writer.disconnectSync()
      for (const connection of await pool.drain()) connection.disconnectSync()
      instance.closeSync()
    },
  }
}

async function readAll(result: DuckDBMaterializedResult): Promise<ResultRow[]> {
  return result.getRowObjects()
}

interface Pool {
  use<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>
  /** Interrupts what runs and gives back every connection; the pool is of no use afterwards. */
  drain(): Promise<DuckDBConnection[]>
}

function createPool(connections: readonly DuckDBConnection[]): Pool {
  const idle = [...connections]
  const waiting: ((connection: DuckDBConnection) => void)[] = []

  async function take(): Promise<DuckDBConnection> {
    return idle.pop() ?? new Promise((resolve) => waiting.push(resolve))
  }

  return {
    async use(work) {
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
      for (const connection of connections) connection.interrupt()
      return Promise.all(connections.map(take))
    },
  }
}

function reasonOf(error: unknown): string {
  // DuckDB adds advice and positions in the statement on further lines.
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? ''
}

function failure(file: string, cause: unknown): AppError {
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
