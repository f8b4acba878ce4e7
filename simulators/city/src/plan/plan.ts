// What is installed where, as a city of this size would have it: each kind of device finds its own place. The same city,
// number and seed give the same plan; every device lies in its district, and devices that others refer to come first.
import type { City } from '@ronda/contracts/city'
import { NewDevice } from '@ronda/contracts/device'
import type { DeviceKind } from '@ronda/contracts/topics'
import { simulatedKinds } from '../device-kinds.ts'
import { createRandom } from '../random.ts'
import { readDistricts } from './district.ts'
import { createNames } from './names.ts'
import { type Planner, simulatedTag } from './planner.ts'

export interface PlanOptions {
  city: City
  /** Exactly so many devices, 1 or more. */
  devices: number
  seed: number
  /** How often each reports, in seconds. */
  intervalS: number
}

export function planCity({ city: { profile, districts }, devices, seed, intervalS }: PlanOptions): NewDevice[] {
  const random = createRandom(seed, `plan of ${profile.slug}`)
  const installed = new Map<DeviceKind, number>()
  const planner: Planner = {
    random,
    names: createNames(random),
    districts: readDistricts(districts),
    nominalVoltageV: profile.nominalVoltageV,
    streets: [],
    install(kind, name, district, { latitude, longitude }, { tags = [], ...details }) {
      const number = (installed.get(kind) ?? 0) + 1
      installed.set(kind, number)
      const { prefix, digits } = simulatedKinds[kind].ids
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
  const planned: NewDevice[] = []
  for (const { place } of Object.values(simulatedKinds)) {
    const placed = place?.(planner, { devices, left: devices - planned.length }) ?? []
    planned.push(...placed)
  }
  return planned
}
