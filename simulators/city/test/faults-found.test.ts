// Every kind of fault under the real engine: it is raised under its own name, in time and once, nothing else is, and
// it clears when it is over. Faults that it causes in turn are attached to it.
import { type NewDevice, Supply } from '@ronda/contracts/device'
import { knownRule, rules } from '@ronda/faults/rules/table'
import { expect, test, vi } from 'vitest'
import type { SubjectKind } from '../src/fault-facts.ts'
import { type FaultKind, factsOf, faultKindNames, faultKinds } from '../src/fault-kinds.ts'
import type { Subject, Unit } from '../src/unit.ts'
import { examplePlan } from './example-city.ts'
import { createWatchedCity } from './watched-city.ts'

// Hours of a street, second by second.
vi.setConfig({ testTimeout: 180_000 })

/** 20 and 9 o'clock in the example city. */
const evening = Date.UTC(2026, 5, 3, 13)
const morning = Date.UTC(2026, 5, 4, 2)

/** Minutes until a fault of the kind is raised and, when it is over, cleared: the catalogue's, not less. */
const delays: Record<Exclude<FaultKind, `vendor:${string}`>, { raise: number; clear: number }> = {
  lamp_failure: { raise: 0, clear: 2 },
  day_burner: { raise: 0, clear: 2 },
  // A day without four in an hour, of which the last may have been an hour ago.
  cycling_failure: { raise: 60, clear: 25 * 60 },
  control_gear_failure: { raise: 0, clear: 2 },
  control_gear_comm_failure: { raise: 2, clear: 2 },
  light_source_open_circuit: { raise: 0, clear: 2 },
  light_source_short_circuit: { raise: 0, clear: 2 },
  thermal_derating: { raise: 0, clear: 30 },
  thermal_shutdown: { raise: 0, clear: 30 },
  relay_failure: { raise: 3, clear: 2 },
  low_power_factor: { raise: 3, clear: 3 },
  low_voltage: { raise: 10, clear: 2 },
  high_voltage: { raise: 10, clear: 2 },
  high_power: { raise: 3, clear: 2 },
  column_tilt: { raise: 2, clear: 2 },
  door_open: { raise: 5, clear: 2 },
  feeder_outage: { raise: 0, clear: 2 },
  uplink_outage: { raise: 3, clear: 1 },
  comm_loss: { raise: 3, clear: 1 },
  clock_drift: { raise: 3, clear: 3 },
  video_loss: { raise: 0, clear: 2 },
  low_frame_rate: { raise: 5, clear: 5 },
  image_tamper: { raise: 1, clear: 5 },
  image_blurry: { raise: 10, clear: 10 },
  storage_failure: { raise: 2, clear: 2 },
  recording_gap: { raise: 5, clear: 5 },
  temperature_critical: { raise: 0, clear: 2 },
  radio_down: { raise: 2, clear: 2 },
  channel_congested: { raise: 30, clear: 15 },
  client_overload: { raise: 120, clear: 2 },
  uplink_degraded: { raise: 15, clear: 15 },
}

/** A code of a maker is a fault at once, and over as others are that are reported. */
const vendorDelay = { raise: 0, clear: 2 }

function delayOf(kind: FaultKind) {
  return Object.hasOwn(delays, kind) ? delays[kind as keyof typeof delays] : vendorDelay
}

/** Two reports, to the next one each, of devices that report every minute. */
const slackMin = 2

const cases = faultKindNames
  .filter((kind) => knownRule(kind) !== undefined)
  .flatMap((kind) =>
    (Object.keys(faultKinds[kind].kinds) as SubjectKind[]).flatMap((of) =>
      [0.04, 0.96].map((degree) => ({ kind, of, degree })),
    ),
  )

/** A street and a few others; a lonely device of theirs has company, so that an uplink has enough behind it. */
function planFor(of: SubjectKind): NewDevice[] {
  const plan = examplePlan(40, 60)
  const lonely = plan.find(({ kind }) => kind === (of === 'gateway' ? 'access-point' : 'camera'))
  if (lonely === undefined) throw new Error('the plan has access points and cameras')
  return [...plan, ...Array.from({ length: 12 }, (_, n) => ({ ...lonely, id: `extra-${n}` }))]
}

function watch(kind: FaultKind, of: SubjectKind) {
  const at = faultKinds[kind].seen === 'by day' ? morning : evening
  const { leastBehind = 0 } = factsOf(kind)
  const city = createWatchedCity(leastBehind > 0 ? planFor(of) : examplePlan(40, 60), { seed: 1, at })
  const all: readonly Subject[] = [...city.units, ...city.places]
  const subject = all.find((each) => each.kind === of && each.behind.length >= leastBehind)
  if (subject === undefined) throw new Error(`the plan has no ${of} that can have ${kind}`)
  return { city, subject }
}

test.each(cases)('$kind of a $of, $degree: found alone, in time and once, and cleared', ({ kind, of, degree }) => {
  const { city, subject } = watch(kind, of)
  const { raise, clear } = delayOf(kind)
  const shown = () => city.faults().filter(({ parentId }) => parentId === undefined)
  const names = () => shown().map(({ deviceId, code }) => `${deviceId} ${code}`)
  city.pass(20)
  expect(city.faults()).toEqual([])

  const { since } = city.inject(subject, kind, { degree })
  city.pass(Math.max(faultKinds[kind].leastMin, raise + slackMin) + slackMin)
  expect(names()).toEqual([`${subject.id} ${kind}`])
  const [found] = shown()
  expect(found).toMatchObject({ active: true, occurrences: 1 })
  expect((found?.raisedAt ?? Infinity) - since).toBeLessThanOrEqual((raise + slackMin) * 60_000)

  city.recover(subject, kind)
  const over = city.now
  city.pass(clear + slackMin)
  expect(city.faults().filter(({ active }) => active)).toEqual([])
  expect(city.faults().find(({ id }) => id === found?.id)?.clearedAt).toBeGreaterThanOrEqual(over)
  city.pass(20)
  expect(names()).toEqual([`${subject.id} ${kind}`])
})

test('every rule of a device has its kind of fault', () => {
  const codes = rules.map(({ code }) => code)
  expect(codes.filter((code) => !(faultKindNames as readonly string[]).includes(code))).toEqual([])
})

test('with everything wrong at once, for a night, a day and a night, everything is found and nothing else', () => {
  const city = createWatchedCity(examplePlan(200, 300), { seed: 3, at: evening })
  const free = new Set(city.units)
  const supplies = (unit: Unit) => (unit.kind === 'cabinet' ? unit.behind : [unit]).map(({ device }) => device.supply)
  /** The first of this supply that has nothing yet, nor has anything that hangs on it. */
  const take = (of: SubjectKind, supply: NewDevice['supply']) => {
    const isFree = (each: Unit) => free.has(each) && each.behind.every((behind) => free.has(behind))
    const unit = [...free].find((each) => each.kind === of && supplies(each).includes(supply) && isFree(each))
    if (unit === undefined) return undefined
    for (const taken of [unit, ...unit.behind]) free.delete(taken)
    return unit
  }
  city.pass(20)
  const injected = faultKindNames.flatMap((kind) =>
    Object.keys(faultKinds[kind].kinds).flatMap((of) =>
      Supply.options.flatMap((supply) => {
        // A stuck lamp behind a contactor is dark by day; and whatever is behind an uplink would have two faults.
        if ((kind === 'day_burner' && supply === 'switched') || kind === 'uplink_outage') return []
        const unit = take(of as SubjectKind, supply)
        if (unit === undefined) return []
        city.inject(unit, kind)
        return [`${unit.id} ${kind}`]
      }),
    ),
  )
  expect(injected.length).toBeGreaterThan(40)
  city.pass(36 * 60)
  const shown = city.faults().filter(({ parentId }) => parentId === undefined)
  expect(shown.map(({ deviceId, code }) => `${deviceId} ${code}`).toSorted()).toEqual(injected.toSorted())
})
