// Public WiFi in parks, schools and health centres: at each place a gateway with its access points behind it.
import type { NewDevice } from '@ronda/contracts/device'
import { type District, move } from './district.ts'
import { slugOf } from './names.ts'
import type { Planner } from './planner.ts'
import { findRoom, shareByArea, shareInGroups } from './spread.ts'

/** What a place is called and how common it is; the key is a tag of its devices. */
const placeKinds = {
  park: { word: 'Taman', weight: 30 },
  school: { word: 'Sekolah', weight: 45 },
  'health-centre': { word: 'Puskesmas', weight: 25 },
} as const

export type PlaceKind = keyof typeof placeKinds
const placeKindNames = Object.keys(placeKinds) as readonly PlaceKind[]

/** One place for every gateway; each has at least one access point, so there are no fewer of those. */
export function planPublicPlaces(planner: Planner, accessPoints: number, gateways: number): NewDevice[] {
  const { districts, random } = planner
  if (gateways === 0) return []
  const sizes = shareInGroups(accessPoints, gateways, 1, 9, random)
  return shareByArea(districts, gateways).flatMap((district, n) => equipPlace(planner, district, sizes[n] ?? 1))
}

function equipPlace({ random, names, install }: Planner, district: District, accessPoints: number): NewDevice[] {
  const drawn = placeKindNames[random.weighted(placeKindNames.map((kind) => placeKinds[kind].weight))]
  if (drawn === undefined) throw new Error('some kind of place has a weight')
  const name = `${placeKinds[drawn].word} ${names.street()}`
  const shared = { site: slugOf(name), tags: [drawn] }
  const centre = findRoom(district, [], random)
  const gateway = install('gateway', `Gateway ${name}`, district, centre, shared)
  const points = Array.from({ length: accessPoints }, (_, n) => {
    const mast = move(centre, random.between(10, 60), random.between(0, 360))
    const at = district.contains(mast) ? mast : centre
    return install('access-point', `WiFi ${name} ${n + 1}`, district, at, { ...shared, gateway: gateway.id })
  })
  return [gateway, ...points]
}
