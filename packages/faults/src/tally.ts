// Devices counted by how they stand, so that what depends on the time of day is decided when it is asked for.
import type { Standing } from './device-state.ts'
import type { UplinkLoss } from './rules/rule.ts'

export interface Tally {
  /** All that count at night, and how many of them are silent. */
  devices: number
  silent: number
  /** Of those, the ones that do not count by day. */
  devicesUnlessDay: number
  silentUnlessDay: number
}

export function newTally(): Tally {
  return { devices: 0, silent: 0, devicesUnlessDay: 0, silentUnlessDay: 0 }
}

/** One device more or less. */
export function add(tally: Tally, standing: Standing, by: 1 | -1): void {
  if (standing === 'none') return
  const isSilent = standing === 'silent' || standing === 'silentUnlessDay'
  tally.devices += by
  if (isSilent) tally.silent += by
  if (standing === 'silent' || standing === 'heard') return
  tally.devicesUnlessDay += by
  if (isSilent) tally.silentUnlessDay += by
}

export function tallied({ devices, silent, devicesUnlessDay, silentUnlessDay }: Tally, isDay: boolean): UplinkLoss {
  return isDay
    ? { affected: silent - silentUnlessDay, devices: devices - devicesUnlessDay }
    : { affected: silent, devices }
}
