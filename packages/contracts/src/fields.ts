// The vocabulary in which payload fields are declared: what a value is, its unit, its possible range and how several
// of them become one. From one declaration come the schema that validates the payload (field-schemas.ts), the columns
// of the store, the aggregation of history and the labels of the page. Plain data, so that the page can have it.
export type FieldValue = number | boolean | string

export interface Field {
  /** How the store keeps it: every number as float64, every boolean as a boolean. */
  readonly type: 'number' | 'boolean' | 'string'
  /** UCUM-like unit for people, '' where there is none. */
  readonly unit: string
  /** How a time bucket of history is formed: the mean of a gauge, the last value of anything else. */
  readonly aggregate: 'mean' | 'last'
}

export interface NumberField extends Field {
  readonly type: 'number'
  /** Outside min..max it is physically impossible and refused. */
  readonly min: number
  readonly max: number
}

export interface FlagField extends Field {
  readonly type: 'boolean'
}

export interface ChoiceField<T extends string = string> extends Field {
  readonly type: 'string'
  readonly values: readonly T[]
}

export interface LabelField extends Field {
  readonly type: 'string'
  readonly maxLength: number
}

export type Fields = Readonly<Record<string, Field>>

/** What people call it. */
export interface Named {
  readonly name: { readonly en: string; readonly id: string }
}

/** A value that goes up and down. */
export function gauge(unit: string, min: number, max: number): NumberField {
  return { type: 'number', unit, aggregate: 'mean', min, max }
}

/** A total that only grows until the device is replaced or restarted. */
export function counter(unit: string): NumberField {
  return { type: 'number', unit, aggregate: 'last', min: 0, max: Number.MAX_SAFE_INTEGER }
}

export function flag(): FlagField {
  return { type: 'boolean', unit: '', aggregate: 'last' }
}

export function choice<const T extends string>(values: readonly T[]): ChoiceField<T> {
  return { type: 'string', unit: '', aggregate: 'last', values }
}

/** A short label such as a zone's name: letters, digits, `_` and `-` only, so that it cannot carry prose. */
export function label(maxLength: number): LabelField {
  return { type: 'string', unit: '', aggregate: 'last', maxLength }
}

/** A field with its names in English and Indonesian. */
export function named<F extends Field>(en: string, id: string, field: F): F & Named {
  return { ...field, name: { en, id } }
}
