// Street lights: along streets, behind the cabinets that they come with.
import type { FaultKindFacts } from '../fault-facts.ts'
import { isShown } from '../physics/lamp-output.ts'
import { measureLamp } from '../physics/lamp.ts'
import { planStreets } from '../plan/streets.ts'
import type { SimulatedKind } from './kind.ts'

export const streetlightFaults = {
  lamp_failure: {
    kinds: { streetlight: 100 },
    share: 21,
    leastMin: 4,
    meanMin: 10,
    seen: 'by night',
    reports: 'lamp_failure',
    noticed: true,
    meaning: 'a lamp takes no power and says so',
  },
  day_burner: {
    kinds: { streetlight: 100 },
    share: 12,
    leastMin: 4,
    meanMin: 12,
    seen: 'by day',
    reports: 'day_burner',
    noticed: true,
    meaning: 'a lamp burns by day and says so',
  },
  cycling_failure: {
    kinds: { streetlight: 100 },
    share: 3,
    leastMin: 40,
    meanMin: 50,
    seen: 'by night',
    noticed: false,
    meaning: 'a lamp goes out and starts again, over and over; only its count of switchings tells',
  },
  control_gear_failure: {
    kinds: { streetlight: 100 },
    share: 3,
    leastMin: 4,
    meanMin: 12,
    seen: 'by night',
    reports: 'control_gear_failure',
    noticed: true,
    meaning: 'the driver of a lamp is dead, and its controller says so',
  },
  control_gear_comm_failure: {
    kinds: { streetlight: 100 },
    share: 2,
    leastMin: 4,
    meanMin: 12,
    seen: 'by night',
    reports: 'control_gear_comm_failure',
    noticed: true,
    meaning: 'a driver does not answer its controller, and burns at full power of its own accord',
  },
  light_source_open_circuit: {
    kinds: { streetlight: 100 },
    share: 2,
    leastMin: 4,
    meanMin: 12,
    seen: 'by night',
    reports: 'light_source_open_circuit',
    noticed: true,
    meaning: 'the LEDs of a lamp are disconnected, and its driver says so',
  },
  light_source_short_circuit: {
    kinds: { streetlight: 100 },
    share: 2,
    leastMin: 4,
    meanMin: 12,
    seen: 'by night',
    reports: 'light_source_short_circuit',
    noticed: true,
    meaning: 'the LEDs of a lamp are shorted, and its driver says so',
  },
  thermal_derating: {
    kinds: { streetlight: 100 },
    share: 2,
    leastMin: 8,
    meanMin: 20,
    seen: 'by night',
    reports: 'thermal_derating',
    noticed: true,
    meaning: 'a driver is too hot and dims its lamp by itself',
  },
  thermal_shutdown: {
    kinds: { streetlight: 100 },
    share: 2,
    leastMin: 6,
    meanMin: 15,
    seen: 'by night',
    reports: 'thermal_shutdown',
    noticed: true,
    meaning: 'a driver is so hot that it has switched its lamp off',
  },
  relay_failure: {
    kinds: { streetlight: 100 },
    share: 2,
    leastMin: 8,
    meanMin: 15,
    seen: 'by night',
    noticed: false,
    meaning: 'a lamp that is told to be off in the night burns on',
  },
  low_power_factor: {
    kinds: { streetlight: 100 },
    share: 2,
    leastMin: 8,
    meanMin: 20,
    seen: 'by night',
    noticed: false,
    meaning: 'the capacitor of a driver is worn: a power factor of 0.62–0.80',
  },
  low_voltage: {
    kinds: { streetlight: 50, cabinet: 50 },
    share: 3,
    leastMin: 14,
    meanMin: 22,
    seen: 'any time',
    noticed: false,
    phases: 'one',
    meaning: 'a phase of a cabinet sags to 83–88 % of its voltage, or one lamp alone has a bad joint',
  },
  high_voltage: {
    kinds: { streetlight: 50, cabinet: 50 },
    share: 3,
    leastMin: 14,
    meanMin: 22,
    seen: 'any time',
    noticed: false,
    phases: 'one',
    meaning: 'a phase of a cabinet rises to 113–122 % of its voltage, or one lamp alone has a loose neutral',
  },
  high_power: {
    kinds: { streetlight: 100 },
    share: 2,
    leastMin: 8,
    meanMin: 20,
    seen: 'by night',
    noticed: false,
    meaning: 'a lamp takes 135–165 % of the power that is expected',
  },
  column_tilt: {
    kinds: { streetlight: 100 },
    share: 2,
    leastMin: 5,
    meanMin: 25,
    seen: 'any time',
    noticed: true,
    meaning: 'a column has been run into and leans by 15–35° until it is set up again',
  },
} as const satisfies Record<string, FaultKindFacts>

export const streetlight: SimulatedKind<'streetlight'> = {
  ids: { prefix: 'pju', digits: 5 },
  place(planner, { devices }) {
    const lamps = Math.round(devices * 0.78)
    const cabinets = devices < 3 ? 0 : lamps <= 40 ? 1 : Math.max(2, Math.round(lamps / 30))
    const streets = planStreets(planner, lamps, cabinets)
    planner.streets.push(...streets)
    return [...streets.flatMap((street) => street.cabinet ?? []), ...streets.flatMap((street) => street.lamps)]
  },
  measure: measureLamp,
  shows: isShown,
  parts: { comm_loss: 60, clock_drift: 60 },
}
