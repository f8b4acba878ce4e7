// The supply: what voltage arrives where. Each phase of a cabinet wanders on its own, and every lamp on it sees
// that, less the drop along its cable. Healthy voltages stay within 95 and 100 % of the nominal.
import type { Phase } from '@ronda/contracts/device'
import type { ActiveFault } from '../active-faults.ts'
import { drift, jitter, subkey, uniform } from '../random.ts'
import type { Unit } from '../unit.ts'
import { dayMs } from './sun.ts'
import type { World } from './world.ts'

const minuteMs = 60_000
const use = { L1: 1, L2: 2, L3: 3, lag: 4, joint: 5 } as const

export function nominalVoltageV(world: World, unit: Unit): number {
  return unit.device.nominalVoltageV ?? world.nominalVoltageV
}

/** At the cabinet's incoming terminals, before its contactor. */
export function phaseVoltageV(world: World, cabinet: Unit, phase: Phase, t: number): number {
  const { feeder_outage: outage, low_voltage: sag, high_voltage: swell } = cabinet.faults
  if (outage?.phases.includes(phase)) return 0
  const key = subkey(cabinet.key, use[phase])
  const wander = 0.983 + 0.014 * drift(key, t, 10 * minuteMs) + 0.001 * jitter(key, t)
  const on = (fault: ActiveFault | undefined) => (fault?.phases.includes(phase) ? fault : undefined)
  return nominalVoltageV(world, cabinet) * wander * sagOf(on(sag)) * swellOf(on(swell))
}

/** At the device; 0 without supply. A device that hangs on no cabinet has a phase of its own. */
export function supplyVoltageV(world: World, unit: Unit, t: number): number {
  const { cabinet, device, faults } = unit
  if (!isSupplied(world, unit, t)) return 0
  const atCabinet = phaseVoltageV(world, cabinet ?? unit, device.phase ?? 'L1', t)
  if (device.kind !== 'streetlight') return atCabinet
  const load = world.nights.dimPct(t - switchingLagMs(unit)) / 100
  const alongCable = 0.012 * Math.min(1.5, unit.cableM / 1_000) * load
  const trouble = sagOf(faults.low_voltage) * swellOf(faults.high_voltage)
  return atCabinet * (1 - alongCable) * trouble * (1 + 0.0005 * jitter(subkey(unit.key, use.joint), t))
}

/** 0.83–0.88: always below the 0.90 at which low voltage is a fault. */
function sagOf(fault: ActiveFault | undefined): number {
  return fault === undefined ? 1 : 0.83 + 0.05 * fault.degree
}

/** 1.13–1.22: even far from the cabinet above the 1.05 at which high voltage is a fault, half of them above 264 V. */
function swellOf(fault: ActiveFault | undefined): number {
  return fault === undefined ? 1 : 1.13 + 0.09 * fault.degree
}

/** Whether there is voltage at the device, contactors and outages considered. */
export function isSupplied(world: World, { cabinet, device }: Unit, t: number): boolean {
  if (cabinet === undefined) return true
  if (device.supply === 'switched' && !isContactorClosed(world, cabinet, t)) return false
  return !cabinet.faults.feeder_outage?.phases.includes(device.phase ?? 'L1')
}

/** Whether lamps behind the cabinet are switched; its own supply is permanent. */
export function hasContactor({ behind }: Unit): boolean {
  return behind.some(({ device }) => device.supply === 'switched')
}

/** The contactor of a cabinet that has one: closed at night. */
export function isContactorClosed(world: World, cabinet: Unit, t: number): boolean {
  return world.nights.dimPct(t - switchingLagMs(cabinet)) > 0
}

/** ms UTC after t at which the contactor moves next; half a day on, to ask again, where the sun does not set or rise. */
export function nextContactorChange(world: World, cabinet: Unit, t: number): number {
  const lagMs = switchingLagMs(cabinet)
  for (const askedAt of [t - lagMs, t - lagMs + dayMs]) {
    const { onAt, offAt } = world.nights.at(askedAt)
    const next = [onAt + lagMs, offAt + lagMs].find((change) => change > t)
    if (next !== undefined && onAt < offAt) return next
  }
  return t + dayMs / 2
}

/** −3..3 min: no two controllers agree about sunset. Lamps behind a contactor follow the cabinet's. */
export function switchingLagMs({ key, device, cabinet }: Unit): number {
  const decides = device.supply === 'switched' && cabinet !== undefined ? cabinet.key : key
  return Math.round((uniform(subkey(decides, use.lag)) * 2 - 1) * 3 * minuteMs)
}
