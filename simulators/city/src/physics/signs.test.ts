// By which signs the catalogue knows a fault, and who shows them: a device that has the fault, all the time and no
// other; a healthy one never, and by a margin.
import type { DeviceKind } from '@ronda/contracts/topics'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { exampleCity, examplePlan } from '../../test/example-city.ts'
import { createFaultBook } from '../fault-book.ts'
import { type FaultKind, factsOf, faultKindNames, faultKinds } from '../fault-kinds.ts'
import { type Unit, createUnits, isPlace, placesOf } from '../unit.ts'
import { isSupplied } from './mains.ts'
import { measure } from './measure.ts'
import { clockSkewMs, isReachable } from './network.ts'
import { createWorld } from './world.ts'

// A week of many devices is a lot to compute.
vi.setConfig({ testTimeout: 30_000 })

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const weekMs = 168 * hourMs
const nominalV = exampleCity.profile.nominalVoltageV
const world = createWorld(exampleCity.profile, 1)
/** 20 and 9 o'clock in the example city. */
const evening = Date.UTC(2026, 5, 3, 13)
const morning = Date.UTC(2026, 5, 4, 2)
const plan = examplePlan(60)

type Measured = Readonly<Record<string, number | boolean | readonly string[] | undefined>>

interface Look {
  unit: Unit
  /** Now, a minute ago, an hour ago. */
  now: Measured
  before: Measured
  hourAgo: Measured
  sun: 'day' | 'night' | 'twilight'
}

function lookAt(unit: Unit, t: number): Look {
  const altitude = world.sun.altitude(t)
  // Telemetry is fields of these types.
  const at = (time: number) => measure(world, unit, time) as Measured
  return {
    unit,
    now: at(t),
    before: at(t - minuteMs),
    hourAgo: at(t - hourMs),
    sun: altitude > 6 ? 'day' : altitude < -6 ? 'night' : 'twilight',
  }
}

/** NaN where it is not measured: that is neither more nor less than anything. */
function value(measured: Measured, field: string): number {
  const found = measured[field]
  return typeof found === 'number' ? found : Number.NaN
}

function says({ faults }: Measured, code: string): boolean {
  return Array.isArray(faults) && faults.includes(code)
}

function voltages(m: Measured): number[] {
  return ['voltageV', 'voltageL1V', 'voltageL2V', 'voltageL3V'].map((field) => value(m, field))
}

function expectedW({ device }: Unit, m: Measured): number {
  return ((device.nominalPowerW ?? Number.NaN) * value(m, 'dimPct')) / 100
}

function isDark(unit: Unit, m: Measured): boolean {
  return value(m, 'powerW') < 0.2 * expectedW(unit, m)
}

/** Not a code of a maker, which is seen only where it is reported. */
type CatalogueFault = Exclude<FaultKind, `vendor:${string}`>

/** What the catalogue's rules look at; `shy` widens every threshold, for those who are to keep away from it. */
function signs({ unit, now, before, hourAgo, sun }: Look, shy: number): Record<CatalogueFault, boolean> {
  const { nominalPowerW = Number.NaN } = unit.device
  const more = (field: string, limit: number) => value(now, field) > limit / (1 + shy)
  const less = (field: string, limit: number) => value(now, field) < limit * (1 + shy)
  const flag = (code: string) => says(now, code)
  // The tolerance of voltage is narrow: two percent are a lot.
  const volts = shy * 0.1
  return {
    lamp_failure: flag('lamp_failure') || (sun === 'night' && isDark(unit, now) && isDark(unit, before)),
    day_burner: flag('day_burner') || (sun === 'day' && more('powerW', 0.2 * nominalPowerW)),
    cycling_failure: value(now, 'switchCount') - value(hourAgo, 'switchCount') >= 4 / (1 + shy),
    control_gear_failure: flag('control_gear_failure'),
    control_gear_comm_failure: flag('control_gear_comm_failure'),
    light_source_open_circuit: flag('light_source_open_circuit'),
    light_source_short_circuit: flag('light_source_short_circuit'),
    thermal_derating: flag('thermal_derating'),
    thermal_shutdown: flag('thermal_shutdown'),
    relay_failure: sun === 'night' && value(now, 'commandPct') === 0 && more('powerW', 0.2 * nominalPowerW),
    low_power_factor: value(now, 'dimPct') >= 50 && less('powerFactor', 0.85) && value(now, 'powerFactor') < 0.9,
    low_voltage: voltages(now).some((voltage) => voltage >= 50 && voltage < (0.9 + volts) * nominalV),
    high_voltage: voltages(now).some((voltage) => voltage > (1.05 - volts) * nominalV),
    high_power: value(now, 'dimPct') > 0 && more('powerW', 1.2 * expectedW(unit, now)),
    column_tilt: more('tiltDeg', 10 + 1.5),
    door_open: now['doorOpen'] === true,
    feeder_outage: voltages(now).some((voltage) => voltage < 50 * (1 + shy)),
    uplink_outage: unit.faults.comm_loss === undefined && !isReachable(unit),
    comm_loss: unit.faults.comm_loss !== undefined && !isReachable(unit),
    clock_drift: Math.abs(clockSkewMs(unit)) > (120 * 1_000) / (1 + shy),
    video_loss: now['signalLoss'] === true || more('lastFrameAgeMs', minuteMs) || value(now, 'fps') === 0,
    low_frame_rate: value(now, 'fps') > 0 && value(now, 'fps') < 0.5 * (1 + shy) * value(now, 'expectedFps'),
    image_tamper: [now['tooDark'], now['tooBright'], now['sceneChange']].includes(true),
    image_blurry: now['blurry'] === true,
    storage_failure:
      now['storageFailed'] === true || less('storageFreePct', 5) || (shy > 0 && less('storageFreePct', 9)),
    recording_gap: now['recording'] === false && value(now, 'fps') > 0,
    temperature_critical: flag('temperature_critical'),
    radio_down: value(now, 'radiosUp') < value(now, 'radiosEnabled'),
    channel_congested: more('channelUtilisationPct', 50) && more('retryPct', 20),
    client_overload: more('clients', 50),
    uplink_degraded: more('uplinkRttMs', 200) || (more('uplinkLossPct', 10) && value(now, 'uplinkRttMs') > 0),
  }
}

function shownBy(unit: Unit, t: number, shy = 0): string[] {
  if (!isSupplied(world, unit, t)) return []
  const look = lookAt(unit, t)
  const shown = Object.entries(signs(look, shy)).flatMap(([kind, isSo]) => (isSo ? [kind] : []))
  const codes = faultKindNames.filter((kind) => {
    const { reports } = factsOf(kind)
    return kind.startsWith('vendor:') && reports !== undefined && says(look.now, reports)
  })
  return [...shown, ...codes]
}

test('a healthy device keeps away from every sign, whatever the seed, the device and the time of the week', () => {
  const kinds: DeviceKind[] = ['streetlight', 'streetlight', 'cabinet', 'camera', 'access-point', 'gateway']
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e6 }),
      fc.integer({ min: morning, max: morning + weekMs }),
      fc.constantFrom(...kinds),
      fc.nat(),
      (seed, t, kind, index) => {
        const ofKind = createUnits(plan, seed).filter((unit) => unit.kind === kind)
        const unit = ofKind[index % ofKind.length]
        expect(unit && shownBy(unit, t, 0.12)).toEqual([])
      },
    ),
    { numRuns: 1_000 },
  )
})

describe('a week of one device of each kind', () => {
  test.each<DeviceKind>(['streetlight', 'cabinet', 'camera', 'access-point', 'gateway'])('%s: no sign', (kind) => {
    const unit = createUnits(plan, 1).find((each) => each.kind === kind)
    for (let t = morning; t < morning + weekMs; t += 17 * minuteMs) expect(unit && shownBy(unit, t, 0.12)).toEqual([])
  })
})

const cases = faultKindNames.flatMap((kind) => Object.keys(faultKinds[kind].kinds).map((of) => ({ kind, of })))

test.each(cases)('$kind of a $of: its sign and no other while it lasts, none before and after', ({ kind, of }) => {
  const units = createUnits(plan, 1)
  const book = createFaultBook(world)
  const at = faultKinds[kind].seen === 'by day' ? morning : evening
  const subject = [...units, ...placesOf(units)].find((each) => each.kind === of)
  // Of a place any device will do.
  const unit = subject === undefined || isPlace(subject) ? subject?.behind[0] : subject
  if (subject === undefined || unit === undefined) throw new Error(`the plan has no ${of} with devices`)

  for (const degree of [0, 0.49, 0.5, 0.999]) {
    expect(shownBy(unit, at - 2 * minuteMs)).toEqual([])
    book.inject(subject, kind, at, { degree })
    // Whoever counts switchings, or looks at the age of frames, needs an hour.
    for (let t = at + hourMs; t < at + 1.5 * hourMs; t += minuteMs) expect(shownBy(unit, t)).toEqual([kind])
    book.recover(subject, kind, at + 1.5 * hourMs)
    for (let t = at + 2.6 * hourMs; t < at + 3 * hourMs; t += minuteMs) expect(shownBy(unit, t)).toEqual([])
  }
})
