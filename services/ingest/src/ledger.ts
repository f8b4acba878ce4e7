// The ledger, from the head of the log and what the historian has committed.
import type { Stream } from '@ronda/backbone/backbone'
import { type Ledger, emptyCounts } from '@ronda/contracts/ledger'
import type { Historian } from './historian.ts'

export async function readLedger(log: Stream, historian: Historian, tellsCollapsed: boolean): Promise<Ledger> {
  // The cursor first: what comes in between is pending, and never negative.
  const { cursor, counts } = historian.progress ?? { cursor: { ordinal: 0 }, counts: emptyCounts }
  const { ordinal: accepted } = await log.head()
  return {
    accepted,
    written: counts.written,
    deadLettered: counts.deadLettered,
    pending: accepted - cursor.ordinal,
    balanced: counts.written + counts.deadLettered === cursor.ordinal,
    readings: {
      stored: counts.stored,
      collapsed: tellsCollapsed ? counts.collapsed : null,
      refused: counts.refused,
    },
  }
}
