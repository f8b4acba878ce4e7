// What the map draws, as GeoJSON: devices with their marks, districts' labels, lines between a cabinet and its lamps.
import type { DistrictCollection } from '@ronda/contracts/city'
import type { Feature, FeatureCollection, Point } from 'geojson'
import type { DevicePlace, Places } from './places.ts'
import { type Mark, type MarkRank, noMark } from './marks.ts'
import type { View } from '../faults/view.ts'

interface Position {
  readonly latitude: number
  readonly longitude: number
}

const pointOf = ({ longitude, latitude }: Position): Point => ({
  type: 'Point',
  coordinates: [longitude, latitude],
})

export const collect = (features: Feature[]): FeatureCollection => ({
  type: 'FeatureCollection',
  features,
})

/** Those that a view is about: where it names districts or kinds, the others are not drawn. */
export function placesOf(
  { all }: Places,
  { districts, kinds }: Pick<View, 'districts' | 'kinds'>,
): readonly DevicePlace[] {
  if (districts.length === 0 && kinds.length === 0) return all
  return all.filter(
    ({ district, kind }) =>
      (districts.length === 0 || districts.includes(district)) && (kinds.length === 0 || kinds.includes(kind)),
  )
}

/** A feature's id is the place's index. */
export function deviceFeatures(places: readonly DevicePlace[], rankOf: (place: DevicePlace) => MarkRank) {
  return collect(
    places.map((place) => ({
      type: 'Feature',
      id: place.index,
      geometry: pointOf(place),
      properties: { kind: place.kind, rank: rankOf(place) },
    })),
  )
}

export function areaFeatures(marks: Iterable<Mark>) {
  return collect(
    [...marks].map(({ rank, fault }) => ({
      type: 'Feature',
      geometry: pointOf(fault),
      properties: { rank, fault: fault.id },
    })),
  )
}

export function districtLabels({ features }: DistrictCollection) {
  return collect(
    features.flatMap(({ properties: { name, labelPoint } }) =>
      labelPoint === undefined
        ? []
        : [{ type: 'Feature', geometry: { type: 'Point', coordinates: labelPoint }, properties: { name } }],
    ),
  )
}

/** From the cabinet that is chosen, or that feeds the lamp that is, to all that it feeds. */
export function linkFeatures(places: Places, chosen: DevicePlace | undefined) {
  const cabinet = chosen?.kind === 'cabinet' ? chosen : places.all[chosen?.cabinet ?? -1]
  if (cabinet === undefined) return collect([])
  const from = pointOf(cabinet).coordinates
  return collect(
    places.fedBy(cabinet).map((lamp) => ({
      type: 'Feature',
      geometry: { type: 'LineString', coordinates: [from, pointOf(lamp).coordinates] },
      properties: {},
    })),
  )
}

/** West, south, east, north: around all districts. */
export function boundsOf({ features }: DistrictCollection): [number, number, number, number] {
  const bounds: [number, number, number, number] = [180, 90, -180, -90]
  for (const { geometry } of features) {
    const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
    for (const [longitude = 0, latitude = 0] of polygons.flat(2)) {
      bounds[0] = Math.min(bounds[0], longitude)
      bounds[1] = Math.min(bounds[1], latitude)
      bounds[2] = Math.max(bounds[2], longitude)
      bounds[3] = Math.max(bounds[3], latitude)
    }
  }
  return bounds
}

/** How ranks have changed, by the index of the place. */
export function rankChanges(
  before: ReadonlyMap<number, MarkRank>,
  after: ReadonlyMap<number, MarkRank>,
): { index: number; rank: MarkRank }[] {
  const changes: { index: number; rank: MarkRank }[] = []
  for (const [index, rank] of after) if (before.get(index) !== rank) changes.push({ index, rank })
  for (const index of before.keys()) if (!after.has(index)) changes.push({ index, rank: noMark })
  return changes
}
