// What a kind of device is to Ronda, as plain data: from it come the schema of its telemetry, its table of history, its
// words and its pictures on the page, which is why nothing here needs zod.
import type { Field, Named } from '../fields.ts'

/** What one is called in a heading, and one and several of them in a sentence. */
export interface Words {
  title: string
  one: string
  many: string
}

export interface Kind<
  M extends string = string,
  F extends Readonly<Record<string, Field & Named>> = Readonly<Record<string, Field & Named>>,
> {
  /** Its table of history. */
  measurement: M
  names: { en: Words; id: Words }
  /** Its symbol on the map: an SVG path on a field of 14 × 14. */
  sign: string
  /** What it measures. Names carry their unit, and are the same on the wire, in the store, in the API and in the page. */
  fields: F
  /** Which of them are drawn over time, those of one unit in one picture; totals that only grow are not. */
  charts: readonly (readonly Extract<keyof F, string>[])[]
}

/** Gives it back, with its types as exact as they are written. */
export function defineKind<const M extends string, F extends Kind['fields']>(kind: Kind<M, F>): Kind<M, F> {
  return kind
}
