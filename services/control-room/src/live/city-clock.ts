// What time it is in the city, by the server: a desk's own clock may be wrong, and a simulated city's runs
// faster. Every status message sets it; between two it runs on with this machine's monotonic clock.
export interface CityClock {
  /** ms UTC of stamped time; this machine's own time until the server has told. */
  now(): number
  /** The server says that it is `stampedNow`. */
  set(stampedNow: number): void
}

export interface CityClockDeps {
  /** ms of a clock that never jumps. */
  monotonic: () => number
  /** This machine's ms UTC. */
  now: () => number
  /** Stamped ms that pass in one real ms. */
  timeScale: number
}

// Smaller corrections than this, in real ms, are the network's jitter: following them would make the seconds stutter.
const toleranceMs = 250

export function createCityClock({ monotonic, now, timeScale }: CityClockDeps): CityClock {
  let base: { stamped: number; at: number } | undefined

  const running = () => (base === undefined ? now() : base.stamped + (monotonic() - base.at) * timeScale)

  return {
    now: running,
    set(stamped) {
      if (base !== undefined && Math.abs(stamped - running()) < toleranceMs * timeScale) return
      base = { stamped, at: monotonic() }
    },
  }
}
