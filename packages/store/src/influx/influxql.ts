// The queries in InfluxQL, the one language that 1.x, 2.x and 3.x answer, and their answers as rows.
import type { FieldValue } from '@ronda/contracts/fields'
import type { Measurement } from '@ronda/contracts/measurements'
import { type NamedField, type ResolvedQuery, fieldsOf } from '../query.ts'
import type { HistoryQuery, HistoryRow } from '../store.ts'

/** What a statement answers, of `/query` with `epoch=ms`; `columns` begins with `time`. */
export interface Series {
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
  { measurement, device, everyMs, limit }: HistoryQuery,
  { fields, from, to }: ResolvedQuery,
): string {
  const expressions = fields.map((each) => (everyMs === undefined ? identifier(each.name) : aggregate(each)))
  const buckets = everyMs === undefined ? '' : ` GROUP BY time(${everyMs}ms) fill(none)`
  return `${select(expressions, measurement, device)} AND time >= ${from}ms AND time < ${to}ms${buckets} ORDER BY time ASC LIMIT ${limit}`
}

/** All fields by name: `*` would bring the tags too. */
export function latestQuery(measurement: Measurement, device: string): string {
  const expressions = fieldsOf(measurement).map(({ name }) => identifier(name))
  return `${select(expressions, measurement, device)} ORDER BY time DESC LIMIT 1`
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
