import type { DevicePlaces } from '@ronda/contracts/device-places'
import { expect, test } from 'vitest'
import { boundsOf, deviceFeatures, linkFeatures, placesOf, rankChanges } from './features.ts'
import { noMark } from './marks.ts'
import { readPlaces } from './places.ts'

const columns: DevicePlaces = {
  revision: 'a-1',
  kinds: ['streetlight', 'cabinet', 'camera', 'access-point', 'gateway'],
  districts: ['serpong', 'setu'],
  id: ['cctv-1', 'panel-1', 'pju-1', 'pju-2'],
  name: ['Camera', 'Cabinet', 'Lamp 1', 'Lamp 2'],
  kind: [2, 1, 0, 0],
  district: [1, 0, 0, 0],
  cabinet: [-1, -1, 1, 1],
  latitudeE5: [-630_123, -630_000, -630_100, -630_200],
  longitudeE5: [10_670_000, 10_668_000, 10_668_100, 10_668_200],
}
const places = readPlaces(columns)

test('columns become devices', () => {
  expect(places.find('pju-2')).toEqual({
    index: 3,
    id: 'pju-2',
    name: 'Lamp 2',
    kind: 'streetlight',
    district: 'serpong',
    cabinet: 1,
    latitude: -6.302,
    longitude: 106.682,
  })
  expect(places.find('cctv-1')).toMatchObject({ latitude: -6.30123, cabinet: undefined, district: 'setu' })
  expect(places.find('nobody')).toBeUndefined()
})

test('a view of districts or kinds shows those only', () => {
  const idsOf = (view: Parameters<typeof placesOf>[1]) => placesOf(places, view).map(({ id }) => id)
  expect(idsOf({ districts: [], kinds: [] })).toHaveLength(4)
  expect(idsOf({ districts: ['setu'], kinds: [] })).toEqual(['cctv-1'])
  expect(idsOf({ districts: ['serpong'], kinds: ['cabinet', 'camera'] })).toEqual(['panel-1'])
})

test('a cabinet is linked to what it feeds, and a lamp shows the links of its cabinet', () => {
  const links = (id: string) =>
    linkFeatures(places, places.find(id)).features.map(
      ({ geometry }) => geometry.type === 'LineString' && geometry.coordinates,
    )
  const both = [
    [
      [106.68, -6.3],
      [106.681, -6.301],
    ],
    [
      [106.68, -6.3],
      [106.682, -6.302],
    ],
  ]
  expect(links('panel-1')).toEqual(both)
  expect(links('pju-2')).toEqual(both)
  expect(links('cctv-1')).toEqual([])
})

test('only what is marked otherwise is told', () => {
  const before = new Map([
    [1, 0],
    [2, 4],
  ])
  const after = new Map([
    [2, 5],
    [3, 0],
  ])
  expect(rankChanges(before, after)).toEqual([
    { index: 2, rank: 5 },
    { index: 3, rank: 0 },
    { index: 1, rank: noMark },
  ])
  expect(rankChanges(after, after)).toEqual([])
})

test('features are found again by the number of their place', () => {
  const [feature] = deviceFeatures([...places.all].slice(2), ({ index }) => index).features
  expect(feature).toEqual({
    type: 'Feature',
    id: 2,
    geometry: { type: 'Point', coordinates: [106.681, -6.301] },
    properties: { kind: 'streetlight', rank: 2 },
  })
})

test('the bounds are around all districts, of one part or several', () => {
  const square = (west: number, south: number) => [
    [
      [west, south],
      [west + 1, south],
      [west + 1, south + 1],
      [west, south],
    ],
  ]
  const district = (slug: string, geometry: Parameters<typeof boundsOf>[0]['features'][number]['geometry']) =>
    ({ type: 'Feature', properties: { slug, name: slug }, geometry }) as const
  expect(
    boundsOf({
      type: 'FeatureCollection',
      features: [
        district('a', { type: 'Polygon', coordinates: square(106, -7) }),
        district('b', { type: 'MultiPolygon', coordinates: [square(108, -6), square(105, -6)] }),
      ],
    }),
  ).toEqual([105, -7, 109, -5])
})
