// The newest events of the stream, decoded, for those who are a little behind: a reader that was slow for a
// moment, or whose connection broke, costs neither a read nor a second decoding.
import type { DecodedEvent, Place } from './fault-event.ts'

export interface RecentEvents {
  /** Events that follow those that are here. */
  push(events: readonly DecodedEvent[]): void
  /** Up to `limit` events after a place, oldest first; undefined when the place is not here. */
  after(place: Place, limit: number): DecodedEvent[] | undefined
}

export function createRecentEvents(capacity: number): RecentEvents {
  let events: DecodedEvent[] = []
  return {
    push(next) {
      for (const event of next) events.push(event)
      // Cut rarely and by half, so that a push costs next to nothing.
      if (events.length > 2 * capacity) events = events.slice(-capacity)
    },
    after({ position, ordinal }, limit) {
      const first = events[0]
      if (first === undefined) return undefined
      // Ordinals have no gaps. The event of the place itself must be here, to prove that it is that place.
      const index = ordinal - first.ordinal
      if (events[index]?.position !== position) return undefined
      return events.slice(index + 1, index + 1 + limit)
    },
  }
}
