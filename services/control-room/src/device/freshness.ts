// When a value is too old to tell how a device is.

/** Intervals of reporting after which it is. */
const intervals = 2

export interface Dated {
  /** ms UTC of stamped time, both. */
  at: number
  now: number
  intervalS: number
}

export function isOld({ at, now, intervalS }: Dated): boolean {
  return now - at > intervals * intervalS * 1_000
}
