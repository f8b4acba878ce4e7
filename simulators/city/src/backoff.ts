// How long to wait before trying again: doubling, bounded, and never the same for two that failed together.

export interface Backoff {
  /** ms until the next attempt. */
  next(): number
  /** It worked: the next failure waits briefly again. */
  reset(): void
}

/** Waits `firstMs`, twice that, and so on to `mostMs`, each shortened at random by up to a half. */
export function createBackoff(firstMs: number, mostMs: number, random: () => number): Backoff {
  let failures = 0
  return {
    next() {
      const fullMs = Math.min(mostMs, firstMs * 2 ** Math.min(failures, 30))
      failures += 1
      return fullMs * (1 - random() / 2)
    },
    reset() {
      failures = 0
    },
  }
}
