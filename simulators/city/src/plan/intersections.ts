// Cameras at intersections, one to four at each, looking along the roads that meet there.
import type { NewDevice } from '@ronda/contracts/device'
import { type District, type Point, move } from './district.ts'
import { slugOf } from './names.ts'
import type { Planner } from './planner.ts'
import { findRoom, shareByArea, shareInGroups } from './spread.ts'

const directions = [
  { name: 'utara', heading: 0 },
  { name: 'timur', heading: 90 },
  { name: 'selatan', heading: 180 },
  { name: 'barat', heading: 270 },
]

/** Intersections lie where lit streets begin, and elsewhere once those are used up. */
export function planIntersections(planner: Planner, cameras: number): NewDevice[] {
  const { districts, random, streets } = planner
  if (cameras === 0) return []
  const sizes = shareInGroups(cameras, Math.ceil(cameras / 2.5), 1, directions.length, random)
  const unused = new Set(streets)
  return shareByArea(districts, sizes.length).flatMap((district, n) => {
    const street = [...unused].find((street) => street.district === district)
    if (street !== undefined) unused.delete(street)
    const crossing = {
      name: street?.name ?? planner.names.street(),
      at: street?.start ?? findRoom(district, [], random),
    }
    return equipIntersection(planner, district, crossing, sizes[n] ?? 1)
  })
}

function equipIntersection(
  { random, install }: Planner,
  district: District,
  crossing: { name: string; at: Point },
  cameras: number,
): NewDevice[] {
  const first = random.integer(0, directions.length - 1)
  return Array.from({ length: cameras }, (_, n) => {
    const direction = directions[(first + n) % directions.length]
    if (direction === undefined) throw new Error('a remainder is an index')
    const mast = move(crossing.at, 8, direction.heading)
    return install(
      'camera',
      `CCTV Simpang ${crossing.name} arah ${direction.name}`,
      district,
      district.contains(mast) ? mast : crossing.at,
      { street: `Jalan ${crossing.name}`, site: `simpang-${slugOf(crossing.name)}`, tags: ['intersection'] },
    )
  })
}
