// What the history file answers: a consumer's progress, a device's newest row, its history.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FieldValue } from '@ronda/contracts/fields'
import type { Measurement } from '@ronda/contracts/measurements'
import { fieldsOf, resolveCount, resolveQuery } from '../query.ts'
import type { CityQuery, CountQuery, HistoryQuery, HistoryRow, StoreProgress, ValueCount } from '../store.ts'
import { countsSql, historiesSql, newestSql, oldestSql } from './city-sql.ts'
import type { ResultRow } from './database.ts'
import { historySql, latestSql } from './history-sql.ts'
import type { Session } from './session.ts'

/** Of a city there are so many that the event loop gets its turns between them. */
const devicesPerTurn = 2_000

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

export async function readNewest({ db, tableOf }: Session, query: CityQuery): Promise<ReadonlyMap<string, HistoryRow>> {
  return byDevice(await db.read(newestSql(tableOf(query.measurement).name, resolveQuery(query))))
}

export async function readOldest({ db, tableOf }: Session, query: CityQuery): Promise<ReadonlyMap<string, HistoryRow>> {
  return byDevice(await db.read(oldestSql(tableOf(query.measurement).name, resolveQuery(query))))
}

async function byDevice(rows: readonly ResultRow[]): Promise<Map<string, HistoryRow>> {
  const found = new Map<string, HistoryRow>()
  for (const row of rows) {
    found.set(String(row._device), historyRowOf(row))
    if (found.size % devicesPerTurn === 0) await nextTurn()
  }
  return found
}

export async function readHistories(
  { db, tableOf }: Session,
  query: CityQuery & { everyMs: number },
): Promise<ReadonlyMap<string, readonly HistoryRow[]>> {
  const rows = await db.read(historiesSql(tableOf(query.measurement).name, resolveQuery(query), query.everyMs))
  const histories = new Map<string, HistoryRow[]>()
  for (const row of rows) {
    const device = String(row._device)
    const history = histories.get(device)
    if (history === undefined) histories.set(device, [historyRowOf(row)])
    else history.push(historyRowOf(row))
  }
  return histories
}

export async function readCounts({ db, tableOf }: Session, query: CountQuery): Promise<readonly ValueCount[]> {
  const { name } = tableOf(query.measurement)
  const rows = await db.read(countsSql(name, resolveCount(query), query), [...query.values])
  return rows.map(({ _device, _value, _at, _count }) => ({
    device: String(_device),
    value: String(_value),
    time: Number(_at),
    count: Number(_count),
  }))
}

function historyRowOf({ _at, _device, ...columns }: ResultRow): HistoryRow {
  const values: Record<string, FieldValue> = {}
  for (const [name, value] of Object.entries(columns)) {
    if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') values[name] = value
  }
  return { time: Number(_at), values }
}
