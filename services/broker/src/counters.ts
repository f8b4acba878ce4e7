// What the broker counts, cumulative since it started; its heartbeat carries it to ingest's /metrics.
import type { ErrorCode } from '@ronda/contracts/errors'

export interface Counters {
  accepted(): void
  connected(): void
  refused(code: ErrorCode): void
  snapshot(): Record<string, number>
}

export function createCounters(): Counters {
  let accepted = 0
  let connected = 0
  const refused = new Map<ErrorCode, number>()
  return {
    accepted() {
      accepted++
    },
    connected() {
      connected++
    },
    refused(code) {
      refused.set(code, (refused.get(code) ?? 0) + 1)
    },
    snapshot() {
      const counts: Record<string, number> = { accepted, connected }
      for (const [code, count] of refused) counts[`refused:${code}`] = count
      return counts
    },
  }
}
