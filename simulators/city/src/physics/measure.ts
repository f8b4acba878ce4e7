// What a device measures at one moment, and what it reports of itself.
import type { Telemetry } from '@ronda/contracts/telemetry'
import { simulatedKinds } from '../device-kinds.ts'
import type { Unit } from '../unit.ts'
import { reportedFaults } from './reported.ts'
import type { World } from './world.ts'

/** `t` in ms UTC; the fields of the device's kind, within the ranges of the contract. */
export function measure(world: World, unit: Unit, t: number): Telemetry {
  const { measure: measureFields, shows } = simulatedKinds[unit.kind]
  const faults = reportedFaults(unit, (fault) => shows?.(world, unit, fault, t) ?? true)
  return { ...measureFields(world, unit, t), faults }
}
