// Street lights: power follows the schedule, the voltage its phase, and the counters all that the lamp has done.
import type { Telemetry } from '@ronda/contracts/telemetry'
import { drift, jitter, subkey, uniform } from '../random.ts'
import type { Unit } from '../unit.ts'
import { isSupplied, supplyVoltageV, switchingLagMs } from './mains.ts'
import type { Usage } from './night.ts'
import { round } from './round.ts'
import type { World } from './world.ts'

const hourMs = 3_600_000
const use = { noise: 20, energy: 21, hours: 22, switchings: 23, tilt: 24, heat: 25, mains: 26 } as const
/** Above this altitude of the sun a lamp that burns is a fault. */
const dayAltitude = 6
const defaultPowerW = 90
/** What a controller takes itself; a meter does not count so little. */
const standbyW = 0.4

/** Burning time and load, in hours. */
type Burnt = Pick<Usage, 'burningHours' | 'fullHours'>

export function lampPowerW(world: World, lamp: Unit, t: number): number {
  if (!isSupplied(world, lamp, t)) return 0
  const nominalW = lamp.device.nominalPowerW ?? defaultPowerW
  const dimPct = lamp.faults.lamp_failure === undefined ? burningPct(world, lamp, t) : 0
  if (dimPct === 0) return standbyW
  const noise = 0.015 * drift(subkey(lamp.key, use.noise), t, hourMs) + 0.005 * jitter(subkey(lamp.key, use.noise), t)
  return (nominalW * dimPct * (1 + noise)) / 100
}

/** LED drivers lose power factor as they are dimmed. */
export function lampPowerFactor(world: World, lamp: Unit, t: number): number {
  return 0.975 - 0.0008 * (100 - burningPct(world, lamp, t)) + 0.004 * jitter(subkey(lamp.key, use.mains), t)
}

export function lampEnergyWh(world: World, lamp: Unit, t: number): number {
  const nominalW = lamp.device.nominalPowerW ?? defaultPowerW
  const fullHoursBefore = 4_000 * uniform(subkey(lamp.key, use.energy))
  return nominalW * (fullHoursBefore + burnt(world, lamp, t).fullHours)
}

export function measureLamp(world: World, lamp: Unit, t: number): Telemetry<'streetlight'> {
  const commandPct = scheduledPct(world, lamp, t)
  const dimPct = burningPct(world, lamp, t)
  const powerW = lampPowerW(world, lamp, t)
  const voltageV = supplyVoltageV(world, lamp, t)
  const powerFactor = lampPowerFactor(world, lamp, t)
  const burns = powerW > standbyW
  const past = burnt(world, lamp, t)
  const hoursBefore = Math.round(20_000 * uniform(subkey(lamp.key, use.hours)))
  const selfHeatC = burns ? 8 + (14 * dimPct) / 100 : 2
  return {
    dimPct,
    commandPct,
    powerW: round(powerW, 1),
    voltageV: round(voltageV, 1),
    currentA: round(voltageV === 0 ? 0 : powerW / (voltageV * powerFactor), 3),
    // Below a meter's threshold the power factor means nothing.
    ...(burns ? { powerFactor: round(powerFactor, 3) } : {}),
    frequencyHz: round(50 + 0.04 * drift(use.mains, t, 60_000), 2),
    energyWh: round(lampEnergyWh(world, lamp, t), 1),
    illuminanceLux: round(world.sun.daylightLux(t) * (0.9 + 0.2 * uniform(subkey(lamp.key, use.heat))), 1),
    temperatureC: round(world.sun.ambientC(t) + selfHeatC + jitter(subkey(lamp.key, use.heat), t), 1),
    operatingHours: round(hoursBefore + past.burningHours, 2),
    switchCount: Math.round(500 * uniform(subkey(lamp.key, use.switchings))) + past.nights,
    tiltDeg: round(1.5 * uniform(subkey(lamp.key, use.tilt)) + 0.2 * jitter(subkey(lamp.key, use.tilt), t), 1),
    override: false,
    faults: [
      ...(lamp.faults.lamp_failure === undefined ? [] : ['lamp_failure']),
      ...(isDayBurner(lamp) && commandPct === 0 && world.sun.altitude(t) > dayAltitude ? ['day_burner'] : []),
    ],
  }
}

/** Books what the lamp has done under its present faults; to be called before they or its cabinet's change. */
export function settleLamp(world: World, lamp: Unit, t: number): void {
  const { burningHours, fullHours } = burnt(world, lamp, t)
  const scheduled = scheduledUsage(world, lamp, t)
  lamp.usageOffset = {
    burningHours: burningHours - scheduled.burningHours,
    fullHours: fullHours - scheduled.fullHours,
  }
  lamp.settledAt = t
}

function isDayBurner({ faults }: Unit): boolean {
  return faults.day_burner !== undefined && faults.lamp_failure === undefined
}

function scheduledPct(world: World, lamp: Unit, t: number): number {
  return world.nights.dimPct(t - switchingLagMs(lamp))
}

/** The level it burns at: 100 % when its relay is stuck, else what the schedule says. */
function burningPct(world: World, lamp: Unit, t: number): number {
  const scheduled = scheduledPct(world, lamp, t)
  return scheduled === 0 && isDayBurner(lamp) ? 100 : scheduled
}

function scheduledUsage(world: World, lamp: Unit, t: number): Usage {
  return world.nights.usage(t - switchingLagMs(lamp))
}

/** All that it has done since 2020: the schedule, corrected by its faults. */
function burnt(world: World, lamp: Unit, t: number): Usage {
  const scheduled = scheduledUsage(world, lamp, t)
  const settled = scheduledUsage(world, lamp, lamp.settledAt)
  const sinceThen = {
    burningHours: scheduled.burningHours - settled.burningHours,
    fullHours: scheduled.fullHours - settled.fullHours,
  }
  const actual = underFaults(lamp, sinceThen, (t - lamp.settledAt) / hourMs)
  return {
    burningHours: settled.burningHours + lamp.usageOffset.burningHours + actual.burningHours,
    fullHours: settled.fullHours + lamp.usageOffset.fullHours + actual.fullHours,
    nights: scheduled.nights,
  }
}

/** What becomes of scheduled hours under the lamp's faults, which hold for all of the elapsed hours. */
function underFaults({ cabinet, device, faults }: Unit, scheduled: Burnt, elapsedHours: number): Burnt {
  if (cabinet?.faults.feeder_outage?.phases.includes(device.phase ?? 'L1')) return { burningHours: 0, fullHours: 0 }
  if (faults.lamp_failure !== undefined) return { burningHours: 0, fullHours: 0 }
  // Behind an open contactor a stuck relay has nothing to burn.
  if (faults.day_burner === undefined || device.supply === 'switched') return scheduled
  return {
    burningHours: elapsedHours,
    fullHours: scheduled.fullHours + elapsedHours - scheduled.burningHours,
  }
}
