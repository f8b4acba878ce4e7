// The queries in InfluxQL, the one language that 1.x, 2.x and 3.x answer, and their answers as rows.
import type { FieldValue } from '@ronda/contracts/fields'
import type { Measurement } from '@ronda/contracts/measurements'
import { type NamedField, type ResolvedQuery, fieldsOf } from '../query.ts'
import type { CityQuery, CountQuery, HistoryQuery, HistoryRow } from '../store.ts'

/** What a statement answers, of `/query` with `epoch=ms`; `columns` begins with `time`. */
export interface Series {
  /** What the statement groups by. */
  tags?: Readonly<Record<string, string>>
  columns: readonly string[]
  values: readonly (readonly (FieldValue | null)[])[]
}

function escaped(text: string, quote: string): string {
  const inside = text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`).replaceAll('\n', '\\n')
  return `${quote}${inside}${quote}`
}

/** A name in double quotes. */
export function identifier(name: string): string {
  return escaped(name, '"')
}

/** A text in single quotes. */
export function literal(text: string): string {
  return escaped(text, "'")
}

function select(expressions: readonly string[], measurement: Measurement, device: string): string {
  return `SELECT ${expressions.join(', ')} FROM ${identifier(measurement)} WHERE "device" = ${literal(device)}`
}

function aggregate({ name, field }: NamedField): string {
  const column = identifier(name)
  return `${field.aggregate}(${column}) AS ${column}`
}

export function historyQuery(
  { measurement, device, everyMs, limit, first }: HistoryQuery,
  { fields, from, to }: ResolvedQuery,
): string {
  const expressions = fields.map((each) => (everyMs === undefined ? identifier(each.name) : aggregate(each)))
  const buckets = everyMs === undefined ? '' : ` GROUP BY time(${everyMs}ms) fill(none)`
  const order = first === 'newest' ? 'DESC' : 'ASC'
  return `${select(expressions, measurement, device)} AND time >= ${from}ms AND time < ${to}ms${buckets} ORDER BY time ${order} LIMIT ${limit}`
}

/** All fields by name: `*` would bring the tags too. */
export function latestQuery(measurement: Measurement, device: string): string {
  const expressions = fieldsOf(measurement).map(({ name }) => identifier(name))
  return `${select(expressions, measurement, device)} ORDER BY time DESC LIMIT 1`
}

function selectOfCity(expressions: readonly string[], measurement: Measurement, { from, to }: ResolvedQuery): string {
  return `SELECT ${expressions.join(', ')} FROM ${identifier(measurement)} WHERE time >= ${from}ms AND time < ${to}ms`
}

export function newestQuery(query: CityQuery, resolved: ResolvedQuery): string {
  return endQuery(query, resolved, 'DESC')
}

export function oldestQuery(query: CityQuery, resolved: ResolvedQuery): string {
  return endQuery(query, resolved, 'ASC')
}

function endQuery({ measurement }: CityQuery, resolved: ResolvedQuery, order: 'ASC' | 'DESC'): string {
  const expressions = resolved.fields.map(({ name }) => identifier(name))
  return `${selectOfCity(expressions, measurement, resolved)} GROUP BY "device" ORDER BY time ${order} LIMIT 1`
}

export function historiesQuery(
  { measurement, everyMs }: CityQuery & { everyMs: number },
  resolved: ResolvedQuery,
): string {
  const select = selectOfCity(resolved.fields.map(aggregate), measurement, resolved)
  return `${select} GROUP BY "device", time(${everyMs}ms) fill(none)`
}

/** Fields are no tags, by which it could group: a value is counted by a statement of its own. */
export function countQuery(
  { measurement, everyMs }: CountQuery,
  resolved: ResolvedQuery & { name: string },
  value: string,
): string {
  const column = identifier(resolved.name)
  const select = selectOfCity([`count(${column}) AS "count"`], measurement, resolved)
  return `${select} AND ${column} = ${literal(value)} GROUP BY "device", time(${everyMs}ms) fill(none)`
}

export function rowsOf({ columns, values: lines }: Series): HistoryRow[] {
  return lines.map((line) => {
    const values: Record<string, FieldValue> = {}
    for (const [index, name] of columns.entries()) {
      const value = line[index]
      if (index > 0 && value !== null && value !== undefined) values[name] = value
    }
    return { time: Number(line[0]), values }
  })
}
