// What can be at fault, as physics sees it: devices, with what they hang on, and the places whose uplinks they share.
// Built once from a plan; only the faults, and what they have cost, change.
import type { NewDevice } from '@ronda/contracts/device'
import type { DeviceKind } from '@ronda/contracts/topics'
import { type Quirk, noQuirks } from './firmware.ts'
import { type ActiveFaults, noFaults } from './active-faults.ts'
import { type PlaceKind, isPlaceKind } from './fault-facts.ts'
import type { Usage } from './physics/night.ts'
import { distanceM } from './plan/district.ts'
import { keyOf } from './random.ts'

interface Common {
  /** The device's, or the slug of the site or district. */
  readonly id: string
  /** Its own source of randomness. */
  readonly key: number
  /** The lamps behind a cabinet, the devices behind a gateway or at a place. */
  readonly behind: readonly Unit[]
  faults: ActiveFaults
}

/** A site or district with one uplink for all of its devices. */
export interface Place extends Common {
  readonly kind: PlaceKind
}

/** What a lamp has done: hours as in Usage, and how often it was switched on. */
export type Burnt = Omit<Usage, 'nights'> & { switchings: number }

export interface Settled {
  /** ms UTC. */
  at: number
  /** What the schedule had asked for by then, and what the lamp has done of it. */
  scheduled: Burnt
  done: Burnt
}

export interface Unit extends Common {
  readonly kind: DeviceKind
  readonly device: NewDevice
  /** The cabinet that supplies it, where that is part of the plan. */
  readonly cabinet: Unit | undefined
  /** What its messages go through, beyond itself: its gateway, its site, its district. */
  readonly uplinks: readonly Subject[]
  /** What its firmware does at the moment that is no fault. */
  quirks: ReadonlySet<Quirk>
  /** Length of the cable to the cabinet, in metres. */
  readonly cableM: number
  /** Of a lamp: how things stood when its own faults or its cabinet's changed last; undefined: they never did. */
  settled: Settled | undefined
  /** ms UTC at which an outage of its supply last ended; 0: there was none. */
  poweredAt: number
}

/** What a fault can be put into. */
export type Subject = Unit | Place

/** Units in the order of the plan; a reference to what the plan lacks is ignored. */
export function createUnits(plan: readonly NewDevice[], seed: number): Unit[] {
  const behind = new Map<Subject, Unit[]>()
  const units = new Map<string, Unit>()
  const places = new Map<string, Place>()
  const placeOf = (kind: PlaceKind, id: string): Place => {
    const name = `${kind}:${id}`
    const known = places.get(name)
    if (known !== undefined) return known
    const devices: Unit[] = []
    const place: Place = { id, kind, key: keyOf(seed, name), behind: devices, faults: noFaults }
    places.set(name, place)
    behind.set(place, devices)
    return place
  }
  // Units need those that they hang on, so these come first, wherever the plan has them.
  const depth = ({ cabinet, gateway }: NewDevice) => (gateway !== undefined ? 2 : cabinet !== undefined ? 1 : 0)
  for (const device of plan.toSorted((a, b) => depth(a) - depth(b))) {
    const { id, kind, site, district } = device
    const cabinet = device.cabinet === undefined ? undefined : units.get(device.cabinet)
    const gateway = device.gateway === undefined ? undefined : units.get(device.gateway)
    const uplinks = [
      ...(gateway === undefined ? [] : [gateway]),
      ...(site === undefined ? [] : [placeOf('site', site)]),
      placeOf('district', district),
    ]
    const devices: Unit[] = []
    const unit: Unit = {
      id,
      kind,
      device,
      key: keyOf(seed, id),
      cabinet,
      uplinks,
      quirks: noQuirks,
      behind: devices,
      cableM: cabinet === undefined ? 0 : distanceM(cabinet.device, device),
      faults: noFaults,
      settled: undefined,
      poweredAt: 0,
    }
    units.set(id, unit)
    behind.set(unit, devices)
    for (const each of new Set([...(cabinet === undefined ? [] : [cabinet]), ...uplinks])) behind.get(each)?.push(unit)
  }
  return plan.flatMap(({ id }) => units.get(id) ?? [])
}

/** The places of these units, in the order in which they are first met. */
export function placesOf(units: readonly Unit[]): Place[] {
  return [...new Set(units.flatMap(({ uplinks }) => uplinks.filter(isPlace)))]
}

export function isPlace(subject: Subject): subject is Place {
  return isPlaceKind(subject.kind)
}
