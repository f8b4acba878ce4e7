// What a scenario's steps come to in a city: what has which fault from when to when, and what is done to the services.
// Drawn from the seed; the same city, beginning and seed give the same timeline.
import { AppError } from '@ronda/contracts/errors'
import type { InjectOptions } from '../fault-book.ts'
import type { Quirk } from '../firmware.ts'
import type { PlaceKind, SubjectKind } from '../fault-facts.ts'
import { type FaultKind, canHave, factsOf, faultKindNames, faultKinds } from '../fault-kinds.ts'
import { isSupplied } from '../physics/mains.ts'
import type { World } from '../physics/world.ts'
import { type Random, createRandom } from '../random.ts'
import { type Subject, type Unit, isPlace, placesOf } from '../unit.ts'
import type { Scenario, Step } from './scenario.ts'

/** Times are stamped, ms UTC. */
export type Happening =
  | {
      type: 'fault'
      from: number
      until: number
      /** The device's id, or the slug of the site or district. */
      deviceId: string
      subject: SubjectKind
      kind: FaultKind
      how: InjectOptions
    }
  | { type: 'reboot'; from: number; deviceId: string }
  | { type: 'quirk'; from: number; until: number; deviceId: string; quirk: Quirk }
  | { type: 'stop'; from: number; until: number; service: string }
  | { type: 'kill'; from: number; service: string }
  | { type: 'shelve'; from: number; code: string; count: number; forMs: number }

type FaultHappening = Extract<Happening, { type: 'fault' }>
type FaultStep = Extract<Step, { fault: FaultKind }>
type FirmwareStep = Extract<Step, { firmware: string }>
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

/** In the order in which they begin. Throws `config_invalid` where the city has nothing for a step. */
export function createTimeline(options: TimelineOptions): Happening[] {
  const { scenario, units, world, seed, beginsAt } = options
  const random = createRandom(seed, 'scenario')
  const subjects: readonly Subject[] = [...units, ...placesOf(units)]
  const subjectsOf = Map.groupBy(subjects, ({ kind }) => kind)
  /** What has a part in some fault already: so that what is seen has one cause. */
  const taken = new Set<Subject>()

  function take(subject: Subject): Subject {
    for (const each of concerned(subject)) taken.add(each)
    return subject
  }

  /** What can have it, works at that time and has no part in anything else. */
  function draw(kind: FaultKind, subjectKind: SubjectKind, t: number): Subject | undefined {
    const { leastBehind = 0 } = factsOf(kind)
    const candidates = (subjectsOf.get(subjectKind) ?? []).filter((subject) => isWorthIt(kind, subject))
    const large = candidates.filter(({ behind }) => behind.length >= leastBehind)
    return drawFrom(large, t) ?? drawFrom(candidates, t)
  }

  function drawFrom(candidates: readonly Subject[], t: number): Subject | undefined {
    for (let attempt = 0; attempt < attempts && candidates.length > 0; attempt++) {
      const subject = random.pick(candidates)
      const isUp = isPlace(subject) || isSupplied(world, subject, t)
      if (isUp && concerned(subject).every((each) => !taken.has(each))) return take(subject)
    }
    return undefined
  }

  function named(what: 'device' | PlaceKind, id: string): Subject {
    const isIt = (subject: Subject) => (what === 'device' ? !isPlace(subject) : subject.kind === what)
    const subject = subjects.find((each) => each.id === id && isIt(each))
    if (subject === undefined) throw new AppError('config_invalid', `the city has no ${what} ${id}`)
    return subject
  }

  function victims({ fault, in: where, at }: FaultStep): Subject[] {
    if (!('kind' in where)) {
      const subject =
        'device' in where
          ? named('device', where.device)
          : 'site' in where
            ? named('site', where.site)
            : named('district', where.district)
      check(fault, subject.kind)
      return [take(subject)]
    }
    check(fault, where.kind)
    return Array.from({ length: where.count }, () => {
      const drawn = draw(fault, where.kind, beginsAt + at)
      if (drawn !== undefined) return drawn
      const problem = `the city has too few of the kind ${where.kind} that are well for ${where.count} × ${fault}`
      throw new AppError('config_invalid', `${problem}: give it more --devices`)
    })
  }

  function faults(step: FaultStep): FaultHappening[] {
    const { fault: kind, at, lasts, times, every = lasts, phases, degree, ahead, behind } = step
    const skewMs = ahead ?? (behind === undefined ? undefined : -behind)
    const how = {
      ...(phases === undefined ? {} : { phases }),
      ...(degree === undefined ? {} : { degree }),
      ...(skewMs === undefined ? {} : { skewMs }),
    }
    return victims(step).flatMap((subject) =>
      Array.from({ length: times }, (_, n) => {
        const from = beginsAt + at + n * every
        return faultOf(subject, { kind, from, until: from + lasts, how })
      }),
    )
  }

  function randomFaults({ random: { share, kinds, least, mean }, at, until }: RandomStep): FaultHappening[] {
    const drawn: FaultHappening[] = []
    for (let n = Math.round(share * units.length); n > 0; n--) {
      const from = Math.round(beginsAt + random.between(at, until))
      const kind = drawKind(kinds ?? faultKindNames, from, world, random)
      const subject = kind === undefined ? undefined : draw(kind, drawSubjectKind(kind, subjectsOf, random), from)
      if (kind === undefined || subject === undefined) continue
      const lasts = Math.round(least + random.exponential(mean - least))
      drawn.push(faultOf(subject, { kind, from, until: from + lasts, how: {} }))
    }
    return drawn
  }

  /** In devices that have no fault, though something that they hang on may. */
  function firmware({ firmware: what, in: { kind, count }, at, lasts }: FirmwareStep): Happening[] {
    const [from, until] = [beginsAt + at, beginsAt + at + lasts]
    const candidates = (subjectsOf.get(kind) ?? []).filter((subject) => !taken.has(subject))
    if (candidates.length < count) {
      throw new AppError(
        'config_invalid',
        `the city has too few of the kind ${kind} for ${count} × ${what}: give it more --devices`,
      )
    }
    return random.sample(candidates, count).map((subject) => {
      taken.add(subject)
      const { id: deviceId } = subject
      return what === 'reboot'
        ? { type: 'reboot', from: Math.round(random.between(from, until)), deviceId }
        : { type: 'quirk', from, until, deviceId, quirk: what }
    })
  }

  function happenings(step: Step): Happening[] {
    if ('fault' in step) return faults(step)
    if ('random' in step) return randomFaults(step)
    if ('firmware' in step) return firmware(step)
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

function faultOf(
  { id: deviceId, kind: subject }: Subject,
  what: Pick<FaultHappening, 'kind' | 'from' | 'until' | 'how'>,
): FaultHappening {
  return { type: 'fault', deviceId, subject, ...what }
}

function check(fault: FaultKind, subjectKind: SubjectKind): void {
  if (canHave(subjectKind, fault)) return
  throw new AppError('config_invalid', `a ${subjectKind} cannot have ${fault}`)
}

/** With nothing behind it, a cabinet's faults and an uplink's concern nobody; nor has every crossing an uplink of its own. */
function isWorthIt(kind: FaultKind, subject: Subject): boolean {
  if (subject.kind === 'site') return subject.behind.some((unit) => unit.kind === 'gateway')
  return kind === 'comm_loss' || !(subject.kind === 'cabinet' || kind === 'uplink_outage') || subject.behind.length > 0
}

function concerned(subject: Subject): Subject[] {
  const supplier = isPlace(subject) ? undefined : subject.cabinet
  return [subject, ...subject.behind, ...(supplier === undefined ? [] : [supplier])]
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

/** By their shares, among the kinds that the city has. */
function drawSubjectKind(
  kind: FaultKind,
  subjectsOf: ReadonlyMap<SubjectKind, readonly Subject[]>,
  random: Random,
): SubjectKind {
  // The keys of `kinds` are kinds of subject.
  const shares = Object.entries(faultKinds[kind].kinds) as [SubjectKind, number][]
  const [first] = shares
  if (first === undefined) throw new Error(`nothing can have ${kind}`)
  const weights = shares.map(([subjectKind, share]) => (subjectsOf.has(subjectKind) ? share : 0))
  return (shares[random.weighted(weights)] ?? first)[0]
}
