// Street lights: power follows the level that the lamp burns at, the voltage its phase, and the counters all that
// the lamp has done.
import type { Telemetry } from '@ronda/contracts/telemetry'
import { drift, jitter, subkey, uniform } from '../random.ts'
import type { Burnt, Unit } from '../unit.ts'
import { type Output, lampOutput, lampUsage } from './lamp-output.ts'
import { supplyVoltageV } from './mains.ts'
import { round } from './round.ts'
import type { World } from './world.ts'

const hourMs = 3_600_000
const use = { noise: 20, energy: 21, hours: 22, switchings: 23, tilt: 24, heat: 25, mains: 26 } as const
const defaultPowerW = 90

/** What a lamp takes from the mains. */
export interface Load {
  output: Output
  voltageV: number
  powerW: number
  powerFactor: number
}

export function lampLoad(world: World, lamp: Unit, t: number): Load {
  const output = lampOutput(world, lamp, t)
  const voltageV = supplyVoltageV(world, lamp, t)
  const powerW = voltageV === 0 ? 0 : powerOf(lamp, output, t)
  return { output, voltageV, powerW, powerFactor: powerFactorOf(lamp, output, t) }
}

function powerOf(lamp: Unit, { burningPct, load, darkW }: Output, t: number): number {
  if (burningPct === 0) return darkW
  const nominalW = lamp.device.nominalPowerW ?? defaultPowerW
  const noise = 0.015 * drift(subkey(lamp.key, use.noise), t, hourMs) + 0.005 * jitter(subkey(lamp.key, use.noise), t)
  return (nominalW * burningPct * load * (1 + noise)) / 100
}

/** LED drivers lose power factor as they are dimmed. */
function powerFactorOf({ key, faults }: Unit, { burningPct }: Output, t: number): number {
  const { low_power_factor: worn } = faults
  const healthy = 0.975 - 0.0008 * (100 - burningPct) + 0.004 * jitter(subkey(key, use.mains), t)
  return worn === undefined ? healthy : healthy * (0.66 + 0.16 * worn.degree)
}

export function lampEnergyWh(world: World, lamp: Unit, t: number): number {
  return energyWh(lamp, lampUsage(world, lamp, t))
}

function energyWh({ device, key }: Unit, { fullHours }: Burnt): number {
  const fullHoursBefore = 4_000 * uniform(subkey(key, use.energy))
  return (device.nominalPowerW ?? defaultPowerW) * (fullHoursBefore + fullHours)
}

export function measureLamp(world: World, lamp: Unit, t: number): Omit<Telemetry<'streetlight'>, 'faults'> {
  const { output, voltageV, powerW, powerFactor } = lampLoad(world, lamp, t)
  const { commandPct, dimPct, burningPct } = output
  const burns = burningPct > 0 && powerW > 0
  const past = lampUsage(world, lamp, t)
  const hoursBefore = Math.round(20_000 * uniform(subkey(lamp.key, use.hours)))
  return {
    ...(dimPct === undefined ? {} : { dimPct: round(dimPct, 1) }),
    commandPct,
    powerW: round(powerW, 1),
    voltageV: round(voltageV, 1),
    currentA: round(voltageV === 0 ? 0 : powerW / (voltageV * powerFactor), 3),
    // Below a meter's threshold the power factor means nothing.
    ...(burns ? { powerFactor: round(powerFactor, 3) } : {}),
    frequencyHz: round(50 + 0.04 * drift(use.mains, t, 60_000), 2),
    energyWh: round(energyWh(lamp, past), 1),
    illuminanceLux: round(world.sun.daylightLux(t) * (0.9 + 0.2 * uniform(subkey(lamp.key, use.heat))), 1),
    temperatureC: round(temperatureC(world, lamp, output, t), 1),
    operatingHours: round(hoursBefore + past.burningHours, 2),
    switchCount: Math.round(500 * uniform(subkey(lamp.key, use.switchings))) + past.switchings,
    tiltDeg: round(leaningDeg(lamp) + 0.2 * jitter(subkey(lamp.key, use.tilt), t), 1),
    override: false,
  }
}

function temperatureC(world: World, lamp: Unit, { commandPct, burningPct }: Output, t: number): number {
  const noise = jitter(subkey(lamp.key, use.heat), t)
  const { thermal_derating: derating, thermal_shutdown: shutdown } = lamp.faults
  // A driver dims its lamp from 80 °C on, and switches it off from 90.
  if (commandPct > 0 && shutdown !== undefined) return 91 + 5 * shutdown.degree + noise
  if (commandPct > 0 && derating !== undefined) return 82 + 5 * derating.degree + noise
  return world.sun.ambientC(t) + (burningPct > 0 ? 8 + (14 * burningPct) / 100 : 2) + noise
}

/** Columns never stand quite upright; one that was run into leans by 15–35° more. */
function leaningDeg({ key, faults: { column_tilt: tilt } }: Unit): number {
  return 1.5 * uniform(subkey(key, use.tilt)) + (tilt === undefined ? 0 : 15 + 20 * tilt.degree)
}
