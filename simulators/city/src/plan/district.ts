// Districts as places to put devices in: what lies inside, how large they are, a point somewhere in them, a walk
// along a street that does not leave them. Distances are metres on a flat earth, true enough for one city.
import type { DistrictCollection } from '@ronda/contracts/city'
import type { Random } from '../random.ts'

export interface Point {
  /** Degrees, WGS 84. */
  latitude: number
  longitude: number
}

export interface District {
  slug: string
  name: string
  areaM2: number
  contains(point: Point): boolean
  randomPoint(random: Random): Point
}

const metresPerDegree = 111_320

function metresPerLongitude(latitude: number): number {
  return metresPerDegree * Math.cos((latitude * Math.PI) / 180)
}

/** The point so many metres away; heading in degrees, clockwise from north. Rounded to about 0.1 m. */
export function move({ latitude, longitude }: Point, metres: number, heading: number): Point {
  const angle = (heading * Math.PI) / 180
  return {
    latitude: round(latitude + (metres * Math.cos(angle)) / metresPerDegree),
    longitude: round(longitude + (metres * Math.sin(angle)) / metresPerLongitude(latitude)),
  }
}

export function distanceM(a: Point, b: Point): number {
  const north = (b.latitude - a.latitude) * metresPerDegree
  const east = (b.longitude - a.longitude) * metresPerLongitude(a.latitude)
  return Math.hypot(north, east)
}

function round(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6
}

type Ring = readonly (readonly number[])[]

export function readDistricts(collection: DistrictCollection): District[] {
  return collection.features.map(({ properties: { slug, name }, geometry }) => {
    const polygons: readonly (readonly Ring[])[] =
      geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
    return createDistrict(slug, name, polygons)
  })
}

function createDistrict(slug: string, name: string, polygons: readonly (readonly Ring[])[]): District {
  const bounds = boundsOf(polygons)
  const rings = polygons.flat()
  const contains = ({ latitude, longitude }: Point) =>
    rings.reduce((inside, ring) => inside !== crossesOddly(ring, longitude, latitude), false)
  return {
    slug,
    name,
    areaM2: polygons.reduce((sum, polygon) => sum + polygonAreaM2(polygon), 0),
    contains,
    randomPoint(random) {
      for (let attempt = 0; attempt < 10_000; attempt++) {
        const point = {
          longitude: round(random.between(bounds.west, bounds.east)),
          latitude: round(random.between(bounds.south, bounds.north)),
        }
        if (contains(point)) return point
      }
      throw new Error(`the district ${slug} fills too little of its bounds to find a point in it`)
    },
  }
}

function boundsOf(polygons: readonly (readonly Ring[])[]) {
  const bounds = { west: Infinity, east: -Infinity, south: Infinity, north: -Infinity }
  for (const ring of polygons.flat()) {
    for (const [longitude = 0, latitude = 0] of ring) {
      bounds.west = Math.min(bounds.west, longitude)
      bounds.east = Math.max(bounds.east, longitude)
      bounds.south = Math.min(bounds.south, latitude)
      bounds.north = Math.max(bounds.north, latitude)
    }
  }
  return bounds
}

/** Whether a ray to the east meets the ring an odd number of times; over all rings, holes included, that is inside. */
function crossesOddly(ring: Ring, longitude: number, latitude: number): boolean {
  let odd = false
  let [fromX = 0, fromY = 0] = ring.at(-1) ?? []
  for (const [x = 0, y = 0] of ring) {
    const spans = y > latitude !== fromY > latitude
    if (spans && longitude < ((fromX - x) * (latitude - y)) / (fromY - y) + x) odd = !odd
    fromX = x
    fromY = y
  }
  return odd
}

/** The outer ring's area less its holes'. */
function polygonAreaM2(polygon: readonly Ring[]): number {
  return polygon.reduce((area, ring, index) => area + (index === 0 ? 1 : -1) * ringAreaM2(ring), 0)
}

function ringAreaM2(ring: Ring): number {
  let [fromX = 0, fromY = 0] = ring.at(-1) ?? []
  const middle = fromY
  let twice = 0
  for (const [x = 0, y = 0] of ring) {
    twice += fromX * y - x * fromY
    fromX = x
    fromY = y
  }
  return (Math.abs(twice) / 2) * metresPerDegree * metresPerLongitude(middle)
}

/**
 * Poles along a street: so many points, 30 to 40 m apart, that bend a little and turn at the district's edge.
 * Undefined when a spit of land is too narrow to go on.
 */
export function walkStreet(district: District, start: Point, count: number, random: Random): Point[] | undefined {
  const points = [start]
  let at = start
  let heading = random.between(0, 360)
  while (points.length < count) {
    heading += random.between(-4, 4)
    const step = random.between(30, 40)
    const turn = turns.find((turn) => district.contains(move(at, step, heading + turn)))
    if (turn === undefined) return undefined
    heading += turn
    at = move(at, step, heading)
    points.push(at)
  }
  return points
}

const turns = [0, 30, -30, 60, -60, 90, -90, 120, -120, 150, -150]
