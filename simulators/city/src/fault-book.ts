// What is wrong in the city and what was: faults are raised and ended here, and nowhere else, so that the truth
// is complete. Physics sees them in devices and places; lamps are settled first, for their counters' sake.
import { Phase } from '@ronda/contracts/device'
import { type ActiveFault, noFaults } from './active-faults.ts'
import type { SubjectKind } from './fault-facts.ts'
import { type FaultKind, canHave, factsOf, faultKindNames } from './fault-kinds.ts'
import { settleLamp } from './physics/lamp-output.ts'
import type { World } from './physics/world.ts'
import { createRandom, subkey } from './random.ts'
import { type Subject, isPlace } from './unit.ts'

/** One fault, from when it was put into a device or place to when it was taken out; times are ms UTC, stamped. */
export interface Injection {
  /** The device's id, or the slug of the site or district. */
  readonly deviceId: string
  /** What it is that has it. */
  readonly subject: SubjectKind
  readonly kind: FaultKind
  readonly since: number
  /** Undefined while it lasts. */
  readonly until: number | undefined
  /** For faults of a cabinet: the phases it concerns. */
  readonly phases: readonly Phase[]
  /** 0–1: how bad, or which of its forms. */
  readonly degree: number
  /** Of a clock: ms by which it is ahead, negative behind; as the degree has it when absent. */
  readonly skewMs?: number
}

export interface InjectOptions {
  /** Of a cabinet; drawn when absent. */
  phases?: readonly Phase[]
  /** 0–1; drawn when absent. */
  degree?: number
  /** Of a clock: ms by which it is ahead, negative behind. */
  skewMs?: number
}

export interface FaultBook {
  /** All faults so far, in the order in which they began. */
  readonly truth: readonly Injection[]
  readonly active: number
  /** The fault that now is; a subject has one of a kind at most. Throws when its kind cannot have it. */
  inject(subject: Subject, kind: FaultKind, t: number, options?: InjectOptions): Injection
  /** The fault that was, or undefined when there was none. */
  recover(subject: Subject, kind: FaultKind, t: number): Injection | undefined
}

interface MutableInjection extends Injection {
  until: number | undefined
}

export function createFaultBook(world: World): FaultBook {
  const truth: MutableInjection[] = []
  const open = new Map<string, MutableInjection>()
  const nameOf = ({ id, kind: subject }: Subject, kind: FaultKind) => `${subject} ${id} ${kind}`

  return {
    truth,
    get active() {
      return open.size
    },
    inject(subject, kind, t, options = {}) {
      if (!canHave(subject.kind, kind)) {
        const possible = faultKindNames.filter((fault) => canHave(subject.kind, fault)).join(', ')
        throw new Error(`${subject.id} is a ${subject.kind} and cannot have ${kind}, only: ${possible}`)
      }
      const present = open.get(nameOf(subject, kind))
      if (present !== undefined) return present
      const active: ActiveFault = { since: t, ...draw(subject, kind, t), ...options }
      const injection = { deviceId: subject.id, subject: subject.kind, kind, until: undefined, ...active }
      truth.push(injection)
      open.set(nameOf(subject, kind), injection)
      settle(world, subject, t)
      subject.faults = { ...subject.faults, [kind]: active }
      return injection
    },
    recover(subject, kind, t) {
      const injection = open.get(nameOf(subject, kind))
      if (injection === undefined) return undefined
      open.delete(nameOf(subject, kind))
      injection.until = t
      settle(world, subject, t)
      const { [kind]: _ended, ...others } = subject.faults
      subject.faults = Object.keys(others).length === 0 ? noFaults : others
      if (kind === 'feeder_outage') startAgain(subject, injection.phases, t)
      return injection
    },
  }
}

/** The same fault of the same subject at the same time takes the same form. */
function draw({ key, kind: subjectKind }: Subject, kind: FaultKind, t: number): Pick<ActiveFault, 'phases' | 'degree'> {
  const random = createRandom(subkey(key, 120), `${kind} ${t}`)
  const degree = random.next()
  const { phases } = factsOf(kind)
  if (subjectKind !== 'cabinet' || phases === undefined) return { phases: [], degree }
  // A fuse takes one phase, a cable or a transformer all three; a sag is the load of one.
  const isWhole = phases === 'one or all' && random.next() < 0.5
  return { phases: isWhole ? Phase.options : [random.pick(Phase.options)], degree }
}

function settle(world: World, subject: Subject, t: number): void {
  if (isPlace(subject)) return
  for (const unit of [subject, ...subject.behind]) if (unit.kind === 'streetlight') settleLamp(world, unit, t)
}

/** What was without supply starts anew. */
function startAgain({ behind }: Subject, phases: readonly Phase[], t: number): void {
  for (const unit of behind) if (phases.includes(unit.device.phase ?? 'L1')) unit.poweredAt = t
}
