// Faults that come and go by themselves: at random times, on random devices, for a random while. Some are there
// from the beginning, as many as a city that has run for long would have.
import type { DeviceKind } from '@ronda/contracts/topics'
import { type FaultKind, faultKindNames, faultKinds } from './fault-kinds.ts'
import { isSupplied } from './physics/mains.ts'
import type { World } from './physics/world.ts'
import { type Random, createRandom } from './random.ts'
import type { Scheduler } from './scheduler.ts'
import type { Unit } from './unit.ts'

export interface FaultProcessDeps {
  units: readonly Unit[]
  world: World
  seed: number
  scheduler: Scheduler
  /** ms UTC, stamped. */
  now: () => number
  inject(unit: Unit, kind: FaultKind): void
  recover(unit: Unit, kind: FaultKind): void
}

const minuteMs = 60_000
/** Altitudes of the sun between which it is neither day nor night. */
const twilight = { from: -6, to: 6 }
/** A lamp is mended when it can be seen to burn: who comes by day looks again after this time. */
const visitMs = 10 * minuteMs
const attempts = 20

/** New faults a minute that suit a city of this size: enough to see something, few enough to follow it. */
export function usualFaultsPerMinute(devices: number): number {
  return Math.min(1.5, devices / 200)
}

/** Starts it; it ends with the scheduler. `perMinute` above 0, stamped minutes. */
export function startFaultProcess(perMinute: number, deps: FaultProcessDeps): void {
  const { units, world, seed, scheduler, now } = deps
  const random = createRandom(seed, 'faults')
  const unitsOf = Map.groupBy(units, ({ device }) => device.kind)

  const canBegin = (kind: FaultKind) => {
    const { begins } = faultKinds[kind]
    const altitude = world.sun.altitude(now())
    return begins === 'any time' || (begins === 'by night' ? altitude < twilight.from : altitude > twilight.to)
  }

  const strike = (kind: FaultKind, durationMs: number) => {
    const unit = findVictim(kind, unitsOf, random, deps)
    if (unit === undefined) return
    deps.inject(unit, kind)
    const mend = () => {
      if (kind === 'lamp_failure' && !canBegin(kind)) scheduler.at(now() + visitMs, mend)
      else deps.recover(unit, kind)
    }
    scheduler.at(now() + durationMs, mend)
  }

  const scheduleNext = () => {
    scheduler.at(now() + random.exponential(minuteMs / perMinute), () => {
      const shares = faultKindNames.map((kind) => (canBegin(kind) ? faultKinds[kind].share : 0))
      const kind = faultKindNames[random.weighted(shares)]
      if (kind !== undefined) strike(kind, drawDurationMs(kind, random))
      scheduleNext()
    })
  }

  for (const kind of faultKindNames) {
    // Lamps that failed in the night before are still there in the morning.
    if (kind !== 'lamp_failure' && !canBegin(kind)) continue
    const { share, meanMin } = faultKinds[kind]
    const standing = Math.floor(((perMinute * share) / 100) * meanMin + random.next())
    for (let n = 0; n < standing; n++) strike(kind, drawDurationMs(kind, random))
  }
  scheduleNext()
}

function drawDurationMs(kind: FaultKind, random: Random): number {
  const { leastMin, meanMin } = faultKinds[kind]
  return (leastMin + random.exponential(meanMin - leastMin)) * minuteMs
}

/** A device that can have it and has nothing else, so that what is seen has one cause. */
function findVictim(
  kind: FaultKind,
  unitsOf: ReadonlyMap<DeviceKind, readonly Unit[]>,
  random: Random,
  { world, now }: FaultProcessDeps,
): Unit | undefined {
  const t = now()
  const shares = Object.entries(faultKinds[kind].kinds)
  const inPlan = shares.flatMap(([deviceKind, share]) => {
    // The keys of `kinds` are kinds of device.
    const units = unitsOf.get(deviceKind as DeviceKind) ?? []
    return units.length === 0 ? [] : [{ units, share }]
  })
  const drawn = inPlan[random.weighted(inPlan.map(({ share }) => share))]
  if (drawn === undefined) return undefined
  for (let attempt = 0; attempt < attempts; attempt++) {
    const unit = random.pick(drawn.units)
    const concerned = [unit, ...unit.behind, ...(unit.cabinet === undefined ? [] : [unit.cabinet])]
    if (isSupplied(world, unit, t) && concerned.every(isHealthy)) return unit
  }
  return undefined
}

function isHealthy({ faults }: Unit): boolean {
  return Object.keys(faults).length === 0
}
