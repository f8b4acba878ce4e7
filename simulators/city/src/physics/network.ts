// What of a device reaches us, and what time it says that it is.
import type { ActiveFaults } from '../active-faults.ts'
import type { Unit } from '../unit.ts'

const minuteMs = 60_000

function isCut({ faults }: { faults: ActiveFaults }): boolean {
  return faults.uplink_outage !== undefined
}

/** Whether the uplink of a device, or one that it shares, is cut. */
export function hasUplink(unit: Unit): boolean {
  return !isCut(unit) && !unit.uplinks.some(isCut)
}

/** Whether it can be heard, power apart. */
export function isReachable(unit: Unit): boolean {
  return unit.faults.comm_loss === undefined && hasUplink(unit)
}

/** ms by which the device's clock is ahead of the true time; negative: behind. */
export function clockSkewMs({ faults: { clock_drift: drift } }: Unit): number {
  if (drift === undefined) return 0
  if (drift.skewMs !== undefined) return drift.skewMs
  // The lower half of the degrees is slow, the upper fast, both by more than any reading is late.
  const [part, sign] = drift.degree < 0.5 ? [2 * drift.degree, -1] : [2 * drift.degree - 1, 1]
  return Math.round(sign * (4 + 8 * part) * minuteMs)
}
