// What is known of a kind of fault that a simulated device or place can have: how often it occurs by itself, how long, and
// what of it can be seen. Durations are longer than the rule's delay, so that the city has something to show.
import type { DeviceKind } from '@ronda/contracts/topics'

/** Where many devices share one uplink. */
export const placeKinds = ['site', 'district'] as const
export type PlaceKind = (typeof placeKinds)[number]

/** What can be at fault. */
export type SubjectKind = DeviceKind | PlaceKind

export function isPlaceKind(kind: SubjectKind): kind is PlaceKind {
  return kind === 'site' || kind === 'district'
}

export interface FaultKindFacts {
  /** Kinds of subject that can have it, and the parts they have in the random ones. */
  kinds: Partial<Record<SubjectKind, number>>
  /** Its part in the random faults, taken among those that can be seen; those of a whole city make some hundred. */
  share: number
  /** Shortest and mean duration of a random one, in minutes. */
  leastMin: number
  meanMin: number
  /** When it can be seen; a random one begins then, and is mended when it can be seen to be. */
  seen: 'any time' | 'by night' | 'by day'
  /** What the device calls it in `faults`; absent where it does not know, and only measures what is wrong. */
  reports?: string
  /** The device notices by itself and sends a reading at once, without waiting for its interval. */
  noticed: boolean
  /** Of a cabinet: how many phases it concerns. */
  phases?: 'one' | 'one or all'
  /** Devices that must be behind the subject of a random one, so that it is more than their own trouble. */
  leastBehind?: number
  /** What happens, for --help and documents. */
  meaning: string
}
