// One subscription of one connection: a snapshot or a replay first, then live with its group. A reader whose
// socket does not keep up goes back to replaying, from the place it had reached, at the pace of its socket:
// whatever the reason to be behind, there is one way to catch up, and what it holds is bounded.
import type { CursorCodec } from './cursor.ts'
import { type Place, advance } from './fault-event.ts'
import type { Feed } from './feed.ts'
import { eventBytes, messageBytes } from './frames.ts'
import type { Group, LiveReader } from './groups.ts'
import type { Limits } from './limits.ts'
import type { Metrics } from './metrics.ts'
import type { Outlet } from './outlet.ts'
import type { Snapshot } from './snapshot.ts'
import { nextTurn } from './turns.ts'

export interface Reader extends LiveReader {
  /** The socket has drained, or the view has moved: goes on if there is something to do. */
  wake(): void
  /** It is sent nothing more. */
  end(): void
  /** Whether it gets events as they come. */
  readonly live: boolean
  /** ms of `performance.now()` since when its socket takes nothing. */
  readonly stalledSince: number | undefined
}

export interface ReaderDeps {
  group: Group
  outlet: Outlet
  feed: Feed
  cursors: CursorCodec
  limits: Pick<Limits, 'maxQueuedBytes' | 'maxReplayEvents'>
  metrics: Metrics
  /** Where the client was; undefined when it begins. */
  resume: string | undefined
  /** It is with its group, or no more. */
  onLive: (reader: Reader) => void
  onBehind: (reader: Reader) => void
}

type State =
  | { phase: 'snapshot'; snapshot: Snapshot; nextPage: number }
  | { phase: 'replay'; place: Place }
  | { phase: 'live' }
  | { phase: 'ended' }

export function createReader(deps: ReaderDeps): Reader {
  const { group, outlet, feed, cursors, limits, metrics, onLive, onBehind } = deps
  let state: State = { phase: 'ended' }
  let working = false
  let stalledSince: number | undefined

  function startSnapshot(): State {
    metrics.snapshots.inc()
    return { phase: 'snapshot', snapshot: group.snapshot(), nextPage: 0 }
  }

  /** Events from `since` on cannot be told one by one any more. */
  function startAnew(since: string): State {
    metrics.gaps.inc()
    outlet.write(messageBytes({ type: 'gap', since }))
    return startSnapshot()
  }

  function start(resume: string | undefined): State {
    if (resume === undefined) return startSnapshot()
    const cursor = cursors.parse(resume)
    if (cursor === undefined) return startAnew(resume)
    if (cursor.filterTag !== group.tag) return startSnapshot()
    if (cursor.epochTag !== cursors.epochTag) return startAnew(resume)
    return cursor.kind === 'partial' ? startSnapshot() : { phase: 'replay', place: cursor.place }
  }

  function sendPage({ snapshot, nextPage }: Extract<State, { phase: 'snapshot' }>): State {
    outlet.write(snapshot.page(nextPage))
    return nextPage + 1 < snapshot.pages
      ? { phase: 'snapshot', snapshot, nextPage: nextPage + 1 }
      : { phase: 'replay', place: snapshot.place }
  }

  /** The next step from a place; undefined when there is none until the view has moved. */
  async function replay(place: Place): Promise<State | undefined> {
    // Nothing is awaited between this comparison and joining the group: no event falls between the two.
    if (place.position === feed.place.position) return { phase: 'live' }
    if (place.position > feed.place.position) {
      // Another fanout may be a moment ahead of this one, but not of the stream.
      if (!(await feed.reaches(place.position))) return startAnew(cursors.at(place, group.tag))
      return place.position > feed.place.position ? undefined : { phase: 'replay', place }
    }
    if (feed.place.ordinal - place.ordinal > limits.maxReplayEvents) return startAnew(cursors.at(place, group.tag))
    const events = await feed.readAfter(place)
    if (state.phase === 'ended') return state
    if (events === undefined) return startAnew(cursors.at(place, group.tag))
    const step = advance(place, events)
    const found = eventBytes(step.news, group, cursors)
    if (found !== undefined) {
      metrics.deliveries.inc(found.messages)
      outlet.write(found.bytes)
    }
    return { phase: 'replay', place: step.place }
  }

  async function work(): Promise<void> {
    if (working) return
    working = true
    while (state.phase === 'snapshot' || state.phase === 'replay') {
      if (outlet.clogged) {
        stalledSince ??= performance.now()
        break
      }
      stalledSince = undefined
      const next = state.phase === 'snapshot' ? sendPage(state) : await replay(state.place)
      // It may have been ended while the stream was read.
      if (next === undefined || isEnded()) break
      state = next
      if (state.phase === 'live') {
        group.live.add(reader)
        onLive(reader)
        break
      }
      await nextTurn()
    }
    working = false
  }

  // A function, because the compiler cannot see that the state changes while something is awaited.
  function isEnded(): boolean {
    return state.phase === 'ended'
  }

  const reader: Reader = {
    send(frames) {
      outlet.write(frames)
      if (outlet.queuedBytes <= limits.maxQueuedBytes) return
      group.live.delete(reader)
      state = { phase: 'replay', place: feed.place }
      stalledSince = performance.now()
      metrics.slowReaders.inc()
      onBehind(reader)
    },
    wake: () => void work(),
    end() {
      state = { phase: 'ended' }
      group.live.delete(reader)
    },
    get live() {
      return state.phase === 'live'
    },
    get stalledSince() {
      return stalledSince
    },
  }
  state = start(deps.resume)
  return reader
}
