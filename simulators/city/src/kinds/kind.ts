// What makes a kind of device one of the simulated city's.
import type { NewDevice } from '@ronda/contracts/device'
import type { Telemetry } from '@ronda/contracts/telemetry'
import type { DeviceKind } from '@ronda/contracts/topics'
import type { FaultKind } from '../fault-kinds.ts'
import type { World } from '../physics/world.ts'
import type { Planner } from '../plan/planner.ts'
import type { Unit } from '../unit.ts'

/** Faults that every device can have. */
export type CommonFault = 'comm_loss' | 'clock_drift'

export interface SimulatedKind<K extends DeviceKind> {
  /** What the ids begin with, and how many digits follow. */
  ids: { prefix: string; digits: number }
  /**
   * Those of a city of so many devices, so many of which have no place yet, with what comes along with them; devices that
   * others refer to come first. Absent of a kind that comes along with another.
   */
  place?(planner: Planner, city: { devices: number; left: number }): NewDevice[]
  /** A pure function of the device, the time (ms UTC) and what is wrong with it, within the ranges of the contract. */
  measure(world: World, unit: Unit, t: number): Omit<Telemetry<K>, 'faults'>
  /** Whether it would report this fault at this time; at any time when absent. */
  shows?(world: World, unit: Unit, fault: FaultKind, t: number): boolean
  /** Its parts in the random faults that every device can have, beside those of the other kinds. */
  parts: Readonly<Record<CommonFault, number>>
}
