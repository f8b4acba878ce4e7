// How a number is shared out: over districts by their area, over groups of bounded size, over a map so that
// neighbours keep their distance.
import type { Random } from '../random.ts'
import { type District, type Point, distanceM } from './district.ts'

/** The district of each of so many things, in proportion to area, by largest remainder. */
export function shareByArea(districts: readonly District[], count: number): District[] {
  const area = districts.reduce((sum, { areaM2 }) => sum + areaM2, 0)
  const shares = districts.map((district) => {
    const exact = (count * district.areaM2) / area
    return { district, whole: Math.floor(exact), remainder: exact - Math.floor(exact) }
  })
  const missing = count - shares.reduce((sum, { whole }) => sum + whole, 0)
  const roundedUp = new Set(shares.toSorted((a, b) => b.remainder - a.remainder).slice(0, missing))
  return shares.flatMap((share) =>
    Array.from({ length: share.whole + (roundedUp.has(share) ? 1 : 0) }, () => share.district),
  )
}

/** So many groups that make up a total, each of `fewest` to `most`, where the total allows it. */
export function shareInGroups(total: number, groups: number, fewest: number, most: number, random: Random): number[] {
  const sizes = Array.from({ length: groups }, (_, n) => Math.floor(total / groups) + (n < total % groups ? 1 : 0))
  for (let n = 0; n + 1 < groups; n++) {
    const [giver = 0, taker = 0] = [sizes[n], sizes[n + 1]]
    const moved = random.integer(0, Math.max(0, Math.min(giver - fewest, most - taker)))
    sizes[n] = giver - moved
    sizes[n + 1] = taker + moved
  }
  return sizes
}

/** Of a few points of the district the one farthest from all that are taken. */
export function findRoom(district: District, taken: readonly Point[], random: Random): Point {
  const candidates = Array.from({ length: 6 }, () => district.randomPoint(random))
  const room = (point: Point) => taken.reduce((least, other) => Math.min(least, distanceM(point, other)), Infinity)
  const best = candidates
    .map((point) => ({ point, room: room(point) }))
    .reduce((best, next) => (next.room > best.room ? next : best))
  return best.point
}
