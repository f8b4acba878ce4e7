// The equation that proves that nothing was lost: accepted = written + deadLettered + pending. Computed from
// durable state only, so that kill -9 cannot make it lie.
import { z } from 'zod'

const count = z.int().min(0)

export const Ledger = z.object({
  /** Messages in the log since the data directory was made. */
  accepted: count,
  /** Messages whose every object is in the store. */
  written: count,
  /** Messages with at least one refused object; their good objects are stored all the same. */
  deadLettered: count,
  /** Messages that the historian has not come to yet. */
  pending: count,
  /** written + deadLettered is exactly what the historian has passed. */
  balanced: z.boolean(),
  readings: z.object({
    stored: count,
    /** Equal readings that became one; null where the store collapses them without telling. */
    collapsed: count.nullable(),
    refused: count,
  }),
})
export type Ledger = z.infer<typeof Ledger>

/** What the historian commits with its cursor. */
export interface LedgerCounts {
  written: number
  deadLettered: number
  stored: number
  collapsed: number
  refused: number
}

export const emptyCounts: LedgerCounts = { written: 0, deadLettered: 0, stored: 0, collapsed: 0, refused: 0 }

export function addCounts(a: LedgerCounts, b: LedgerCounts): LedgerCounts {
  return {
    written: a.written + b.written,
    deadLettered: a.deadLettered + b.deadLettered,
    stored: a.stored + b.stored,
    collapsed: a.collapsed + b.collapsed,
    refused: a.refused + b.refused,
  }
}
