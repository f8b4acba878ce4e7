// What a receiver is to be told next: reads the stream `faults` from its place, in small batches, and finds the next
// event that is for it. What was trimmed before it came there is found as well, and told as a gap.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Backbone, Entry, Write } from '@ronda/backbone/backbone'
import { decodeJson } from '@ronda/backbone/record-codec'
import { type FaultEvent, isNews } from '@ronda/contracts/fault'
import type { Notice, ReceiverCursor, ReceiverRow, WebhookBody } from '@ronda/contracts/receiver'
import { type Verdict, judge } from './announcements.ts'
import { keyOf, rangeOf } from './rows.ts'

const batch = { records: 64, bytes: 64 * 1024 }
/** Marks that may wait for a commit. */
const mostMarks = 500

export type Place = Pick<ReceiverCursor, 'position' | 'ordinal' | 'seen'>

export interface Fresh {
  notice: Notice
  /** Where the receiver is when this one is dealt with... */
  place: Place
  /** ...and whether the fault is announced then; undefined: as before. */
  announced?: boolean
}

export interface Backlog {
  /**
   * The next notice, the same again until it is taken; undefined when there is none yet; `more` when a batch was passed
   * over without one.
   */
  next(): Promise<Fresh | 'more' | undefined>
  /** It is dealt with. */
  take(): void
  /** As far as nothing waits to be taken: to be committed together with `marks`. */
  readonly place: Place
  /** Faults that became, or ceased to be, announced on the way there. */
  marks(): Write[]
  /** There are so many of them that they should be committed now. */
  readonly isFull: boolean
  /** They are committed. */
  kept(): void
}

export interface BacklogDeps {
  backbone: Backbone
  row: ReceiverRow
  from: Place
}

export function createBacklog({ backbone, row: { uid, receiver }, from }: BacklogDeps): Backlog {
  const stream = backbone.stream('faults')
  const announced = backbone.bucket('receiver-announced')
  let place = from
  let read: Entry[] = []
  let fresh: Fresh | undefined
  /** Not committed yet: whether a fault is announced. */
  const marked = new Map<string, boolean>()
  /** A gap may have hidden the end of faults that are announced. */
  let mayBeStale = true

  async function isAnnounced(faultId: string): Promise<boolean> {
    return marked.get(faultId) ?? (await announced.get(keyOf(uid, faultId))) !== undefined
  }

  /** Faults whose end was in a gap are announced no more. Only where all that is known was told: the end of others is to come. */
  async function forgetClosed(): Promise<void> {
    const open = backbone.bucket('faults')
    const closed: string[] = []
    for (const { key } of await announced.list(rangeOf(uid))) {
      const faultId = key.slice(uid.length + 1)
      if ((await open.get(faultId)) === undefined) closed.push(faultId)
    }
    if ((await stream.head()).position !== place.position) return
    for (const faultId of closed) marked.set(faultId, false)
    mayBeStale = false
  }

  function gapNotice(missed: number, { fault }: FaultEvent): Notice {
    const first = place.ordinal + 1
    const deliveryId = `gap_${stream.epoch}_${first}_${place.ordinal + missed}`
    const body: WebhookBody = { type: 'gap', deliveryId, missed, until: fault.updatedAt }
    return { deliveryId, event: 'gap', faultId: undefined, at: fault.updatedAt, body: JSON.stringify(body) }
  }

  /** Moves on over one entry; what is to be told of it waits in `fresh`. */
  async function advance({ position, ordinal, record }: Entry): Promise<void> {
    // The stream's only writer is the detector.
    const event = decodeJson(record) as FaultEvent
    const { source, fault } = event
    const missed = ordinal - 1 - place.ordinal
    if (missed > 0) {
      mayBeStale = true
      const after: Place = { ...place, position: position - 1, ordinal: ordinal - 1 }
      fresh = { notice: gapNotice(missed, event), place: after }
      return
    }
    read.shift()
    const isNew = isNews(place.seen, source)
    const after: Place = { position, ordinal, ...(isNew ? { seen: source } : place.seen && { seen: place.seen }) }
    const verdict: Verdict = isNew ? judge(event, receiver.filter, await isAnnounced(fault.id)) : { tell: undefined }
    if (verdict.tell === undefined) {
      if (verdict.announced !== undefined) marked.set(fault.id, verdict.announced)
      place = after
      return
    }
    const deliveryId = `${source.epoch}_${source.position}_${source.n}`
    const body: WebhookBody = { type: 'fault', deliveryId, event: verdict.tell, fault }
    const notice = {
      deliveryId,
      event: verdict.tell,
      faultId: fault.id,
      at: fault.updatedAt,
      body: JSON.stringify(body),
    }
    fresh = {
      notice,
      place: after,
      ...(verdict.announced === undefined ? {} : { announced: verdict.announced }),
    }
  }

  return {
    async next() {
      if (fresh !== undefined) return fresh
      if (read.length === 0) {
        read = await stream.read(place.position, batch)
        if (read.length === 0) {
          if (mayBeStale) await forgetClosed()
          return undefined
        }
        await nextTurn()
      }
      for (let [entry] = read; entry !== undefined && fresh === undefined; [entry] = read) await advance(entry)
      return fresh ?? 'more'
    },
    take() {
      if (fresh === undefined) throw new Error('nothing was there to be taken')
      const { notice, announced: isMarked } = fresh
      if (notice.faultId !== undefined && isMarked !== undefined) marked.set(notice.faultId, isMarked)
      place = fresh.place
      fresh = undefined
    },
    get place() {
      return place
    },
    marks: () =>
      Array.from(marked, ([faultId, isMarked]) => ({
        bucket: 'receiver-announced' as const,
        key: keyOf(uid, faultId),
        value: isMarked ? (true as const) : undefined,
      })),
    get isFull() {
      return marked.size >= mostMarks
    },
    kept: () => marked.clear(),
  }
}
