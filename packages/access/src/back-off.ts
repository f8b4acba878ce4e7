// Whoever fails again and again has to wait, for longer each time. What failed, and who it is, is the caller's; kept
// in a bounded number of entries, of which those that failed least recently go first.

export interface BackOffLimits {
  /** Failures within `windowMs` that have no consequence but the last. */
  failures: number
  windowMs: number
  /** The first wait; each further failure doubles it. */
  firstMs: number
  longestMs: number
  mostEntries: number
}

export interface BackOff {
  /** Whether it has to wait still. */
  holds(who: string): boolean
  /** For how long; 0 when it need not. */
  waitMs(who: string): number
  failed(who: string): void
  succeeded(who: string): void
  readonly size: number
}

interface Entry {
  failures: number
  /** When the first of them was, ms. */
  since: number
  /** Until when it has to wait, ms. */
  until: number
}

/** `now` in ms, never going back. */
export function createBackOff(limits: BackOffLimits, now: () => number): BackOff {
  /** In the order of their last failure. */
  const entries = new Map<string, Entry>()

  function entryOf(who: string, at: number): Entry {
    const known = entries.get(who)
    entries.delete(who)
    // Forgiven after a window without failures, counted from the end of the wait.
    if (known !== undefined && at <= Math.max(known.since, known.until) + limits.windowMs) return known
    return { failures: 0, since: at, until: 0 }
  }

  function waitMs(who: string): number {
    return Math.max(0, (entries.get(who)?.until ?? 0) - now())
  }

  return {
    holds: (who) => waitMs(who) > 0,
    waitMs,
    failed(who) {
      const at = now()
      const entry = entryOf(who, at)
      entry.failures++
      const doublings = entry.failures - limits.failures
      if (doublings >= 0) entry.until = at + Math.min(limits.firstMs * 2 ** doublings, limits.longestMs)
      entries.set(who, entry)
      const [oldest] = entries.keys()
      if (entries.size > limits.mostEntries && oldest !== undefined) entries.delete(oldest)
    },
    succeeded(who) {
      entries.delete(who)
    },
    get size() {
      return entries.size
    },
  }
}
