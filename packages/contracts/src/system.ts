// What the detector says about itself in the bucket `system`, under the key `detector`, at least once a second
// of real time while it keeps up.

export interface DetectorStatus {
  /** ms UTC of stamped time: how far it has decided. */
  logTime: number
  /** Sources that are down or not accepting, and since when (ms UTC). */
  blind: readonly { source: string; since: number }[]
}
