// Streets with their lamps in a line, each behind one cabinet at its beginning: circuits A, B and C one after
// the other, phases in turn from pole to pole, so that no phase carries more than the others.
import { type NewDevice, Phase } from '@ronda/contracts/device'
import { type District, type Point, move, walkStreet } from './district.ts'
import { slugOf } from './names.ts'
import type { Planner } from './planner.ts'
import { findRoom, shareByArea, shareInGroups } from './spread.ts'

export interface Street {
  name: string
  district: District
  /** Where it begins, at a crossing. */
  start: Point
  cabinet: NewDevice | undefined
  lamps: NewDevice[]
}

const circuits = ['A', 'B', 'C']
const lampPowersW = [60, 90, 90, 120, 150]
/** Of ten cabinets in a row, these switch their lamps: spread evenly, and not the only one of a small city. */
const switchedOfTen: ReadonlySet<number> = new Set([2, 5, 8])

/** Without cabinets (a city of one or two devices) the lamps stand on one street and hang on nothing. */
export function planStreets(planner: Planner, lamps: number, cabinets: number): Street[] {
  const { districts, random } = planner
  const sizes = cabinets === 0 ? [lamps] : shareInGroups(lamps, cabinets, 20, 40, random)
  const districtOf = shareByArea(districts, sizes.length)
  const taken = new Map<District, Point[]>()
  return sizes.map((size, n) => {
    const district = districtOf[n] ?? districts[0]
    if (district === undefined) throw new Error('a city has at least one district')
    const starts = taken.get(district) ?? []
    taken.set(district, starts)
    const points = layStreet(district, starts, size, planner)
    const supply = switchedOfTen.has(n % 10) ? 'switched' : 'permanent'
    return equipStreet(planner, { district, points, hasCabinet: cabinets > 0, supply })
  })
}

function layStreet(district: District, starts: Point[], size: number, { random }: Planner): Point[] {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    const start = findRoom(district, starts, random)
    const points = walkStreet(district, start, size, random)
    if (points === undefined) continue
    starts.push(start)
    return points
  }
  throw new Error(`the district ${district.slug} has no room for a street of ${size} lamps`)
}

interface Layout {
  district: District
  /** Where its lamps stand, from its beginning. */
  points: readonly Point[]
  hasCabinet: boolean
  supply: NewDevice['supply']
}

function equipStreet(planner: Planner, { district, points, hasCabinet, supply }: Layout): Street {
  const { names, random, nominalVoltageV, install } = planner
  const name = names.street()
  const street = `Jalan ${name}`
  const nominalPowerW = random.pick(lampPowersW)
  const [start] = points
  if (start === undefined) throw new Error('a street has at least one lamp')
  const beside = move(start, 5, random.between(0, 360))
  const cabinet = hasCabinet
    ? install('cabinet', `Panel ${street}`, district, district.contains(beside) ? beside : start, {
        street,
        nominalVoltageV,
      })
    : undefined
  const lamps = points.map((at, n) => {
    const circuit = circuits[Math.floor((n * circuits.length) / points.length)]
    const phase = Phase.options[n % 3]
    return install('streetlight', `PJU ${street} ${n + 1}`, district, at, {
      street,
      pole: `${slugOf(name)}-${n + 1}`,
      supply,
      nominalPowerW,
      nominalVoltageV,
      ...(cabinet === undefined ? {} : { cabinet: cabinet.id, circuit, phase }),
    })
  })
  return { name, district, start, cabinet, lamps }
}
