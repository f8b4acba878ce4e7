// The devices of the city with their places, out of the columns in which they come.
import type { DevicePlaces } from '@ronda/contracts/device-places'
import type { DeviceKind } from '@ronda/contracts/topics'

export interface DevicePlace {
  /** Its number among the places, for the map. */
  readonly index: number
  readonly id: string
  readonly name: string
  readonly kind: DeviceKind
  /** Slug. */
  readonly district: string
  /** Number of the cabinet that feeds it. */
  readonly cabinet: number | undefined
  /** Degrees. */
  readonly latitude: number
  readonly longitude: number
}

export interface Places {
  /** Of the registry. */
  readonly revision: string
  /** In the order of their ids. */
  readonly all: readonly DevicePlace[]
  find(id: string): DevicePlace | undefined
  /** What a cabinet feeds. */
  fedBy(cabinet: DevicePlace): readonly DevicePlace[]
}

export function readPlaces({ revision, kinds, districts, ...columns }: DevicePlaces): Places {
  const all: DevicePlace[] = []
  const byId = new Map<string, DevicePlace>()
  for (const [index, id] of columns.id.entries()) {
    const kind = kinds[columns.kind[index] ?? -1]
    const cabinet = columns.cabinet[index] ?? -1
    if (kind === undefined) throw new Error(`device-places: ${id} is of no kind`)
    const place: DevicePlace = {
      index,
      id,
      name: columns.name[index] ?? id,
      kind,
      district: districts[columns.district[index] ?? -1] ?? '',
      cabinet: cabinet === -1 ? undefined : cabinet,
      latitude: (columns.latitudeE5[index] ?? 0) / 1e5,
      longitude: (columns.longitudeE5[index] ?? 0) / 1e5,
    }
    all.push(place)
    byId.set(id, place)
  }
  return {
    revision,
    all,
    find: (id) => byId.get(id),
    fedBy: ({ index }) => all.filter(({ cabinet }) => cabinet === index),
  }
}
