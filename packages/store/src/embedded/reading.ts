// What the history file answers: a consumer's progress, a device's newest row, its history.
import type { FieldValue } from '@ronda/contracts/fields'
import type { Measurement } from '@ronda/contracts/measurements'
import { fieldsOf, resolveQuery } from '../query.ts'
import type { HistoryQuery, HistoryRow, StoreProgress } from '../store.ts'
import type { ResultRow } from './database.ts'
import { historySql, latestSql } from './history-sql.ts'
import type { Session } from './session.ts'

export async function readProgress({ db }: Session, consumer: string): Promise<StoreProgress | undefined> {
  const [row] = await db.read('SELECT * FROM progress WHERE consumer = $1', [consumer])
  if (row === undefined) return undefined
  const number = (name: string) => Number(row[name])
  return {
    cursor: { epoch: String(row.epoch), position: number('position'), ordinal: number('ordinal') },
    counts: {
      written: number('written'),
      deadLettered: number('deadLettered'),
      stored: number('stored'),
      collapsed: number('collapsed'),
      refused: number('refused'),
    },
  }
}

export async function readLatest(
  { db, series, tableOf }: Session,
  measurement: Measurement,
  device: string,
): Promise<HistoryRow | undefined> {
  const keys = series.keysOf(device)
  if (keys.length === 0) return undefined
  const { name: table } = tableOf(measurement)
  const [row] = await db.read(latestSql({ table, keys }, fieldsOf(measurement)))
  return row === undefined ? undefined : historyRowOf(row)
}

export async function readHistory({ db, series, tableOf }: Session, query: HistoryQuery): Promise<HistoryRow[]> {
  const resolved = resolveQuery(query)
  const keys = series.keysOf(query.device)
  if (keys.length === 0) return []
  const { name: table } = tableOf(query.measurement)
  return (await db.read(historySql({ table, keys }, resolved, query))).map(historyRowOf)
}

function historyRowOf({ _at, ...columns }: ResultRow): HistoryRow {
  const values: Record<string, FieldValue> = {}
  for (const [name, value] of Object.entries(columns)) {
    if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') values[name] = value
  }
  return { time: Number(_at), values }
}
