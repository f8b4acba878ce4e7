// How devices are counted on the page: in which order, and together.
import type { CityStanding, DeviceStanding, Standings } from '@ronda/contracts/city-standing'

/** What needs somebody comes before what does not. */
const ranks = {
  working: 0,
  faulty: 1,
  silent: 2,
  unheard: 3,
  neverSeen: 4,
  disabled: 5,
} as const satisfies Record<DeviceStanding, number>

export function isStanding(text: string): text is DeviceStanding {
  return Object.hasOwn(ranks, text)
}

export const deviceStandings: readonly DeviceStanding[] = Object.keys(ranks).filter(isStanding)

export function sumOf(groups: CityStanding['groups']): Standings {
  const sums: Standings = { working: 0, faulty: 0, silent: 0, unheard: 0, neverSeen: 0, disabled: 0 }
  for (const { standings } of groups) for (const each of deviceStandings) sums[each] += standings[each]
  return sums
}

export function totalOf(standings: Standings): number {
  return deviceStandings.reduce((total, each) => total + standings[each], 0)
}

/** Of those that should work: what is disabled, or was never there, is missed by nobody. */
export function shareNotWorking(standings: Standings): number {
  const { working, faulty, silent, unheard } = standings
  const expected = working + faulty + silent + unheard
  return expected === 0 ? 0 : (faulty + silent) / expected
}
