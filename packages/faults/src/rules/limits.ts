// Thresholds of rules: what each is by default, in which unit, and within which range a city or a device may set it.
import type { Text } from './rule.ts'
import { duration, quantity } from './words.ts'

export interface Limit {
  readonly value: number
  /** For people: "V", "min", or what it is a share of. */
  readonly unit: string
  readonly least: number
  readonly most: number
}

export type LimitScales = Readonly<Record<string, Limit>>
export type LimitValues<S extends LimitScales> = { readonly [K in keyof S]: number }

export function limit(value: number, unit: string, least: number, most: number): Limit {
  return { value, unit, least, most }
}

/** A part of something, 1 being the whole. */
export function share(value: number, ofWhat: string, most = 1): Limit {
  return { value, unit: `of ${ofWhat}`, least: 0, most }
}

/** Of something that may lie a little above or far below its nominal value. */
export function ratio(value: number, ofWhat: string): Limit {
  return share(value, ofWhat, 3)
}

export function percent(value: number): Limit {
  return limit(value, '%', 0, 100)
}

export function valuesOf<S extends LimitScales>(scales: S): LimitValues<S> {
  const values = Object.fromEntries(Object.entries(scales).map(([name, { value }]) => [name, value]))
  // Object.fromEntries forgets the names, which are those of `scales`.
  return values as LimitValues<S>
}

/** A value in its unit as people read it, without what it is a share of: "90 %", "264 V", "60 s". */
export function limitText({ unit }: Limit, value: number): Text {
  if (unit.startsWith('of ')) return quantity(value * 100, '%')
  if (unit === 'ms' && value >= 1_000) return duration(value)
  const amount = quantity(value, unit)
  return { en: amount.en.trim(), id: amount.id.trim() }
}
