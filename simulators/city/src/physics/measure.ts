// What a device measures at one moment: a pure function of the device, the time and what is wrong with it.
import type { Telemetry } from '@ronda/contracts/telemetry'
import type { DeviceKind } from '@ronda/contracts/topics'
import type { Unit } from '../unit.ts'
import { measureAccessPoint, measureGateway } from './access-point.ts'
import { measureCabinet } from './cabinet.ts'
import { measureCamera } from './camera.ts'
import { measureLamp } from './lamp.ts'
import type { World } from './world.ts'

const measures: { readonly [K in DeviceKind]: (world: World, unit: Unit, t: number) => Telemetry<K> } = {
  streetlight: measureLamp,
  cabinet: measureCabinet,
  camera: measureCamera,
  'access-point': measureAccessPoint,
  gateway: measureGateway,
}

/** `t` in ms UTC; the fields of the device's kind, within the ranges of the contract. */
export function measure(world: World, unit: Unit, t: number): Telemetry {
  return measures[unit.device.kind](world, unit, t)
}
