// How long to wait before trying again: exponential with full jitter, so that the desks of a city do not all
// come back in the same instant after fanout was restarted.
export interface Backoff {
  /** ms until the next attempt; doubles on average with each call. */
  next(): number
  /** It worked: begin small again. */
  reset(): void
}

export interface BackoffOptions {
  firstMs: number
  maxMs: number
  /** 0 ≤ x < 1. */
  random: () => number
}

export function createBackoff({ firstMs, maxMs, random }: BackoffOptions): Backoff {
  let attempts = 0
  return {
    next() {
      const ceilingMs = Math.min(maxMs, firstMs * 2 ** attempts)
      attempts = Math.min(attempts + 1, 30)
      return ceilingMs * (0.1 + 0.9 * random())
    },
    reset() {
      attempts = 0
    },
  }
}
