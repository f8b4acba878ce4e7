// What a scenario's steps come to in a city: which device has which fault from when to when, and what is done to the
// services. Drawn from the seed; the same city, beginning and seed give the same timeline.
import type { DeviceKind } from '@ronda/contracts/topics'
import { AppError } from '@ronda/contracts/errors'
import type { InjectOptions } from '../fault-book.ts'
import { type FaultKind, canHave, faultKindNames, faultKinds } from '../fault-kinds.ts'
import { isSupplied } from '../physics/mains.ts'
import type { World } from '../physics/world.ts'
import { type Random, createRandom } from '../random.ts'
import type { Unit } from '../unit.ts'
import type { Scenario, Step } from './scenario.ts'

/** Times are stamped, ms UTC. */
export type Happening =
  | { type: 'fault'; from: number; until: number; deviceId: string; kind: FaultKind; how: InjectOptions }
  | { type: 'stop'; from: number; until: number; service: string }
  | { type: 'kill'; from: number; service: string }
  | { type: 'shelve'; from: number; code: string; count: number; forMs: number }

type FaultHappening = Extract<Happening, { type: 'fault' }>
type FaultStep = Extract<Step, { fault: FaultKind }>
type RandomStep = Extract<Step, { random: object }>

export interface TimelineOptions {
  scenario: Pick<Scenario, 'timeline'>
  units: readonly Unit[]
  world: World
  seed: number
  /** Stamped time at which the scenario begins, ms UTC. */
  beginsAt: number
}

/** Altitudes of the sun between which it is neither day nor night. */
const twilight = { from: -6, to: 6 }
const attempts = 200

/** In the order in which they begin. Throws `config_invalid` where the city has no device for a step. */
export function createTimeline(options: TimelineOptions): Happening[] {
  const { scenario, units, world, seed, beginsAt } = options
  const random = createRandom(seed, 'scenario')
  const unitsOf = Map.groupBy(units, ({ device }) => device.kind)
  /** What has a part in some fault already: so that what is seen has one cause. */
  const taken = new Set<Unit>()

  function take(unit: Unit): Unit {
    for (const each of concerned(unit)) taken.add(each)
    return unit
  }

  /** A device that can have it, works at that time and has no part in anything else. */
  function draw(kind: FaultKind, deviceKind: DeviceKind, t: number): Unit | undefined {
    const candidates = unitsOf.get(deviceKind) ?? []
    for (let attempt = 0; attempt < attempts && candidates.length > 0; attempt++) {
      const unit = random.pick(candidates)
      // Without lamps behind it, a cabinet's faults concern nobody.
      const isFit = deviceKind !== 'cabinet' || kind === 'comm_loss' || unit.behind.length > 0
      if (isFit && isSupplied(world, unit, t) && concerned(unit).every((each) => !taken.has(each))) return take(unit)
    }
    return undefined
  }

  function victims({ fault, in: where, at }: FaultStep): Unit[] {
    if ('device' in where) {
      const unit = units.find(({ device }) => device.id === where.device)
      if (unit === undefined) throw new AppError('config_invalid', `the city has no device ${where.device}`)
      check(fault, unit.device.kind)
      return [take(unit)]
    }
    check(fault, where.kind)
    return Array.from({ length: where.count }, () => {
      const unit = draw(fault, where.kind, beginsAt + at)
      if (unit !== undefined) return unit
      const problem = `the city has too few healthy devices of the kind ${where.kind} for ${where.count} × ${fault}`
      throw new AppError('config_invalid', `${problem}: give it more --devices`)
    })
  }

  function faults(step: FaultStep): FaultHappening[] {
    const { fault: kind, at, lasts, times, every = lasts, phases, degree } = step
    const how = { ...(phases === undefined ? {} : { phases }), ...(degree === undefined ? {} : { degree }) }
    return victims(step).flatMap(({ device }) =>
      Array.from({ length: times }, (_, n) => {
        const from = beginsAt + at + n * every
        return { type: 'fault', from, until: from + lasts, deviceId: device.id, kind, how } as const
      }),
    )
  }

  function randomFaults({ random: { share, kinds, least, mean }, at, until }: RandomStep): FaultHappening[] {
    const drawn: FaultHappening[] = []
    for (let n = Math.round(share * units.length); n > 0; n--) {
      const from = Math.round(beginsAt + random.between(at, until))
      const kind = drawKind(kinds ?? faultKindNames, from, world, random)
      const unit = kind === undefined ? undefined : draw(kind, drawDeviceKind(kind, unitsOf, random), from)
      if (kind === undefined || unit === undefined) continue
      const lasts = Math.round(least + random.exponential(mean - least))
      drawn.push({ type: 'fault', from, until: from + lasts, deviceId: unit.device.id, kind, how: {} })
    }
    return drawn
  }

  function happenings(step: Step): Happening[] {
    if ('fault' in step) return faults(step)
    if ('random' in step) return randomFaults(step)
    const from = beginsAt + step.at
    if ('shelve' in step) return [{ type: 'shelve', from, code: step.shelve, count: step.count, forMs: step.lasts }]
    if ('stop' in step) return [{ type: 'stop', from, until: from + step.lasts, service: step.stop }]
    return Array.from({ length: step.times }, () => ({
      type: 'kill',
      from: Math.round(random.between(from, beginsAt + step.until)),
      service: step.kill,
    }))
  }

  return scenario.timeline.flatMap(happenings).toSorted((a, b) => a.from - b.from)
}

function check(fault: FaultKind, deviceKind: DeviceKind): void {
  if (canHave(deviceKind, fault)) return
  throw new AppError('config_invalid', `a ${deviceKind} cannot have ${fault}`)
}

function concerned(unit: Unit): Unit[] {
  return [unit, ...unit.behind, ...(unit.cabinet === undefined ? [] : [unit.cabinet])]
}

/** By their shares, among those that can begin at that time. */
function drawKind(kinds: readonly FaultKind[], t: number, world: World, random: Random): FaultKind | undefined {
  const altitude = world.sun.altitude(t)
  const shares = kinds.map((kind) => {
    const { seen, share } = faultKinds[kind]
    const can = seen === 'any time' || (seen === 'by night' ? altitude < twilight.from : altitude > twilight.to)
    return can ? share : 0
  })
  return kinds[random.weighted(shares)]
}

/** By their shares, among the kinds of device that the city has. */
function drawDeviceKind(
  kind: FaultKind,
  unitsOf: ReadonlyMap<DeviceKind, readonly Unit[]>,
  random: Random,
): DeviceKind {
  // The keys of `kinds` are kinds of device.
  const shares = Object.entries(faultKinds[kind].kinds) as [DeviceKind, number][]
  const [first] = shares
  if (first === undefined) throw new Error(`no device can have ${kind}`)
  const weights = shares.map(([deviceKind, share]) => (unitsOf.has(deviceKind) ? share : 0))
  return (shares[random.weighted(weights)] ?? first)[0]
}
