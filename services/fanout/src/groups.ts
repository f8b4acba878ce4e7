// Subscribers with the same filter: what one of them is sent is built once for all.
import type { FaultFilter } from '@ronda/contracts/fault'
import { type CursorCodec, filterTagOf, normalise } from './cursor.ts'
import type { Feed } from './feed.ts'
import type { Subscription } from './frames.ts'
import { type Snapshot, createSnapshot } from './snapshot.ts'

export interface LiveReader {
  /** Frames of all events that matter to it, up to the view's place. */
  send(frames: Buffer): void
}

export interface Group extends Subscription {
  /** Those who were sent everything up to the view's place. */
  readonly live: Set<LiveReader>
  /** The open faults at a place not far behind the view's. */
  snapshot(): Snapshot
}

export interface Groups {
  /** The group of a filter; whoever joins leaves once. */
  join(filter: FaultFilter): Group
  leave(group: Group): void
  values(): Iterable<Group>
}

export interface GroupsDeps {
  feed: Feed
  cursors: CursorCodec
  /** Events that a snapshot may be old to be shared once more. */
  snapshotAgeEvents: number
}

export function createGroups({ feed, cursors, snapshotAgeEvents }: GroupsDeps): Groups {
  const groups = new Map<string, { group: Group; readers: number }>()

  function createGroup(filter: FaultFilter, tag: string): Group {
    // Its readers keep a snapshot in memory for as long as they send from it.
    let shared: WeakRef<Snapshot> | undefined
    return {
      filter,
      tag,
      live: new Set(),
      snapshot() {
        const last = shared?.deref()
        if (last !== undefined && feed.place.ordinal - last.place.ordinal <= snapshotAgeEvents) return last
        const faults = feed.openFaults.select(filter)
        const made = createSnapshot({ place: feed.place, faults, filterTag: tag, cursors })
        shared = new WeakRef(made)
        return made
      },
    }
  }

  return {
    join(given) {
      const filter = normalise(given)
      const tag = filterTagOf(filter)
      let known = groups.get(tag)
      if (known === undefined) {
        known = { group: createGroup(filter, tag), readers: 0 }
        groups.set(tag, known)
      }
      known.readers++
      return known.group
    },
    leave(group) {
      const known = groups.get(group.tag)
      if (known !== undefined && --known.readers === 0) groups.delete(group.tag)
    },
    *values() {
      for (const { group } of groups.values()) yield group
    },
  }
}
