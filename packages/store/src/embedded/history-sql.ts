// The statements that read rows. Nothing but numbers of ours and declared field names is put into them: DuckDB
// skips blocks of rows by literals, which it does not do by parameters.
import type { NamedField, ResolvedQuery } from '../query.ts'
import type { HistoryQuery } from '../store.ts'
import type { Instant } from './marks.ts'

const nsPerMs = 1_000_000

/** ns since the epoch; beyond 2^53, so as text. */
function nsLiteral({ tsMs, sub }: Instant): string {
  return `make_timestamp_ns(${tsMs}${String(sub).padStart(6, '0')})`
}

export function timeBetween(from: Instant, to: Instant): string {
  return `time >= ${nsLiteral(from)} AND time < ${nsLiteral(to)}`
}

export const msOfTime = `(epoch_ns(time) // ${nsPerMs})`

export interface RowsOf {
  table: string
  /** All series of the device. */
  keys: readonly number[]
}

function seriesIn(keys: readonly number[]): string {
  return `series IN (${keys.join()})`
}

export function anyValue(fields: readonly NamedField[]): string {
  return `(${fields.map(({ name }) => `"${name}" IS NOT NULL`).join(' OR ')})`
}

export function selectFields(fields: readonly NamedField[]): string {
  return fields.map(({ name }) => `"${name}"`).join()
}

/** The number of a row's bucket. */
export function bucketOf(everyMs: number): string {
  return `${msOfTime} // ${everyMs}`
}

/** Each field's value in a bucket. */
export function bucketValues(fields: readonly NamedField[]): string {
  return fields
    .map(({ name, field }) =>
      field.aggregate === 'mean' ? `avg("${name}") AS "${name}"` : `arg_max("${name}", time) AS "${name}"`,
    )
    .join()
}

/** Rows or buckets as `_at` (ms UTC) and the fields, in order of time. */
export function historySql(
  { table, keys }: RowsOf,
  { fields, from, to }: ResolvedQuery,
  { everyMs, limit, first }: Pick<HistoryQuery, 'everyMs' | 'limit' | 'first'>,
): string {
  const order = first === 'newest' ? 'DESC' : 'ASC'
  const where = `${seriesIn(keys)} AND ${timeBetween({ tsMs: from, sub: 0 }, { tsMs: to, sub: 0 })} AND ${anyValue(fields)}`
  if (everyMs === undefined) {
    return `SELECT ${msOfTime}::DOUBLE AS _at, ${selectFields(fields)} FROM ${table} WHERE ${where} ORDER BY time ${order} LIMIT ${limit}`
  }
  return `
    SELECT (_bucket * ${everyMs})::DOUBLE AS _at, ${selectFields(fields)} FROM (
      SELECT ${bucketOf(everyMs)} AS _bucket, ${bucketValues(fields)} FROM ${table} WHERE ${where} GROUP BY _bucket
    ) ORDER BY _bucket ${order} LIMIT ${limit}`
}

export function latestSql({ table, keys }: RowsOf, fields: readonly NamedField[]): string {
  return `SELECT ${msOfTime}::DOUBLE AS _at, ${selectFields(fields)} FROM ${table} WHERE ${seriesIn(keys)} ORDER BY time DESC LIMIT 1`
}

/** The newest time of each series, of those that have a row since `floorMs`. */
export function marksSql(table: string, floorMs: number): string {
  return `
    SELECT series, (epoch_ns(newest) // ${nsPerMs})::DOUBLE AS "tsMs", (epoch_ns(newest) % ${nsPerMs})::DOUBLE AS sub
    FROM (
      SELECT series, max(time) AS newest FROM ${table}
      WHERE time >= ${nsLiteral({ tsMs: floorMs, sub: 0 })} GROUP BY series
    )`
}

/** How many `rows` each `minute` since the epoch has, of those that have any, in their order. */
export function minutesSql(table: string, from: Instant, to: Instant): string {
  return `
    SELECT (epoch_ns(time) // ${60_000 * nsPerMs})::DOUBLE AS minute, count(*)::DOUBLE AS rows FROM ${table}
    WHERE ${timeBetween(from, to)} GROUP BY minute ORDER BY minute`
}

/** Numbers `n` of the candidates that are in the table; their times lie from `from` to `to`. */
export function storedSql(table: string, from: Instant, to: Instant): string {
  return `
    SELECT DISTINCT c.n FROM temp.candidate c
    JOIN ${table} r ON r.series = c.series AND r.time = make_timestamp_ns(c.ns)
    WHERE r.time >= ${nsLiteral(from)} AND r.time <= ${nsLiteral(to)}`
}
