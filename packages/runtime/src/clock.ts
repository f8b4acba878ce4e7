// Stamped time: what every record, fault and reading carries. It is the system's time, or, for a simulated
// city, a time that began where the data directory says and runs faster.

export interface ClockSettings {
  /** How many stamped ms pass in one real ms. */
  scale: number
  /** Stamped time at `realOrigin`; both ms UTC. */
  stampedOrigin: number
  realOrigin: number
}

export interface Clock {
  /** ms UTC of stamped time. */
  now(): number
  readonly simulated: boolean
  /** Real ms for a delay of stamped ms, at least 1. */
  realMs(stampedMs: number): number
}

export const systemClock: Clock = { now: Date.now, simulated: false, realMs: (stampedMs) => stampedMs }

export function createClock({ scale, stampedOrigin, realOrigin }: ClockSettings): Clock {
  if (scale === 1 && stampedOrigin === realOrigin) return systemClock
  return {
    now: () => stampedOrigin + Math.round((Date.now() - realOrigin) * scale),
    simulated: true,
    realMs: (stampedMs) => Math.max(1, stampedMs / scale),
  }
}
