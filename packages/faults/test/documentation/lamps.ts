// Small lives of lamps, by the code of the rule that they show.
import { dark, noon, off, shining } from '../town.ts'
import type { Example, Scene } from './example.ts'

const powerW: Example['shows'] = { label: 'power', unit: 'W', of: (reading) => reading['powerW'] }

/** A code that the lamp reports itself. */
function flagged(code: string, times: number, after: number, every = 1): Example {
  const scenes: Scene[] = [
    [3 * every, shining],
    [times * every, shining, { flags: [code] }],
    [after * every, shining],
  ]
  const of: Example['shows']['of'] = (_reading, { flags }) => flags.includes(code)
  return { id: 'pju-1', every, shows: { label: `the lamp reports ${code}`, unit: '', of }, scenes }
}

export const lampExamples: Readonly<Record<string, Example>> = {
  lamp_failure: {
    id: 'pju-1',
    shows: powerW,
    limits: { outBelow: 100, burnsAbove: 100 },
    scenes: [
      [4, shining],
      [8, { ...dark, powerW: 3 }],
      [6, shining],
    ],
  },
  day_burner: {
    id: 'pju-1',
    at: noon,
    shows: powerW,
    limits: { burnsAbove: 100 },
    scenes: [
      [10, off],
      [55, { ...shining, illuminanceLux: 40_000 }],
      [15, off],
    ],
  },
  cycling_failure: {
    id: 'pju-1',
    every: 15,
    shows: { label: 'switch count of the lamp', unit: '', of: (reading) => reading['switchCount'] },
    scenes: [
      [60, { ...shining, switchCount: 100 }],
      [15, { ...shining, switchCount: 102 }],
      [15, { ...shining, switchCount: 105 }],
      [1_680, { ...shining, switchCount: 105 }],
    ],
  },
  control_gear_failure: flagged('control_gear_failure', 6, 6),
  control_gear_comm_failure: flagged('control_gear_comm_failure', 6, 6),
  light_source_open_circuit: flagged('light_source_open_circuit', 6, 6),
  light_source_short_circuit: flagged('light_source_short_circuit', 6, 6),
  thermal_derating: flagged('thermal_derating', 12, 42),
  thermal_shutdown: flagged('thermal_shutdown', 12, 42),
  relay_failure: {
    id: 'pju-1',
    shows: powerW,
    limits: { burnsAbove: 100 },
    scenes: [
      [4, { ...off, commandPct: 0 }],
      [9, { ...off, commandPct: 0, powerW: 97 }],
      [5, { ...off, commandPct: 0 }],
    ],
  },
  low_power_factor: {
    id: 'pju-1',
    shows: { label: 'power factor', unit: '', of: (reading) => reading['powerFactor'] },
    limits: { lowBelow: 1, fineFrom: 1 },
    scenes: [
      [4, { ...shining, powerFactor: 0.95 }],
      [7, { ...shining, powerFactor: 0.78 }],
      [3, { ...shining, powerFactor: 0.87 }],
      [6, { ...shining, powerFactor: 0.94 }],
    ],
  },
  low_voltage: {
    id: 'pju-1',
    shows: { label: 'voltage', unit: 'V', of: (reading) => reading['voltageV'] },
    limits: { lowBelow: 230, fineAbove: 230 },
    scenes: [
      [4, shining],
      [16, { ...shining, voltageV: 198 }],
      [4, { ...shining, voltageV: 210 }],
      [6, shining],
    ],
  },
  high_voltage: {
    id: 'pju-1',
    shows: { label: 'voltage', unit: 'V', of: (reading) => reading['voltageV'] },
    limits: { highAbove: 230, fineBelow: 230, criticalAboveV: 1 },
    scenes: [
      [4, shining],
      [16, { ...shining, voltageV: 249 }],
      [5, { ...shining, voltageV: 270 }],
      [4, { ...shining, voltageV: 248 }],
      [6, shining],
    ],
  },
  high_power: {
    id: 'pju-1',
    shows: powerW,
    limits: { highAbove: 100, fineBelow: 100 },
    scenes: [
      [4, shining],
      [7, { ...shining, powerW: 138 }],
      [3, { ...shining, powerW: 114 }],
      [5, shining],
    ],
  },
  column_tilt: {
    id: 'pju-1',
    shows: { label: 'leaning from how it stood first', unit: '°', of: (reading) => Number(reading['tiltDeg']) - 1 },
    limits: { tiltedAboveDeg: 1, fineWithinDeg: 1 },
    scenes: [
      [4, { ...shining, tiltDeg: 1 }],
      [8, { ...shining, tiltDeg: 24 }],
      [5, { ...shining, tiltDeg: 3 }],
    ],
  },
}
