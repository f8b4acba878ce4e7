import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { distanceM, move, readDistricts, walkStreet } from './district.ts'
import { createRandom } from '../random.ts'

const square = (west: number, south: number, side: number) => [
  [west, south],
  [west + side, south],
  [west + side, south + side],
  [west, south + side],
  [west, south],
]

function read(geometry: { type: 'Polygon' | 'MultiPolygon'; coordinates: unknown }) {
  // The coordinates of the tests below are those of their type.
  const feature = { type: 'Feature', properties: { slug: 'a', name: 'A' }, geometry } as never
  const [district] = readDistricts({ type: 'FeatureCollection', features: [feature] })
  if (district === undefined) throw new Error('one feature gives one district')
  return district
}

const holed = read({ type: 'Polygon', coordinates: [square(106, -6, 0.1), square(106.04, -5.96, 0.02)] })
const islands = read({
  type: 'MultiPolygon',
  coordinates: [[square(106, -6, 0.01)], [square(106.05, -6, 0.02)]],
})

describe('a district', () => {
  test('contains what lies inside, and neither its holes nor what is around it', () => {
    expect(holed.contains({ longitude: 106.01, latitude: -5.99 })).toBe(true)
    expect(holed.contains({ longitude: 106.05, latitude: -5.95 })).toBe(false)
    expect(holed.contains({ longitude: 106.11, latitude: -5.95 })).toBe(false)
    expect(islands.contains({ longitude: 106.005, latitude: -5.995 })).toBe(true)
    expect(islands.contains({ longitude: 106.03, latitude: -5.995 })).toBe(false)
    expect(islands.contains({ longitude: 106.06, latitude: -5.99 })).toBe(true)
  })

  test('is as large as its parts without their holes', () => {
    const squareDegreeM2 = 111_320 ** 2 * Math.cos((6 * Math.PI) / 180)
    expect(holed.areaM2 / ((0.01 - 0.0004) * squareDegreeM2)).toBeCloseTo(1, 3)
    expect(islands.areaM2 / (0.0005 * squareDegreeM2)).toBeCloseTo(1, 3)
  })

  test('gives points and streets that lie inside it', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(holed, islands), (seed, district) => {
        const random = createRandom(seed, 'street')
        const start = district.randomPoint(random)
        const street = walkStreet(district, start, 40, random) ?? []
        expect(street).toHaveLength(40)
        expect(street[0]).toEqual(start)
        expect(street.every(district.contains)).toBe(true)
        for (const [index, point] of street.slice(1).entries()) {
          const metres = distanceM(point, street[index] ?? point)
          expect(metres).toBeGreaterThan(29.5)
          expect(metres).toBeLessThan(40.5)
        }
      }),
    )
  })

  test('has no street where there is no room for one', () => {
    const rock = read({ type: 'Polygon', coordinates: [square(106, -6, 0.0001)] })
    const random = createRandom(1, 'street')
    expect(walkStreet(rock, rock.randomPoint(random), 2, random)).toBeUndefined()
  })
})

test('a move goes as far as it says and comes back', () => {
  const start = { latitude: -6.3, longitude: 106.7 }
  const end = move(start, 250, 60)
  expect(distanceM(start, end)).toBeCloseTo(250, 0)
  expect(distanceM(start, move(end, 250, 240))).toBeLessThan(1)
})
