// Blind time. Every source of the log (a broker, an HTTP ingest) beats each second; while it does not, or while it
// turns messages away, the silence of what was last seen through it is ours and not the devices'. A source that was
// only late to beat, and says that it has listened all the time, was not blind.
import { type Kept, type Outbox } from './effects.ts'
import type { LogClock } from './log-clock.ts'
import { type Timer, type Timers, createTimer } from './timers.ts'

/** A source is blind when it has not beaten for longer (ms of log time). */
export const maxBeatGapMs = 5_000
/** ms without a beat after which a source may be on its way to being blind. */
const lateBeatMs = 1_500
/** ms after which to look again at a source in doubt. */
export const doubtMs = 1_000

export interface Source extends Kept {
  readonly name: string
  beatAt: number
  /** ms UTC since when it has been blind; 0: it sees. */
  blindSince: number
  /** When it last stopped being blind, and since when it had been; 0: never. */
  returnedAt: number
  lastBlindSince: number
  readonly gap: Timer
}

export interface Blind {
  source: string
  /** ms UTC since when. */
  since: number
}

export interface Sources {
  /** Known from its first record on, which counts as a beat. */
  of(name: string): Source
  beat(name: string, accepting: boolean, listeningSince?: number): void
  /** It is blind, or a beat is missing: what a source says by its silence is to be trusted after its next one. */
  isInDoubt(source: Source | undefined): boolean
  /** When to ask again about a source in doubt: a late one gets as long again as it is late, `mostMs` at most. */
  askAgainAt(source: Source, mostMs: number): number
  /** By name. */
  blind(): Blind[]
  restore(row: SourceRow): Kept
}

export interface SourceRow {
  name: string
  beatAt: number
  blindSince: number
  returnedAt: number
  lastBlindSince?: number
}

export const sourceRows = 'source/'

export function createSources({ log, timers, outbox }: { log: LogClock; timers: Timers; outbox: Outbox }): Sources {
  const byName = new Map<string, Source>()

  function add({ name, beatAt, blindSince, returnedAt, lastBlindSince = 0 }: SourceRow): Source {
    const source: Source = {
      key: sourceRows + name,
      touched: false,
      name,
      beatAt,
      blindSince,
      returnedAt,
      lastBlindSince,
      gap: createTimer('source', name, () => {
        if (source.blindSince !== 0) return
        source.blindSince = source.beatAt
        outbox.touch(source)
      }),
      encode: (): SourceRow => ({
        name,
        beatAt: source.beatAt,
        blindSince: source.blindSince,
        returnedAt: source.returnedAt,
        lastBlindSince: source.lastBlindSince,
      }),
    }
    byName.set(name, source)
    timers.set(source.gap, beatAt + maxBeatGapMs + 1)
    return source
  }

  function of(name: string): Source {
    const known = byName.get(name)
    if (known !== undefined) return known
    const source = add({ name, beatAt: log.time, blindSince: 0, returnedAt: 0 })
    outbox.touch(source)
    return source
  }

  return {
    of,
    beat(name, accepting, listeningSince) {
      const source = of(name)
      const { blindSince, beatAt } = source
      source.beatAt = log.time
      timers.set(source.gap, log.time + maxBeatGapMs + 1)
      if (!accepting) source.blindSince = blindSince === 0 ? log.time : blindSince
      else {
        source.blindSince = 0
        // One that does not say since when it listens has been away when it was thought to be.
        const wasAway = listeningSince === undefined ? blindSince !== 0 : listeningSince > (blindSince || beatAt)
        if (wasAway) {
          source.lastBlindSince = blindSince || beatAt
          source.returnedAt = log.time
        }
      }
      outbox.touch(source)
    },
    isInDoubt: (source) => source !== undefined && (source.blindSince !== 0 || log.time - source.beatAt > lateBeatMs),
    // From the present input on: a source does not return before it, however long ago the one before was.
    askAgainAt: ({ beatAt }, mostMs) => log.until + Math.min(mostMs, Math.max(doubtMs, log.until - beatAt)),
    blind() {
      return [...byName.values()]
        .filter(({ blindSince }) => blindSince !== 0)
        .map(({ name, blindSince }) => ({ source: name, since: blindSince }))
        .toSorted((a, b) => (a.source < b.source ? -1 : 1))
    },
    restore: add,
  }
}
