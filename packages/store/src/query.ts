// What both adapters make of a history query before they turn it into their own language: its fields looked up,
// its times within what a nanosecond in 64 bits can say.
import type { Field, Fields } from '@ronda/contracts/fields'
import { type Measurement, measurements } from '@ronda/contracts/measurements'
import type { CountQuery, HistoryQuery } from './store.ts'

/** ms UTC, in the year 2262: the last whole ms before 2^63 ns. */
const lastMs = 9_223_372_036_854

export interface NamedField {
  name: string
  field: Field
}

export interface ResolvedQuery {
  fields: readonly NamedField[]
  /** Whole ms UTC, from 0 to lastMs. */
  from: number
  to: number
}

export function fieldsOf(measurement: Measurement): readonly NamedField[] {
  return Object.entries<Field>(measurements[measurement]).map(([name, field]) => ({ name, field }))
}

type AnyQuery = Omit<HistoryQuery, 'device' | 'limit'> & Partial<Pick<HistoryQuery, 'limit'>>

/** Throws a plain Error for what only a bug of the caller can ask. */
export function resolveQuery({ measurement, fields, from, to, everyMs, limit = 1 }: AnyQuery): ResolvedQuery {
  const declared: Fields = measurements[measurement]
  if (fields.length === 0) throw new Error('a history query without fields')
  if (!Number.isSafeInteger(limit) || limit < 1) throw new Error(`a history query with a limit of ${limit}`)
  if (everyMs !== undefined && !(Number.isSafeInteger(everyMs) && everyMs >= 1)) {
    throw new Error(`a history query with buckets of ${everyMs} ms`)
  }
  return {
    fields: [...new Set(fields)].map((name) => {
      const field = Object.hasOwn(declared, name) ? declared[name] : undefined
      if (field === undefined) throw new Error(`${measurement} has no field ${name}`)
      return { name, field }
    }),
    from: withinRange(from),
    to: withinRange(to),
  }
}

/** The same for a count, whose field has texts. */
export function resolveCount({ field, values, ...query }: CountQuery): ResolvedQuery & { name: string } {
  const resolved = resolveQuery({ ...query, fields: [field] })
  const [found] = resolved.fields
  if (found?.field.type !== 'string') throw new Error(`${query.measurement}.${field} has no texts to count`)
  if (values.length === 0) throw new Error('a count of no values')
  return { ...resolved, name: found.name }
}

function withinRange(ms: number): number {
  if (Number.isNaN(ms)) throw new Error('a history query with a time that is no number')
  return Math.min(Math.max(Math.ceil(ms), 0), lastMs)
}
