// What is promised of everything that is carried: readings from devices to the store, and events to control rooms.
import { samples } from '../soak/samples.ts'

/** What does not hold of each promise, in words. */
export interface Promised {
  lost: string[]
  doubled: string[]
  unordered: string[]
  late: string[]
}

export function together(...all: readonly Promised[]): Promised {
  return {
    lost: all.flatMap(({ lost }) => lost),
    doubled: all.flatMap(({ doubled }) => doubled),
    unordered: all.flatMap(({ unordered }) => unordered),
    late: all.flatMap(({ late }) => late),
  }
}

/** One line for all that share a breach; none of none. */
export function breachOf(what: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`${items.length} ${what}: ${samples(items)}`]
}
