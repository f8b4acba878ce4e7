// What is wrong in the city and what was: faults are raised and ended here, and nowhere else, so that the truth
// is complete. Physics sees them in the units; lamps are settled first, for their counters' sake.
import { Phase } from '@ronda/contracts/device'
import { type ActiveFault, type FaultKind, canHave, faultKindNames } from './fault-kinds.ts'
import { settleLamp } from './physics/lamp.ts'
import type { World } from './physics/world.ts'
import { createRandom, subkey } from './random.ts'
import type { Unit } from './unit.ts'

/** One fault, from when it was put into a device to when it was taken out; times are ms UTC, stamped. */
export interface Injection {
  readonly deviceId: string
  readonly kind: FaultKind
  readonly since: number
  /** Undefined while it lasts. */
  readonly until: number | undefined
  /** For faults of a cabinet: the phases it concerns. */
  readonly phases: readonly Phase[]
  /** 0–1: how bad, or which of its forms. */
  readonly degree: number
}

export interface InjectOptions {
  /** Of a cabinet; drawn when absent. */
  phases?: readonly Phase[]
  /** 0–1; drawn when absent. */
  degree?: number
}

export interface FaultBook {
  /** All faults so far, in the order in which they began. */
  readonly truth: readonly Injection[]
  readonly active: number
  /** The fault that now is; a device has one of a kind at most. Throws when its kind cannot have it. */
  inject(unit: Unit, kind: FaultKind, t: number, options?: InjectOptions): Injection
  /** The fault that was, or undefined when there was none. */
  recover(unit: Unit, kind: FaultKind, t: number): Injection | undefined
}

interface MutableInjection extends Injection {
  until: number | undefined
}

export function createFaultBook(world: World): FaultBook {
  const truth: MutableInjection[] = []
  const open = new Map<string, MutableInjection>()
  const nameOf = (unit: Unit, kind: FaultKind) => `${unit.device.id} ${kind}`

  return {
    truth,
    get active() {
      return open.size
    },
    inject(unit, kind, t, options = {}) {
      const { id, kind: deviceKind } = unit.device
      if (!canHave(deviceKind, kind)) {
        const possible = faultKindNames.filter((fault) => canHave(deviceKind, fault)).join(', ')
        throw new Error(`${id} is a ${deviceKind} and cannot have ${kind}, only: ${possible}`)
      }
      const present = open.get(nameOf(unit, kind))
      if (present !== undefined) return present
      const active: ActiveFault = { since: t, ...draw(unit, kind, t), ...options }
      const injection = { deviceId: id, kind, until: undefined, ...active }
      truth.push(injection)
      open.set(nameOf(unit, kind), injection)
      settle(world, unit, t)
      unit.faults = { ...unit.faults, [kind]: active }
      return injection
    },
    recover(unit, kind, t) {
      const injection = open.get(nameOf(unit, kind))
      if (injection === undefined) return undefined
      open.delete(nameOf(unit, kind))
      injection.until = t
      settle(world, unit, t)
      const { [kind]: _ended, ...others } = unit.faults
      unit.faults = others
      return injection
    },
  }
}

/** The same fault of the same device at the same time takes the same form. */
function draw({ key, device }: Unit, kind: FaultKind, t: number): Pick<ActiveFault, 'phases' | 'degree'> {
  const random = createRandom(subkey(key, 120), `${kind} ${t}`)
  const degree = random.next()
  if (device.kind !== 'cabinet' || kind === 'comm_loss') return { phases: [], degree }
  // A fuse takes one phase, a cable or a transformer all three; a sag is the load of one.
  const isWhole = kind === 'feeder_outage' && random.next() < 0.5
  return { phases: isWhole ? Phase.options : [random.pick(Phase.options)], degree }
}

function settle(world: World, unit: Unit, t: number): void {
  for (const concerned of [unit, ...unit.behind]) {
    if (concerned.device.kind === 'streetlight') settleLamp(world, concerned, t)
  }
}
