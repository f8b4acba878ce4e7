// The vocabulary in which payload fields are declared: what a value is, its unit, its possible range and how
// several of them become one. From one declaration come the zod schema that validates the payload, the
// columns of the store, the aggregation of history and the labels of the page.
import { z } from 'zod'

export type FieldValue = number | boolean | string

export interface Field<S extends z.ZodType<FieldValue> = z.ZodType<FieldValue>> {
  readonly schema: S
  /** How the store keeps it: every number as float64, every boolean as a boolean. */
  readonly type: 'number' | 'boolean' | 'string'
  /** UCUM-like unit for people, '' where there is none. */
  readonly unit: string
  /** How a time bucket of history is formed: the mean of a gauge, the last value of anything else. */
  readonly aggregate: 'mean' | 'last'
}

export type Fields = Readonly<Record<string, Field>>

/** A value that goes up and down. Outside min..max it is physically impossible and refused. */
export function gauge(unit: string, min: number, max: number): Field<z.ZodNumber> {
  return { schema: z.number().min(min).max(max), type: 'number', unit, aggregate: 'mean' }
}

/** A total that only grows until the device is replaced or restarted. */
export function counter(unit: string): Field<z.ZodNumber> {
  return { schema: z.number().min(0).max(Number.MAX_SAFE_INTEGER), type: 'number', unit, aggregate: 'last' }
}

export function flag(): Field<z.ZodBoolean> {
  return { schema: z.boolean(), type: 'boolean', unit: '', aggregate: 'last' }
}

export function choice<const T extends readonly [string, ...string[]]>(values: T) {
  return { schema: z.enum(values), type: 'string', unit: '', aggregate: 'last' } as const
}

/** A short label such as a zone's name: letters, digits, `_` and `-` only, so that it cannot carry prose. */
export function label(maxLength: number) {
  const schema = z
    .string()
    .regex(/^[\w-]+$/, 'letters, digits, _ and - only')
    .max(maxLength)
  return { schema, type: 'string', unit: '', aggregate: 'last' } as const
}

type OptionalSchemas<F extends Fields> = { [K in keyof F]: z.ZodOptional<F[K]['schema']> }

/** The zod shape of the fields, each optional: a device reports what it has. */
export function optionalShape<F extends Fields>(fields: F): OptionalSchemas<F> {
  const shape = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, z.optional(field.schema)]))
  // Object.fromEntries forgets the keys, which are those of `fields`.
  return shape as OptionalSchemas<F>
}
