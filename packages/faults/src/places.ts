// Sites and districts as something that has faults. A place is made when the first device there is registered and is
// never forgotten; it has no registry row, so what a fault says of it follows from its devices.
import type { Fault } from '@ronda/contracts/fault'
import { hash } from 'node:crypto'
import { type DeviceState, newDeviceState } from './device-state.ts'
import type { EngineCity } from './engine.ts'
import type { Subject } from './rules/rule.ts'
import type { Rulebook } from './rules/rulebook.ts'

export type PlaceKind = 'site' | 'district'

export interface PlacesDeps {
  rulebook: Rulebook
  city: EngineCity
}

export interface Places {
  of(kind: PlaceKind, slug: string): DeviceState
  /** Those that have been asked for, in an order that does not depend on history. */
  all(): DeviceState[]
  /** Says where a place was when a fault of it was raised. */
  recall(place: DeviceState, fault: Pick<Fault, 'latitude' | 'longitude' | 'district'>): void
  /** Says where a place is, from the devices there, which are not none. */
  locate(place: DeviceState, devices: ReadonlySet<DeviceState>): void
}

/** Never that of a device, nor of another place; the same after any restart. */
function uidOfPlace(kind: PlaceKind, slug: string): string {
  const digest = BigInt(`0x${hash('sha256', `${kind}:${slug}`)}`)
  return (digest % 36n ** 10n).toString(36).padStart(10, '0')
}

export function createPlaces({
  rulebook,
  city: { agencies, nominalVoltageV, districtNames = {} },
}: PlacesDeps): Places {
  const places = new Map<string, DeviceState>()
  const agency = agencies.find(({ kinds }) => kinds.includes('gateway'))?.id

  function create(kind: PlaceKind, slug: string): DeviceState {
    const subject: Subject = {
      id: slug,
      uid: uidOfPlace(kind, slug),
      kind,
      name: kind === 'district' ? (districtNames[slug] ?? slug) : slug,
      latitude: 0,
      longitude: 0,
      district: kind === 'district' ? slug : '',
      supply: 'permanent',
      intervalS: 0,
      zone: 'main',
      enabled: true,
      revision: 1,
      ...(agency === undefined ? {} : { agency }),
    }
    // Nobody hears a place itself: its timer is never set.
    return newDeviceState(subject, { rules: rulebook.of(subject), cityNominalV: nominalVoltageV, ring() {} })
  }

  return {
    of(kind, slug) {
      const key = `${kind}:${slug}`
      let place = places.get(key)
      if (place === undefined) places.set(key, (place = create(kind, slug)))
      return place
    },

    all: () => [...places.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1)),

    recall(place, { latitude, longitude, district }) {
      place.device = { ...place.device, latitude, longitude, district }
    },

    locate(place, devices) {
      const { kind, id } = place.device
      place.device = {
        ...place.device,
        latitude: mean(devices, ({ latitude }) => latitude),
        longitude: mean(devices, ({ longitude }) => longitude),
        district: kind === 'district' ? id : districtOf(devices),
      }
    },
  }
}

/** Degrees to a centimetre or so, added as whole numbers: the order must not show. */
function mean(devices: ReadonlySet<DeviceState>, valueOf: (device: Subject) => number): number {
  let sum = 0
  for (const { device } of devices) sum += Math.round(valueOf(device) * 1e7)
  return devices.size === 0 ? 0 : Math.round(sum / devices.size) / 1e7
}

/** Slug of the district that most of the devices are in, the first by name of those that equally many are in. */
export function districtOf(devices: ReadonlySet<DeviceState>): string {
  const counts = new Map<string, number>()
  for (const { device } of devices) counts.set(device.district, (counts.get(device.district) ?? 0) + 1)
  const ranked = [...counts].toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
  return ranked[0]?.[0] ?? ''
}
