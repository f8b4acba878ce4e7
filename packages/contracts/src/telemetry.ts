// What devices measure, per kind. One object of a telemetry payload is validated by `telemetrySchemas[kind]`;
// undeclared keys are dropped, a wrong type or an impossible range refuses the object. The fields are declared in ./kinds.
import { z } from 'zod'
import { type FieldsOf, kinds, ofEachKind } from './device-kinds.ts'
import { type OptionalShape, optionalShape } from './field-schemas.ts'
import { Instant } from './time.ts'
import type { DeviceKind } from './topics.ts'

/** ms UTC as an integer, or ISO 8601 with a zone; becomes ms UTC. */
export const Timestamp = z.union([
  Instant,
  z.iso
    .datetime({ offset: true })
    .transform((text) => Date.parse(text))
    .pipe(Instant),
])

/** A fault code as devices report it: one of the catalogue or the vendor's own. */
export const ReportedFault = z.string().regex(/^[\w.:-]{1,64}$/, 'a fault code has 1 to 64 letters, digits, _ . : or -')

/** What every object may carry beside its measurements. */
export const commonShape = {
  /** When the values were measured; absent: when they were received. */
  ts: Timestamp.optional(),
  /** The device's clock when it sent the message. */
  sentAt: Timestamp.optional(),
  /** The device's own number of this reading. */
  seq: z.int().min(0).optional(),
}

const telemetryShape = { ...commonShape, faults: z.array(ReportedFault).max(32).optional() }

type TelemetrySchema<K extends DeviceKind> = z.ZodObject<typeof telemetryShape & OptionalShape<FieldsOf<K>>>

function schemaOfKind(kind: DeviceKind) {
  return z.object({ ...telemetryShape, ...optionalShape(kinds[kind].fields) })
}

// Of each kind its own schema, which one function for all of them cannot say.
export const telemetrySchemas = ofEachKind(schemaOfKind) as { readonly [K in DeviceKind]: TelemetrySchema<K> }

/** One validated object of a telemetry payload of kind K; times are ms UTC. */
export type Telemetry<K extends DeviceKind = DeviceKind> = z.infer<(typeof telemetrySchemas)[K]>

/** The most objects of one payload: a backlog after an outage, oldest first. */
export const maxObjectsPerPayload = 500
export const maxPayloadBytes = 256 * 1024
