// The history file while it is open: its tables and what is kept of them in memory. A session ends with the first
// failure after which DuckDB refuses everything; embedded.ts then opens another, which reads all of it anew.
import type { Measurement } from '@ronda/contracts/measurements'
import { type ChunkWriter, createChunkWriter } from './chunk-writer.ts'
import { type Clustering, createClustering } from './clustering.ts'
import { type Database, type DatabaseOptions, type ResultRow, openDatabase } from './database.ts'
import { marksSql } from './history-sql.ts'
import { type Instant, type Marks, createMarks, isAfter } from './marks.ts'
import { type Table, prepareSchema } from './schema.ts'
import { type SeriesIndex, createSeriesIndex } from './series.ts'

/**
 * How far before the newest row, roughly, marks are loaded, so that the time to open is that of a day's rows. What a
 * device sends after a longer silence is looked up in the table.
 */
const markWindowMs = 86_400_000

export interface OpenTable extends Table {
  marks: Marks
  /** ms of roughly the newest row, as the file has it; 0 when there is none. */
  notedMs: number
  write: ChunkWriter
}

export interface Session {
  db: Database
  series: SeriesIndex
  tableOf(measurement: Measurement): OpenTable
  tables(): Iterable<OpenTable>
  clustering: Clustering
}

export interface SessionOptions extends DatabaseOptions {
  /** How many rows, roughly, are put into the order of their devices at a time; see clustering.ts. */
  sliceRows?: number
}

/** Throws `data_dir_in_use`, `data_dir_newer`, `data_dir_unusable` or `store_unavailable`. */
export async function openSession({ sliceRows, ...options }: SessionOptions): Promise<Session> {
  const db = await openDatabase(options)
  try {
    return await loadSession(db, sliceRows)
  } catch (error) {
    await db.close()
    throw error
  }
}

async function loadSession(db: Database, sliceRows: number | undefined): Promise<Session> {
  const layout = await prepareSchema(db)
  const series = createSeriesIndex(
    (await db.run('SELECT key, device, district FROM series')).map((row) => ({
      key: Number(row.key),
      device: String(row.device),
      district: String(row.district),
    })),
  )
  const noted = new Map(
    (await db.run('SELECT measurement, tsMs FROM newest')).map((row) => [row.measurement, Number(row.tsMs)]),
  )
  const tables = new Map<Measurement, OpenTable>()
  for (const table of layout) {
    const notedMs = noted.get(table.measurement) ?? 0
    const marks = await loadMarks(db, table.name, Math.max(0, notedMs - markWindowMs), series)
    tables.set(table.measurement, { ...table, marks, notedMs, write: createChunkWriter(table) })
  }
  return {
    db,
    series,
    tableOf(measurement) {
      const found = tables.get(measurement)
      if (found === undefined) throw new Error(`no table of ${measurement}`)
      return found
    },
    tables: () => tables.values(),
    clustering: createClustering(db, [...tables.values()], sliceRows),
  }
}

async function loadMarks(db: Database, table: string, floorMs: number, series: SeriesIndex): Promise<Marks> {
  const byKey = new Map((await db.run(marksSql(table, floorMs))).map((row) => [row.series, instantOf(row)]))
  const loaded = new Map<string, Instant>()
  for (const { key, device } of series.all()) {
    const instant = byKey.get(key)
    const other = loaded.get(device)
    if (instant !== undefined && (other === undefined || isAfter(instant, other))) loaded.set(device, instant)
  }
  return createMarks({ loaded, floorMs })
}

function instantOf(row: ResultRow): Instant {
  return { tsMs: Number(row.tsMs), sub: Number(row.sub) }
}
