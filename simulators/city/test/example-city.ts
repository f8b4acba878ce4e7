// A city of two square districts somewhere near the equator, for tests.
import { type City, CityProfile, DistrictCollection } from '@ronda/contracts/city'
import { planCity } from '../src/plan/plan.ts'

function district(slug: string, west: number, south: number, side: number) {
  const coordinates = [
    [west, south],
    [west + side, south],
    [west + side, south + side],
    [west, south + side],
    [west, south],
  ]
  return {
    type: 'Feature',
    properties: { slug, name: slug },
    geometry: { type: 'Polygon', coordinates: [coordinates] },
  }
}

export const exampleCity: City = {
  profile: CityProfile.parse({
    slug: 'example',
    name: 'Example',
    country: 'ID',
    timeZone: 'Asia/Jakarta',
    centre: { latitude: -6.2, longitude: 106.8 },
    nominalVoltageV: 230,
    districts: 'districts.geojson',
    agencies: [{ id: 'works', name: { en: 'Public works', id: 'Pekerjaan umum' }, kinds: ['streetlight', 'cabinet'] }],
    attribution: 'drawn for tests',
  }),
  districts: DistrictCollection.parse({
    type: 'FeatureCollection',
    features: [district('west', 106.7, -6.25, 0.1), district('east', 106.8, -6.25, 0.1)],
  }),
}

export function examplePlan(devices: number, intervalS = 20) {
  return planCity({ city: exampleCity, devices, seed: 1, intervalS })
}
