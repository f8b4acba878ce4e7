// Feeder cabinets: the sum of their lamps per phase, and what they take themselves.
import { Phase } from '@ronda/contracts/device'
import type { Telemetry } from '@ronda/contracts/telemetry'
import { jitter, subkey, uniform } from '../random.ts'
import type { Unit } from '../unit.ts'
import { lampEnergyWh, lampLoad } from './lamp.ts'
import { hasContactor, isContactorClosed, phaseVoltageV } from './mains.ts'
import { round } from './round.ts'
import type { World } from './world.ts'

const hourMs = 3_600_000
const use = { heat: 40, energy: 41 } as const
/** Controller, modem and heater; during an outage they run on a battery. */
const ownPowerW = 15
const cableLoss = 1.01
const energySince = Date.UTC(2020, 0, 1)

export function measureCabinet(world: World, cabinet: Unit, t: number): Omit<Telemetry<'cabinet'>, 'faults'> {
  const lamps = cabinet.behind.filter(({ device }) => device.kind === 'streetlight')
  const currentA = { L1: 0, L2: 0, L3: 0 }
  const voltageV = { L1: 0, L2: 0, L3: 0 }
  for (const phase of Phase.options) voltageV[phase] = phaseVoltageV(world, cabinet, phase, t)
  const isDead = Phase.options.every((phase) => voltageV[phase] === 0)
  let lampsW = 0
  let apparentVA = 0
  let lampsWh = 0
  for (const lamp of lamps) {
    lampsWh += lampEnergyWh(world, lamp, t)
    const load = lampLoad(world, lamp, t)
    if (load.voltageV === 0) continue
    const apparent = load.powerW / load.powerFactor
    lampsW += load.powerW
    apparentVA += apparent
    currentA[lamp.device.phase ?? 'L1'] += apparent / load.voltageV
  }
  const powerW = isDead ? 0 : lampsW * cableLoss + ownPowerW
  const ownWh = (ownPowerW * Math.max(0, t - energySince)) / hourMs
  return {
    voltageL1V: round(voltageV.L1, 1),
    voltageL2V: round(voltageV.L2, 1),
    voltageL3V: round(voltageV.L3, 1),
    currentL1A: round(currentA.L1, 2),
    currentL2A: round(currentA.L2, 2),
    currentL3A: round(currentA.L3, 2),
    powerW: round(powerW, 0),
    // Below a meter's threshold the power factor means nothing.
    ...(lampsW < 50 ? {} : { powerFactor: round(powerW / (apparentVA * cableLoss + ownPowerW), 3) }),
    energyWh: round(1e6 * uniform(subkey(cabinet.key, use.energy)) + lampsWh * cableLoss + ownWh, 0),
    doorOpen: cabinet.faults.door_open !== undefined,
    ...(hasContactor(cabinet) ? { contactorClosed: isContactorClosed(world, cabinet, t) } : {}),
    temperatureC: round(world.sun.ambientC(t) + 6 + lampsW / 1_000 + jitter(subkey(cabinet.key, use.heat), t), 1),
  }
}
