// The zod schemas of declared fields (fields.ts).
import { z } from 'zod'
import type { ChoiceField, FlagField, LabelField, NumberField } from './fields.ts'

type AnyField = NumberField | FlagField | ChoiceField | LabelField

/** The schema of a field's values. */
export type SchemaOf<F extends AnyField> = F extends NumberField
  ? z.ZodNumber
  : F extends FlagField
    ? z.ZodBoolean
    : F extends ChoiceField<infer T>
      ? z.ZodEnum<{ [K in T]: K }>
      : z.ZodString

export function schemaOf<F extends AnyField>(field: F): SchemaOf<F> {
  // Each branch below has the schema that the type says.
  return plainSchemaOf(field) as SchemaOf<F>
}

function plainSchemaOf(field: AnyField): z.ZodType {
  if (field.type === 'number') return z.number().min(field.min).max(field.max)
  if (field.type === 'boolean') return z.boolean()
  if ('values' in field) return z.enum(field.values)
  return z
    .string()
    .regex(/^[\w-]+$/, 'letters, digits, _ and - only')
    .max(field.maxLength)
}

export type OptionalShape<F extends Readonly<Record<string, AnyField>>> = {
  [K in keyof F]: z.ZodOptional<SchemaOf<F[K]>>
}

/** The zod shape of the fields, each optional: a device reports what it has. */
export function optionalShape<F extends Readonly<Record<string, AnyField>>>(fields: F): OptionalShape<F> {
  const shape = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, z.optional(schemaOf(field))]))
  // Object.fromEntries forgets the keys, which are those of `fields`.
  return shape as OptionalShape<F>
}
