// What a lamp does with what it is told: the level that it burns at, what it takes for it, and how much of its
// scheduled hours it has burnt, under whatever is wrong with it.
import { noFaults } from '../active-faults.ts'
import type { FaultKind } from '../fault-kinds.ts'
import type { Burnt, Unit } from '../unit.ts'
import { switchingLagMs } from './mains.ts'
import type { World } from './world.ts'

const hourMs = 3_600_000

/** Above this altitude of the sun a lamp that burns is a fault. */
const dayAltitude = 6
/** What a controller takes itself; a meter does not count so little. */
const standbyW = 0.4

/** Faults of a lamp that gives no light, the gravest first, and what its driver takes then (W). */
const darkeningW: Partial<Record<FaultKind, number>> = {
  lamp_failure: standbyW,
  control_gear_failure: 0.6,
  light_source_open_circuit: 1.8,
  light_source_short_circuit: 3.2,
  thermal_shutdown: 2.4,
}
// Its keys are kinds of fault.
const darkening = Object.entries(darkeningW) as [FaultKind, number][]

export interface Output {
  /** What it is told, 0–100. */
  commandPct: number
  /** The level that its driver gives, or should give as far as it knows; undefined: it does not answer. */
  dimPct: number | undefined
  /** The level that it burns at; 0: dark. */
  burningPct: number
  /** What it takes, over what a lamp takes at this level; of a dark one 1. */
  load: number
  /** What it takes while it is dark. */
  darkW: number
}

export function lampOutput(world: World, lamp: Unit, t: number): Output {
  const { faults } = lamp
  const scheduledPct = world.nights.dimPct(t - switchingLagMs(lamp))
  const healthy: Output = {
    commandPct: scheduledPct,
    dimPct: scheduledPct,
    burningPct: scheduledPct,
    load: 1,
    darkW: standbyW,
  }
  if (faults === noFaults) return healthy
  const [dark, darkW = standbyW] = darkening.find(([kind]) => faults[kind] !== undefined) ?? []
  if (dark !== undefined) {
    const out = { ...healthy, burningPct: 0, darkW: scheduledPct === 0 ? standbyW : darkW }
    if (dark === 'lamp_failure') return out
    // A hot driver has gone to 0 by itself; one that cannot light its LEDs knows no level, DALI's answer is MASK.
    return { ...out, dimPct: dark === 'thermal_shutdown' ? 0 : undefined }
  }
  if (scheduledPct === 0) {
    return isDayBurner(lamp) ? { ...healthy, dimPct: 100, burningPct: 100 } : healthy
  }
  // Without word from its controller a driver goes to its system failure level, which is full power.
  if (faults.control_gear_comm_failure !== undefined) return { ...healthy, dimPct: undefined, burningPct: 100 }
  const burningPct = scheduledPct * deratingOf(lamp)
  return {
    ...healthy,
    // Relay failure shows when the lamp is told to be off; in the morning a photocell in series ends it.
    ...(faults.relay_failure === undefined ? {} : { commandPct: 0 }),
    dimPct: burningPct,
    burningPct,
    load: loadOf(lamp) * litShare(lamp),
  }
}

export function isDayBurner({ faults }: Unit): boolean {
  return faults.day_burner !== undefined && !darkening.some(([kind]) => faults[kind] !== undefined)
}

/** What it calls in `faults` what is wrong with it now: what goes with burning by day, or with heat, only then. */
export function isShown(world: World, lamp: Unit, kind: FaultKind, t: number): boolean {
  const { commandPct } = lampOutput(world, lamp, t)
  if (kind === 'day_burner') return isDayBurner(lamp) && commandPct === 0 && world.sun.altitude(t) > dayAltitude
  return !(kind === 'thermal_derating' || kind === 'thermal_shutdown') || commandPct > 0
}

/** 0.6–0.75 of the level that is asked for, so that it is no failed lamp. */
function deratingOf({ faults: { thermal_derating: derating } }: Unit): number {
  return derating === undefined ? 1 : 0.75 - 0.15 * derating.degree
}

/** 1.35–1.65: always above the 1.2 at which high power is a fault. */
function loadOf({ faults: { high_power: high } }: Unit): number {
  return high === undefined ? 1 : 1.35 + 0.3 * high.degree
}

/** Every 3 to 5 min it goes out for a moment and starts again. */
function cyclesPerHour({ faults: { cycling_failure: cycling } }: Unit): number {
  return cycling === undefined ? 0 : 60 / (3 + 2 * cycling.degree)
}

/** What is left of its light: a meter's power is a mean, so that such moments hardly show, whenever they are. */
function litShare(lamp: Unit): number {
  const outHours = 15 / 3_600
  return 1 - cyclesPerHour(lamp) * outHours
}

function scheduledUsage(world: World, lamp: Unit, t: number): Burnt {
  const { nights, ...hours } = world.nights.usage(t - switchingLagMs(lamp))
  return { ...hours, switchings: nights }
}

/** All that it has done since 2020: the schedule, corrected by its faults. */
export function lampUsage(world: World, lamp: Unit, t: number): Burnt {
  const { settled } = lamp
  const scheduled = scheduledUsage(world, lamp, t)
  if (settled === undefined) return scheduled
  const since = combine(scheduled, settled.scheduled, -1)
  return combine(settled.done, underFaults(lamp, since, (t - settled.at) / hourMs))
}

/** Books what the lamp has done under its present faults; to be called before they or its cabinet's change. */
export function settleLamp(world: World, lamp: Unit, t: number): void {
  lamp.settled = { at: t, scheduled: scheduledUsage(world, lamp, t), done: lampUsage(world, lamp, t) }
}

/** What becomes of what was scheduled under the lamp's faults, which hold for all of the elapsed hours. */
function underFaults(lamp: Unit, scheduled: Burnt, elapsedHours: number): Burnt {
  const { cabinet, device, faults } = lamp
  const { burningHours, fullHours, switchings } = scheduled
  const isDead = cabinet?.faults.feeder_outage?.phases.includes(device.phase ?? 'L1') === true
  if (isDead || darkening.some(([kind]) => faults[kind] !== undefined)) {
    return { burningHours: 0, fullHours: 0, switchings }
  }
  // Behind an open contactor a stuck relay has nothing to burn.
  if (faults.day_burner !== undefined && device.supply !== 'switched') {
    return { burningHours: elapsedHours, fullHours: fullHours + elapsedHours - burningHours, switchings }
  }
  const atFull = faults.control_gear_comm_failure === undefined ? fullHours : burningHours
  return {
    burningHours: burningHours * litShare(lamp),
    fullHours: atFull * deratingOf(lamp) * loadOf(lamp) * litShare(lamp),
    switchings: switchings + Math.floor(burningHours * cyclesPerHour(lamp)),
  }
}

function combine(a: Burnt, b: Burnt, sign: 1 | -1 = 1): Burnt {
  return {
    burningHours: a.burningHours + sign * b.burningHours,
    fullHours: a.fullHours + sign * b.fullHours,
    switchings: a.switchings + sign * b.switchings,
  }
}
