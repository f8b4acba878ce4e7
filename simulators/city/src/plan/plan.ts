// What is installed where, as a city of this size would have it: street lights along streets behind cabinets,
// cameras at intersections, access points and a gateway at each public place. The same city, number and seed
// give the same plan; every device lies in its district, and devices that others refer to come first.
import type { City } from '@ronda/contracts/city'
import { NewDevice } from '@ronda/contracts/device'
import type { DeviceKind } from '@ronda/contracts/topics'
import { createRandom } from '../random.ts'
import { readDistricts } from './district.ts'
import { planIntersections } from './intersections.ts'
import { createNames } from './names.ts'
import { type Planner, simulatedTag } from './planner.ts'
import { planPublicPlaces } from './public-places.ts'
import { planStreets } from './streets.ts'

export interface PlanOptions {
  city: City
  /** Exactly so many devices, 1 or more. */
  devices: number
  seed: number
  /** How often each reports, in seconds. */
  intervalS: number
}

const idOfKind: Record<DeviceKind, { prefix: string; digits: number }> = {
  streetlight: { prefix: 'pju', digits: 5 },
  cabinet: { prefix: 'panel', digits: 4 },
  camera: { prefix: 'cctv', digits: 4 },
  'access-point': { prefix: 'wifi', digits: 4 },
  gateway: { prefix: 'gw', digits: 4 },
}

export function planCity({ city: { profile, districts }, devices, seed, intervalS }: PlanOptions): NewDevice[] {
  const numbers = compose(devices)
  const random = createRandom(seed, `plan of ${profile.slug}`)
  const installed = new Map<DeviceKind, number>()
  const planner: Planner = {
    random,
    names: createNames(random),
    districts: readDistricts(districts),
    nominalVoltageV: profile.nominalVoltageV,
    install(kind, name, district, { latitude, longitude }, { tags = [], ...details }) {
      const number = (installed.get(kind) ?? 0) + 1
      installed.set(kind, number)
      const { prefix, digits } = idOfKind[kind]
      const agency = profile.agencies.find(({ kinds }) => kinds.includes(kind))?.id
      return NewDevice.parse({
        id: `${prefix}-${String(number).padStart(digits, '0')}`,
        kind,
        name,
        latitude,
        longitude,
        district: district.slug,
        agency,
        intervalS,
        ...details,
        tags: [simulatedTag, ...tags],
      })
    },
  }
  const streets = planStreets(planner, numbers.lamps, numbers.cabinets)
  return [
    ...streets.flatMap(({ cabinet }) => cabinet ?? []),
    ...planPublicPlaces(planner, numbers.accessPoints, numbers.gateways),
    ...streets.flatMap(({ lamps }) => lamps),
    ...planIntersections(planner, numbers.cameras, streets),
  ]
}

/** How many of each kind make up so many devices. */
function compose(devices: number) {
  const lamps = Math.round(devices * 0.78)
  const cabinets = devices < 3 ? 0 : lamps <= 40 ? 1 : Math.max(2, Math.round(lamps / 30))
  const others = devices - lamps - cabinets
  const accessPoints = Math.round(others * 0.45)
  const gateways = accessPoints === 0 ? 0 : Math.max(1, Math.round(others * 0.1))
  return { lamps, cabinets, accessPoints, gateways, cameras: others - accessPoints - gateways }
}
