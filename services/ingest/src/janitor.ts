// Takes away what has served: consumed records of the log, old events, dead letters, verdicts, closed faults.
import type { Backbone } from '@ronda/backbone/backbone'
import { AppError } from '@ronda/contracts/errors'
import type { Logger } from '@ronda/runtime/log'
import { archiveBound } from './fault-archive.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const sweepMs = 10_000

/**
 * How long each stream is kept once everyone has read it. Raw messages go soonest: they may hold what no schema
 * declares.
 */
const keep = [
  { stream: 'log', maxAgeMs: hourMs, maxBytes: 256e6 },
  { stream: 'faults', maxAgeMs: 7 * dayMs, maxBytes: 512e6 },
  { stream: 'registry', maxAgeMs: dayMs, maxBytes: 64e6 },
  { stream: 'dead-letters', maxAgeMs: 7 * dayMs, maxBytes: 512e6 },
  { stream: 'audit', maxAgeMs: 400 * dayMs, maxBytes: 1e9 },
] as const

const verdictMs = dayMs
const archiveMs = 2 * 365 * dayMs

export interface JanitorDeps {
  backbone: Backbone
  /** ms UTC of stamped time. */
  now: () => number
  log: Logger
}

export interface Janitor {
  sweep(): Promise<void>
  stop(): void
}

export function startJanitor({ backbone, now, log }: JanitorDeps): Janitor {
  async function sweep(): Promise<void> {
    for (const { stream, maxAgeMs, maxBytes } of keep) {
      await backbone.stream(stream).trim({ before: now() - maxAgeMs, maxBytes })
    }
    const verdicts = await backbone.bucket('verdicts').list()
    const archived = await backbone
      .bucket('fault-archive')
      .list({ before: archiveBound(now() - archiveMs), limit: 1_000 })
    const writes = [
      ...verdicts
        .filter(({ value }) => value.at < now() - verdictMs)
        .map(({ key }) => ({ bucket: 'verdicts', key, value: undefined }) as const),
      ...archived.map(({ key }) => ({ bucket: 'fault-archive', key, value: undefined }) as const),
    ]
    if (writes.length > 0) await backbone.commit({ writes })
  }

  let sweeping = false
  const timer = setInterval(() => {
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
  }, sweepMs)

  return { sweep, stop: () => clearInterval(timer) }
}
