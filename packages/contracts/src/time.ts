// Times on the wire and in the registry: ms UTC, within what can be written as a date of four-digit years. Beyond
// lie microseconds, not dates.
import { z } from 'zod'

/** 9999-12-31T23:59:59.999Z. */
const latestMs = 253_402_300_799_999

/** ms UTC as an integer. */
export const Instant = z.int().min(0).max(latestMs)
