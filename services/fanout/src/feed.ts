// The stream `faults` as it is followed: fills the view of open faults, then moves it on with every event and
// hands each batch of news to the subscribers. There is one place for all: what the view knows, live readers
// have been sent.
import type { Backbone, Stream } from '@ronda/backbone/backbone'
import { AppError } from '@ronda/contracts/errors'
import { type DecodedEvent, type Place, advance, decodeEvent } from './fault-event.ts'
import { type OpenFaults, createOpenFaults } from './open-faults.ts'
import { type RecentEvents, createRecentEvents } from './recent-events.ts'
import { nextTurn } from './turns.ts'

/** Small enough that a batch never overruns a socket that kept up so far. */
const batch = { records: 128, bytes: 64 * 1024 }
const rowsPerPage = 1_000

export interface Feed {
  /** How far the view is. */
  readonly place: Place
  readonly openFaults: OpenFaults
  readonly loaded: boolean
  /** Fills the view; afterwards it is exactly what the stream says up to its place. */
  load(): Promise<void>
  /** Follows the stream until the signal aborts; tells of each batch after the view has moved. */
  follow(signal: AbortSignal, onNews: (news: readonly DecodedEvent[]) => void): Promise<void>
  /** Events after a place, oldest first, none past the view; undefined when they are not kept any more. */
  readAfter(place: Place): Promise<readonly DecodedEvent[] | undefined>
  /** Whether the stream has come as far as a position of the same epoch. */
  reaches(position: number): Promise<boolean>
  /** Events in the stream that the view does not know yet. */
  lagEvents(): Promise<number>
}

export interface FeedDeps {
  backbone: Backbone
  recentEvents: number
  onRepeated: (events: number) => void
}

export function createFeed({ backbone, recentEvents, onRepeated }: FeedDeps): Feed {
  const stream: Stream = backbone.stream('faults')
  const bucket = backbone.bucket('faults')
  const openFaults = createOpenFaults()
  const recent: RecentEvents = createRecentEvents(recentEvents)
  let place: Place = { position: 0, ordinal: 0, seen: undefined }
  let loaded = false

  function take(events: readonly DecodedEvent[]): DecodedEvent[] {
    if (events[0]?.ordinal !== place.ordinal + 1) {
      // Trimmed under a process that was stopped for long: only a new start knows the open faults again.
      throw new AppError('position_invalid', `the stream faults was trimmed beyond ${place.position}, where fanout was`)
    }
    const step = advance(place, events)
    place = step.place
    recent.push(events)
    for (const event of step.news) openFaults.apply(event)
    if (step.news.length < events.length) onRepeated(events.length - step.news.length)
    return step.news
  }

  async function loadRows(): Promise<void> {
    let after: string | undefined
    for (;;) {
      const rows = await bucket.list({ limit: rowsPerPage, ...(after === undefined ? {} : { after }) })
      for (const row of rows) openFaults.load(row)
      after = rows.at(-1)?.key
      if (after === undefined) return
      await nextTurn()
    }
  }

  return {
    get place() {
      return place
    },
    openFaults,
    get loaded() {
      return loaded
    },

    async load() {
      const { position, ordinal } = await stream.head()
      // The tail tells what was said already, should the detector be about to say it again.
      const tail = (await stream.readLast(recentEvents)).filter((entry) => entry.position <= position).map(decodeEvent)
      recent.push(tail)
      place = { ...advance(place, tail).place, position, ordinal }
      await loadRows()
      // Rows may be newer than the place; when it has come as far as they are, the two agree.
      const rowsAt = (await stream.head()).position
      while (place.position < rowsAt) take((await stream.read(place.position, batch)).map(decodeEvent))
      loaded = true
    },

    async follow(signal, onNews) {
      for await (const entries of stream.follow(place.position, batch, signal)) {
        const news = take(entries.map(decodeEvent))
        onNews(news)
        // A stream that is far ahead must not keep sockets from being read.
        await nextTurn()
      }
    },

    async readAfter(from) {
      const kept = recent.after(from, batch.records)
      if (kept !== undefined) return kept
      const entries = await stream.read(from.position, batch)
      if (entries[0]?.ordinal !== from.ordinal + 1) return undefined
      return entries.filter(({ position }) => position <= place.position).map(decodeEvent)
    },

    reaches: async (position) => position <= (await stream.head()).position,
    lagEvents: async () => (await stream.head()).ordinal - place.ordinal,
  }
}
