// What devices say, and what a rule makes of it, as it follows from the truth: at any stamped time, for any device,
// from the physics that the simulated devices measure and the predicates of the rule table. What the system saw,
// counted or raised is not asked.
import { reportPhaseMs } from '@ronda/city/device'
import type { Injection } from '@ronda/city/fault-book'
import { type ActiveFaults, noFaults } from '@ronda/city/active-faults'
import { isSupplied, nextContactorChange, nominalVoltageV } from '@ronda/city/physics/mains'
import { settleLamp } from '@ronda/city/physics/lamp-output'
import { measure } from '@ronda/city/physics/measure'
import { clockSkewMs } from '@ronda/city/physics/network'
import type { World } from '@ronda/city/physics/world'
import type { Unit } from '@ronda/city/unit'
import type { Telemetry } from '@ronda/contracts/telemetry'
import type { Facts, Finding, ReportedFields, Rule } from '@ronda/faults/rules/rule'
import { asNumber } from '@ronda/faults/rules/rule'
import { phaseVoltages } from '@ronda/faults/rules/supply'
import { createSun } from '@ronda/faults/sun'

const hourMs = 3_600_000

export interface Word {
  /** Stamped, ms UTC. */
  at: number
  finding: Finding
}

interface Span {
  from: number
  until: number
  /** Times beside its turns at which the device speaks. */
  also: readonly number[]
  /** Had this one ended at another time. */
  supposing?: { injection: Injection; until: number }
}

export interface Words {
  /** What a device says about a rule, oldest first. */
  of(unit: Unit, rule: Rule, span: Span): Generator<Word>
  /** The first time from `t` on at which the device has supply; undefined: not before `until`. */
  suppliedFrom(unit: Unit, t: number, until: number): number | undefined
}

export interface WordsDeps {
  world: World
  centre: { latitude: number; longitude: number }
  truth: readonly Injection[]
  /** Stamped: until when an injection that has not ended is taken to last. */
  endsAt: number
}

export function createWords({ world, centre, truth, endsAt }: WordsDeps): Words {
  const sun = createSun(centre)
  const byDevice = Map.groupBy(truth, ({ deviceId }) => deviceId)

  function faultsAt(unit: Unit, t: number, supposing: Span['supposing']): ActiveFaults {
    const active = (byDevice.get(unit.device.id) ?? []).filter((injection) => {
      const { until = endsAt } = injection === supposing?.injection ? supposing : injection
      return injection.since <= t && t < until
    })
    return Object.fromEntries(active.map(({ kind, ...how }) => [kind, how]))
  }

  /** When something of a device began or ended, in order. */
  function changesOf(unit: Unit, supposing: Span['supposing']): number[] {
    return (byDevice.get(unit.id) ?? [])
      .flatMap((injection) => [
        injection.since,
        (injection === supposing?.injection ? supposing : injection).until ?? endsAt,
      ])
      .toSorted((a, b) => a - b)
  }

  /** What a lamp has counted by then, under all that was wrong with it and with its supply on the way. */
  function switchCountAt(lamp: Unit, t: number, supposing: Span['supposing']): number {
    const concerned = lamp.cabinet === undefined ? [lamp] : [lamp, lamp.cabinet]
    lamp.settled = undefined
    for (const change of concerned.flatMap((each) => changesOf(each, supposing)).toSorted((a, b) => a - b)) {
      if (change > t) break
      // As it was until then.
      setTo(lamp, change - 1, supposing)
      settleLamp(world, lamp, change)
    }
    setTo(lamp, t, supposing)
    const count = asNumber(reportOf(measure(world, lamp, t)).switchCount) ?? 0
    lamp.settled = undefined
    return count
  }

  /** How often it went on or off since the last report that is older than an hour. */
  function switchingsBy(lamp: Unit, t: number, supposing: Span['supposing']): number {
    const intervalMs = lamp.device.intervalS * 1_000
    const phaseMs = reportPhaseMs(lamp)
    const before = Math.floor((t - hourMs - phaseMs) / intervalMs) * intervalMs + phaseMs
    return switchCountAt(lamp, t, supposing) - switchCountAt(lamp, before, supposing)
  }

  /** Physics looks into the units: they are put into the state of the time that is asked about. */
  function setTo(unit: Unit, t: number, supposing?: Span['supposing']): void {
    for (const each of [unit, ...unit.behind, ...(unit.cabinet === undefined ? [] : [unit.cabinet])]) {
      each.faults = faultsAt(each, t, supposing)
    }
  }

  function findingNow(unit: Unit, rule: Rule, t: number, supposing: Span['supposing']): Finding {
    const { faults: flags, ...fields } = reportOf(measure(world, unit, t))
    // A maker's own code is told by the name that the maker gave it.
    if (flags.includes(rule.code.replace(/^vendor:/, ''))) return rule.flag ?? 'certain'
    if (rule.on === 'outage') return supplyFinding(fields, nominalVoltageV(world, unit), rule)
    const found = rule.find(factsOf(unit, fields, t, supposing), rule.limits)
    // A device that measures nothing of it says that it is over by no longer saying so.
    return found === 'nothing' ? 'good' : found
  }

  /** The physics has no operator who overrides, and what is lost says nothing. */
  function factsOf(unit: Unit, fields: ReportedFields, t: number, supposing: Span['supposing']): Facts {
    const { supply, nominalPowerW } = unit.device
    return {
      nominalV: nominalVoltageV(world, unit),
      nominalPowerW,
      fields,
      sun: sun.phase(t),
      supplyOff: supply === 'switched' && !isSupplied(world, unit, t),
      // Ours ahead of the device's.
      skewMs: -clockSkewMs(unit),
      inMaintenance: false,
      // Asked by one rule alone, and dear.
      get switchings() {
        return switchingsBy(unit, t, supposing)
      },
      leaningDeg: leaningOf(unit, fields, t),
      loss: undefined,
      outage: undefined,
      uplink: undefined,
    }
  }

  /** From how the column would stand if nothing were wrong. */
  function leaningOf(unit: Unit, { tiltDeg }: ReportedFields, t: number): number | undefined {
    const { faults } = unit
    unit.faults = noFaults
    const upright = reportOf(measure(world, unit, t))
    unit.faults = faults
    return typeof tiltDeg === 'number' && typeof upright.tiltDeg === 'number'
      ? Math.abs(tiltDeg - upright.tiltDeg)
      : undefined
  }

  return {
    *of(unit, rule, { from, until, also, supposing }) {
      for (const at of reportTimes(unit, from, until, also)) {
        setTo(unit, at, supposing)
        if (isSupplied(world, unit, at)) yield { at, finding: findingNow(unit, rule, at, supposing) }
      }
    },
    suppliedFrom(unit, t, until) {
      for (let at = t; at <= until; ) {
        setTo(unit, at)
        if (isSupplied(world, unit, at)) return at
        const { cabinet } = unit
        if (cabinet === undefined) return undefined
        const restored = (byDevice.get(cabinet.device.id) ?? []).flatMap(({ until: end = endsAt }) =>
          end > at ? [end] : [],
        )
        at = Math.min(nextContactorChange(world, cabinet, at), ...restored)
      }
      return undefined
    },
  }
}

/** In turn, by interval and phase, and at other times of this device. */
function* reportTimes(unit: Unit, from: number, until: number, also: readonly number[]): Generator<number> {
  const intervalMs = unit.device.intervalS * 1_000
  const phaseMs = reportPhaseMs(unit)
  const others = also.filter((t) => t >= from && t <= until).toSorted((a, b) => a - b)
  let other = 0
  for (let n = Math.ceil((from - phaseMs) / intervalMs); n * intervalMs + phaseMs <= until; n++) {
    const inTurn = n * intervalMs + phaseMs
    for (let next = others[other]; next !== undefined && next <= inTurn; next = others[++other]) yield next
    yield inTurn
  }
  yield* others.slice(other)
}

/** As it arrives: what is not measured is left out. */
function reportOf(measured: Telemetry): ReportedFields & { faults: readonly string[] } {
  const { faults = [], ...rest }: { faults?: readonly string[] | undefined } = measured
  return { ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)), faults }
}

/** What a cabinet says of its supply: a phase without voltage is an outage at once. */
function supplyFinding(fields: ReportedFields, nominalV: number, { limits }: Rule): Finding {
  const { noVoltageBelowV = 0, backFrom = 0 } = limits
  const voltages = phaseVoltages.flatMap(([, field]) => asNumber(fields[field]) ?? [])
  if (voltages.some((voltageV) => voltageV < noVoltageBelowV)) return 'certain'
  return voltages.every((voltageV) => voltageV >= backFrom * nominalV) ? 'good' : 'between'
}
