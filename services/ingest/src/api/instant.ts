// A point in time as queries give it.
import { z } from 'zod'

/** ms UTC, or ISO 8601 with a zone. */
export const Instant = z.union([
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
])
