// The statements about all devices at once. As in history-sql.ts, nothing but numbers of ours and declared field names
// is put into them; texts are parameters.
import type { ResolvedQuery } from '../query.ts'
import { anyValue, bucketOf, bucketValues, msOfTime, selectFields, timeBetween } from './history-sql.ts'

/** A device that moved to another district has several series, and is one all the same. */
function rowsOf(table: string, { from, to }: Pick<ResolvedQuery, 'from' | 'to'>): string {
  const time = timeBetween({ tsMs: from, sub: 0 }, { tsMs: to, sub: 0 })
  return `FROM ${table} r JOIN series s ON s.key = r.series WHERE ${time}`
}

/** `_device`, `_at` (ms UTC) and the fields. */
export function newestSql(table: string, query: ResolvedQuery): string {
  return endSql(table, query, 'max')
}

export function oldestSql(table: string, query: ResolvedQuery): string {
  return endSql(table, query, 'min')
}

function endSql(table: string, query: ResolvedQuery, end: 'min' | 'max'): string {
  const { fields } = query
  // The values of one row: of each field by itself arg_max would take the newest that is not null.
  const row = fields.map(({ name }) => `"${name}" := "${name}"`).join()
  const values = fields.map(({ name }) => `_row."${name}" AS "${name}"`).join()
  return `
    SELECT _device, _at::DOUBLE AS _at, ${values} FROM (
      SELECT s.device AS _device, ${end}(${msOfTime}) AS _at, arg_${end}(struct_pack(${row}), time) AS _row
      ${rowsOf(table, query)} AND ${anyValue(fields)} GROUP BY _device
    )`
}

/** `_device`, `_at` (ms UTC, where the bucket begins) and the fields, in order of time. */
export function historiesSql(table: string, query: ResolvedQuery, everyMs: number): string {
  const { fields } = query
  return `
    SELECT _device, (_bucket * ${everyMs})::DOUBLE AS _at, ${selectFields(fields)} FROM (
      SELECT s.device AS _device, ${bucketOf(everyMs)} AS _bucket, ${bucketValues(fields)}
      ${rowsOf(table, query)} AND ${anyValue(fields)} GROUP BY _device, _bucket
    ) ORDER BY _bucket`
}

/** `_device`, `_at`, `_value` and `_count`, of the values that are given as parameters. */
export function countsSql(
  table: string,
  { name, ...query }: ResolvedQuery & { name: string },
  { values, everyMs }: { values: readonly string[]; everyMs: number },
): string {
  const wanted = values.map((_, index) => `$${index + 1}`).join()
  return `
    SELECT _device, (_bucket * ${everyMs})::DOUBLE AS _at, _value, _count FROM (
      SELECT s.device AS _device, ${bucketOf(everyMs)} AS _bucket, "${name}" AS _value, count(*)::DOUBLE AS _count
      ${rowsOf(table, query)} AND "${name}" IN (${wanted}) GROUP BY _device, _bucket, _value
    )`
}
