// What the sources of the log (broker, ingest) say of themselves: their heartbeats, read at the
// end of the log, whatever the consumers that work through it wait for.
import { setTimeout as delay } from 'node:timers/promises'
import type { Entry, Stream } from '@ronda/backbone/backbone'
import { decodeJson, decodeRecord } from '@ronda/backbone/record-codec'
import type { Heartbeat } from '@ronda/contracts/record'

/** Records looked through at the start for the newest heartbeats. */
const recentRecords = 1_000
const batchLimit = { records: 50_000, bytes: 32e6 }
/** A look at the log costs more than the heartbeats in it: one look at many records instead of many at few. */
const pauseMs = 200

export interface SourceState extends Heartbeat {
  /** ms UTC of stamped time. */
  at: number
}

/** The newest heartbeat of each source. */
export type Sources = ReadonlyMap<string, SourceState>

/** Keeps `sources` current until the signal aborts. */
export async function followSources(
  log: Stream,
  sources: Map<string, SourceState>,
  signal: AbortSignal,
): Promise<void> {
  function take(entries: readonly Entry[]): void {
    for (const { counted, record: bytes } of entries) {
      // Messages are most of the log, and none of them a heartbeat.
      if (counted) continue
      const { type, source, receivedAt, payload } = decodeRecord(bytes)
      // Only Ronda's own sources write heartbeats.
      if (type === 'heartbeat') sources.set(source, { at: receivedAt, ...(decodeJson(payload) as Heartbeat) })
    }
  }

  const recent = await log.readLast(recentRecords)
  take(recent)
  for await (const entries of log.follow(recent.at(-1)?.position ?? 0, batchLimit, signal)) {
    take(entries)
    await delay(pauseMs, undefined, { signal }).catch(() => {})
  }
}
