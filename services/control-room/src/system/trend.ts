// Rates from the ledger's samples: how many messages a second came in, were stored, were refused.
import type { SystemState } from '@ronda/contracts/system'

type Samples = SystemState['trend']

export interface Rates {
  /** ms UTC, the end of the time that it speaks of. */
  at: number
  /** Messages per second, all three. */
  cameIn: number
  stored: number
  refused: number
}

/** Samples closer together (ms) say nothing of a rate. */
const leastMs = 2_000

/** One for each pair of neighbours, oldest first. */
export function ratesOf(samples: Samples): Rates[] {
  return samples.slice(1).flatMap((sample, i) => ratesBetween(samples[i], sample) ?? [])
}

/** Over the last `spanMs`, or as long as there are samples; undefined while there are too few. */
export function recentRates(samples: Samples, spanMs: number): Rates | undefined {
  const last = samples.at(-1)
  if (last === undefined) return undefined
  return ratesBetween(
    samples.find(({ at }) => at >= last.at - spanMs),
    last,
  )
}

function ratesBetween(from: Samples[number] | undefined, to: Samples[number]): Rates | undefined {
  if (from === undefined || to.at - from.at < leastMs) return undefined
  const seconds = (to.at - from.at) / 1_000
  const perSecond = (key: 'accepted' | 'written' | 'deadLettered') => Math.max(0, to[key] - from[key]) / seconds
  return {
    at: to.at,
    cameIn: perSecond('accepted'),
    stored: perSecond('written'),
    refused: perSecond('deadLettered'),
  }
}
