// Takes away what has served: consumed records of the log, old events, dead letters, verdicts, closed faults, past
// maintenance, deliveries, sessions, what came of replays.
import type { Backbone } from '@ronda/backbone/backbone'
import { longestPeriodMs } from '@ronda/contracts/alarm-metrics'
import { AppError } from '@ronda/contracts/errors'
import { endOf } from '@ronda/contracts/maintenance'
import type { Logger } from '@ronda/runtime/log'
import { sweepSessions } from './accounts/session-rows.ts'
import { archiveBound } from './fault-archive.ts'
import { sweepReceivers } from './webhooks/rows.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const sweepMs = 10_000
/** The log may fill up in seconds, and then nothing is acknowledged. */
const logSweepMs = 1_000

const letterMs = 7 * dayMs

/** How long each stream is kept once everyone has read it. */
const keep = [
  { stream: 'faults', maxAgeMs: 7 * dayMs, maxBytes: 512e6 },
  // A day more: a period needs what was before it.
  { stream: 'alarms', maxAgeMs: longestPeriodMs + dayMs, maxBytes: 64e6 },
  { stream: 'registry', maxAgeMs: dayMs, maxBytes: 64e6 },
  { stream: 'dead-letters', maxAgeMs: letterMs, maxBytes: 512e6 },
  { stream: 'audit', maxAgeMs: 400 * dayMs, maxBytes: 1e9 },
] as const

const verdictMs = dayMs
const archiveMs = 2 * 365 * dayMs

export interface JanitorDeps {
  backbone: Backbone
  /** Bytes at which the log takes nothing more. */
  maxLogBytes: number
  /** ms UTC of stamped time. */
  now: () => number
  /** ms UTC by the system's clock. */
  systemNow: () => number
  log: Logger
}

export interface Janitor {
  /** Clears away whatever may go now. */
  sweep(): Promise<void>
  stop(): void
}

export function startJanitor({ backbone, maxLogBytes, now, systemNow, log }: JanitorDeps): Janitor {
  /** Raw messages go soonest: they may hold what no schema declares. What was read is a small part of the log. */
  async function sweepLog(): Promise<void> {
    const maxBytes = Math.min(256e6, maxLogBytes / 4)
    await backbone.stream('log').trim({ before: now() - hourMs, maxBytes })
  }

  async function sweepRest(): Promise<void> {
    for (const { stream, maxAgeMs, maxBytes } of keep) {
      await backbone.stream(stream).trim({ before: now() - maxAgeMs, maxBytes })
    }
    const verdicts = await backbone.bucket('verdicts').list()
    const replays = await backbone.bucket('dead-letter-replays').list()
    const archived = await backbone
      .bucket('fault-archive')
      .list({ before: archiveBound(now() - archiveMs), limit: 1_000 })
    const windows = await backbone.bucket('maintenance').list({ before: archiveBound(now() - archiveMs), limit: 1_000 })
    const writes = [
      ...verdicts
        .filter(({ value }) => value.at < now() - verdictMs)
        .map(({ key }) => ({ bucket: 'verdicts', key, value: undefined }) as const),
      // Their letters were there before them, and have gone.
      ...replays
        .filter(({ value }) => value.at < now() - letterMs)
        .map(({ key }) => ({ bucket: 'dead-letter-replays', key, value: undefined }) as const),
      ...archived.map(({ key }) => ({ bucket: 'fault-archive', key, value: undefined }) as const),
      // They are in the order of planning; what was planned long ahead may still be to come.
      ...windows
        .filter(({ value }) => endOf(value) < now() - archiveMs)
        .map(({ key }) => ({ bucket: 'maintenance', key, value: undefined }) as const),
    ]
    if (writes.length > 0) await backbone.commit({ writes })
    await sweepReceivers(backbone, systemNow())
    await sweepSessions(backbone, systemNow())
  }

  /** Again and again, one at a time. */
  function repeat(sweep: () => Promise<void>, intervalMs: number): NodeJS.Timeout {
    let sweeping = false
    return setInterval(() => {
      if (sweeping) return
      sweeping = true
      sweep()
        .catch((err: unknown) => {
          if (!(err instanceof AppError)) throw err
          if (err.code === 'shutting_down') return
          log.warn({ err, code: err.code }, 'could not clear away what is old; trying again')
        })
        .finally(() => {
          sweeping = false
        })
    }, intervalMs)
  }

  const timers = [repeat(sweepLog, logSweepMs), repeat(sweepRest, sweepMs)]
  return {
    async sweep() {
      await sweepLog()
      await sweepRest()
    },
    stop: () => timers.forEach(clearInterval),
  }
}
