// What the broker counts, cumulative since it started; its heartbeat carries it to ingest's /metrics.
import type { ErrorCode } from '@ronda/contracts/errors'

export interface Counters {
  accepted(bytes: number): void
  connected(): void
  refused(code: ErrorCode): void
  /** A device begins to be held back. */
  paced(): void
  /** How long a message waited for its commit. */
  committed(ms: number): void
  /** An entry that the audit trail could not take. */
  untold(): void
  snapshot(): Record<string, number>
}

/** Upper bounds of the histogram of commits, ms. */
const commitBounds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000] as const

export function createCounters(): Counters {
  let accepted = 0
  let acceptedBytes = 0
  let connected = 0
  let paced = 0
  let untold = 0
  let commitMs = 0
  /** The last is for those beyond all bounds. */
  const commits = Array.from({ length: commitBounds.length + 1 }, () => 0)
  const refused = new Map<ErrorCode, number>()
  return {
    accepted(bytes) {
      accepted++
      acceptedBytes += bytes
    },
    connected() {
      connected++
    },
    refused(code) {
      refused.set(code, (refused.get(code) ?? 0) + 1)
    },
    paced() {
      paced++
    },
    committed(ms) {
      commitMs += ms
      const found = commitBounds.findIndex((bound) => ms <= bound)
      const bucket = found === -1 ? commitBounds.length : found
      commits[bucket] = (commits[bucket] ?? 0) + 1
    },
    untold() {
      untold++
    },
    snapshot() {
      const counts: Record<string, number> = {
        accepted,
        acceptedBytes,
        connected,
        paced,
        auditUntold: untold,
        commitMs,
      }
      let upTo = 0
      for (const [i, count] of commits.entries()) counts[`commits:${commitBounds[i] ?? '+Inf'}`] = upTo += count
      for (const [code, count] of refused) counts[`refused:${code}`] = count
      return counts
    },
  }
}
