// The writing of a batch, in one transaction: sort out what is new, append it, then the cursor with it, commit.
import { BIGINT, DuckDBDataChunk, type DuckDBType, type DuckDBValue, INTEGER, VARCHAR } from '@duckdb/node-api'
import { storeTime } from '@ronda/contracts/identity'
import type { Row, StoreProgress } from '../store.ts'
import { chunkRows } from './chunk-writer.ts'
import type { Database } from './database.ts'
import { storedSql } from './history-sql.ts'
import { type Instant, isAfter } from './marks.ts'
import type { OpenTable, Session } from './session.ts'

/** ms by which the newest row may be ahead of what the file has noted. */
const noteEveryMs = 3_600_000

/** Rows and, beside them, the numbers of their series. */
interface KeyedRows {
  rows: Row[]
  keys: number[]
}

interface Part {
  table: OpenTable
  /** Above their devices' marks: new for certain. */
  fresh: KeyedRows
  doubtful: Row[]
}

/** Begins a transaction and appends what is new; answers how many rows that were. */
export async function stageRows(session: Session, rows: readonly Row[]): Promise<number> {
  const { db } = session
  const parts = sortOut(session, rows)
  await db.run('BEGIN')
  let stored = 0
  for (const { table, fresh, doubtful } of parts) {
    await append(db, table, fresh)
    // The fresh rows are in the table now, so a row that is doubtful beside one of this batch is found too.
    const missing = await findMissing(session, table, doubtful)
    await append(db, table, missing)
    stored += fresh.rows.length + missing.rows.length
  }
  return stored
}

export interface Commit {
  /** Tells this commit from all others, for `hasLanded`. */
  id: string
  consumer: string
  progress: StoreProgress
}

/** Writes the cursor beside the rows and commits. */
export async function commitStaged(session: Session, commit: Commit): Promise<void> {
  const { db } = session
  await saveSeries(session)
  for (const table of session.tables()) await noteNewest(db, table)
  await saveProgress(db, commit)
  await db.run('COMMIT')
}

async function saveProgress(db: Database, { id, consumer, progress: { cursor, counts } }: Commit): Promise<void> {
  const values = [
    consumer,
    id,
    cursor.epoch,
    cursor.position,
    cursor.ordinal,
    counts.written,
    counts.deadLettered,
    counts.stored,
    counts.collapsed,
    counts.refused,
  ]
  const [updated] = await db.run(
    `UPDATE progress SET commitId = $2, epoch = $3, position = $4, ordinal = $5, written = $6, deadLettered = $7,
     stored = $8, collapsed = $9, refused = $10 WHERE consumer = $1`,
    values,
  )
  if (Number(updated?.Count) > 0) return
  await db.run('INSERT INTO progress VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)', values)
}

/** Seldom, for a statement takes as long as a thousand rows. */
async function noteNewest(db: Database, { measurement, marks, notedMs }: OpenTable): Promise<void> {
  const newestMs = marks.newestMs()
  if (newestMs < notedMs + noteEveryMs) return
  await db.run(`DELETE FROM newest WHERE measurement = '${measurement}'`)
  await db.run(`INSERT INTO newest VALUES ('${measurement}', ${newestMs})`)
}

/** Whether a commit that failed is in the file all the same. */
export async function hasLanded({ db }: Session, { id, consumer }: Commit): Promise<boolean> {
  const found = await db.read('SELECT 1 FROM progress WHERE consumer = $1 AND commitId = $2', [consumer, id])
  return found.length > 0
}

/** What is kept in memory follows a commit. */
export function settleStaged(session: Session): void {
  session.series.saved()
  for (const table of session.tables()) {
    table.marks.settle()
    const newestMs = table.marks.newestMs()
    if (newestMs >= table.notedMs + noteEveryMs) table.notedMs = newestMs
  }
}

/** Takes back what is staged, in memory and, as far as it still answers, in the file. */
export async function undoStaged(session: Session): Promise<void> {
  for (const { marks } of session.tables()) marks.revert()
  await session.db.run('ROLLBACK')
}

function sortOut(session: Session, rows: readonly Row[]): Part[] {
  const parts = new Map<Row['measurement'], Part>()
  for (const row of rows) {
    let part = parts.get(row.measurement)
    if (part === undefined) {
      part = { table: session.tableOf(row.measurement), fresh: { rows: [], keys: [] }, doubtful: [] }
      parts.set(row.measurement, part)
    }
    if (part.table.marks.rise(row.device, row.tsMs, row.sub)) {
      part.fresh.rows.push(row)
      part.fresh.keys.push(session.series.keyOf(row.device, row.district))
    } else {
      part.doubtful.push(row)
    }
  }
  return [...parts.values()]
}

async function append(db: Database, { name, write }: OpenTable, { rows, keys }: KeyedRows): Promise<void> {
  if (rows.length > 0) await db.append({ name }, write(rows, keys))
}

/** Those of the rows that are neither in the table nor twice in the list. */
async function findMissing({ db, series }: Session, table: OpenTable, doubtful: readonly Row[]): Promise<KeyedRows> {
  const missing: KeyedRows = { rows: [], keys: [] }
  const [first] = doubtful
  if (first === undefined) return missing

  const seen = new Set<string>()
  const candidates: { n: number; key: number; ns: bigint }[] = []
  let from: Instant = first
  let to: Instant = first
  const distinct = doubtful.filter((row) => {
    const identity = `${row.device} ${row.tsMs} ${row.sub}`
    if (seen.has(identity)) return false
    seen.add(identity)
    return true
  })
  for (const [n, row] of distinct.entries()) {
    if (isAfter(from, row)) from = row
    if (isAfter(row, to)) to = row
    // It may be there in any district that the device was ever in.
    const ns = storeTime(row.tsMs, row.sub)
    for (const key of series.keysOf(row.device)) candidates.push({ n, key, ns })
  }
  const columns = { n: INTEGER, key: INTEGER, ns: BIGINT }
  await db.append({ name: 'candidate', catalog: 'temp' }, chunksOf(candidates, columns))
  const stored = new Set((await db.run(storedSql(table.name, from, to))).map(({ n }) => Number(n)))
  await db.run('DELETE FROM temp.candidate')

  for (const [n, row] of distinct.entries()) {
    if (stored.has(n)) continue
    missing.rows.push(row)
    missing.keys.push(series.keyOf(row.device, row.district))
  }
  return missing
}

async function saveSeries({ db, series }: Session): Promise<void> {
  const unsaved = series.unsaved()
  if (unsaved.length === 0) return
  await db.append({ name: 'series' }, chunksOf(unsaved, { key: INTEGER, device: VARCHAR, district: VARCHAR }))
}

/** The few rows of our own tables, with the library's means. */
function* chunksOf<K extends string>(
  rows: readonly Readonly<Record<K, DuckDBValue>>[],
  columns: Readonly<Record<K, DuckDBType>>,
): Iterable<DuckDBDataChunk> {
  // Object.keys forgets that they are those of `columns`.
  const names = Object.keys(columns) as K[]
  for (let start = 0; start < rows.length; start += chunkRows) {
    const part = rows.slice(start, start + chunkRows)
    const chunk = DuckDBDataChunk.create(names.map((name) => columns[name]))
    chunk.setColumns(names.map((name) => part.map((row) => row[name])))
    yield chunk
  }
}
