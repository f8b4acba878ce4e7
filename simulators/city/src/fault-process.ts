// Faults that come and go by themselves: at random times, in random devices and places, for a random while. Some are there
// from the beginning, as many as a city that has run for long would have.
import { noFaults } from './active-faults.ts'
import type { SubjectKind } from './fault-facts.ts'
import { type FaultKind, allShares, factsOf, faultKindNames, faultKinds } from './fault-kinds.ts'
import { isSupplied } from './physics/mains.ts'
import type { World } from './physics/world.ts'
import { type Random, createRandom } from './random.ts'
import type { Scheduler } from './scheduler.ts'
import { type Subject, type Unit, isPlace, placesOf } from './unit.ts'

export interface FaultProcessDeps {
  units: readonly Unit[]
  world: World
  seed: number
  scheduler: Scheduler
  /** ms UTC, stamped. */
  now: () => number
  inject(subject: Subject, kind: FaultKind): void
  recover(subject: Subject, kind: FaultKind): void
}

const minuteMs = 60_000
/** Altitudes of the sun between which it is neither day nor night. */
const twilight = { from: -6, to: 6 }
/** Who comes to mend what cannot be seen now looks again after this time. */
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
  const subjects: readonly Subject[] = [...units, ...placesOf(units)]
  const subjectsOf = Map.groupBy(subjects, ({ kind }) => kind)

  const canBeSeen = (kind: FaultKind) => {
    const { seen } = faultKinds[kind]
    const altitude = world.sun.altitude(now())
    return seen === 'any time' || (seen === 'by night' ? altitude < twilight.from : altitude > twilight.to)
  }

  const strike = (kind: FaultKind, durationMs: number) => {
    const subject = findVictim(kind, subjectsOf, random, deps)
    if (subject === undefined) return
    deps.inject(subject, kind)
    const mend = () => {
      if (canBeSeen(kind)) deps.recover(subject, kind)
      else scheduler.at(now() + visitMs, mend)
    }
    scheduler.at(now() + durationMs, mend)
  }

  const scheduleNext = () => {
    scheduler.at(now() + random.exponential(minuteMs / perMinute), () => {
      const shares = faultKindNames.map((kind) => (canBeSeen(kind) ? faultKinds[kind].share : 0))
      const kind = faultKindNames[random.weighted(shares)]
      if (kind !== undefined) strike(kind, drawDurationMs(kind, random))
      scheduleNext()
    })
  }

  for (const kind of faultKindNames) {
    // Lamps that failed in the night before are still there in the morning.
    if (kind !== 'lamp_failure' && !canBeSeen(kind)) continue
    const { share, meanMin } = faultKinds[kind]
    const standing = Math.floor(((perMinute * share) / allShares) * meanMin + random.next())
    for (let n = 0; n < standing; n++) strike(kind, drawDurationMs(kind, random))
  }
  scheduleNext()
}

function drawDurationMs(kind: FaultKind, random: Random): number {
  const { leastMin, meanMin } = faultKinds[kind]
  return (leastMin + random.exponential(meanMin - leastMin)) * minuteMs
}

/** One that can have it, and around which nothing else is wrong, so that what is seen has one cause. */
function findVictim(
  kind: FaultKind,
  subjectsOf: ReadonlyMap<SubjectKind, readonly Subject[]>,
  random: Random,
  { world, now }: FaultProcessDeps,
): Subject | undefined {
  const t = now()
  const { kinds, leastBehind = 0 } = factsOf(kind)
  const inPlan = Object.entries(kinds).flatMap(([subjectKind, share]) => {
    // The keys of `kinds` are kinds of subject.
    const all = subjectsOf.get(subjectKind as SubjectKind) ?? []
    const subjects = leastBehind === 0 ? all : all.filter(({ behind }) => behind.length >= leastBehind)
    return subjects.length === 0 ? [] : [{ subjects, share }]
  })
  const drawn = inPlan[random.weighted(inPlan.map(({ share }) => share))]
  if (drawn === undefined) return undefined
  for (let attempt = 0; attempt < attempts; attempt++) {
    const subject = random.pick(drawn.subjects)
    if ((isPlace(subject) || isSupplied(world, subject, t)) && around(subject).every(isHealthy)) return subject
  }
  return undefined
}

/**
 * Whose faults would mix with its own: what it hangs on, and what hangs on it. A place has so many devices that
 * something is wrong with one of them all the time: only other uplinks count.
 */
export function around(subject: Subject): Subject[] {
  if (isPlace(subject)) return [...new Set([subject, ...subject.behind.flatMap(({ uplinks }) => uplinks)])]
  const { behind, cabinet, uplinks } = subject
  return [subject, ...behind, ...(cabinet === undefined ? [] : [cabinet]), ...uplinks]
}

function isHealthy({ faults }: Subject): boolean {
  return faults === noFaults
}
