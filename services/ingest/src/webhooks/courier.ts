// Brings one receiver what it is to be told, at least once and in the order of each fault: takes notices off its backlog
// or from those put aside, sends one at a time, and commits what came of it as one. A process that dies in between sends
// that one again. What it holds in memory is one batch of the stream and what is put aside, both bounded.
import type { Backbone } from '@ronda/backbone/backbone'
import type { Delivery, HeldNotice, ReceiverCursor, ReceiverRow } from '@ronda/contracts/receiver'
import type { Logger } from '@ronda/runtime/log'
import { retrying } from '../retrying.ts'
import { afterFailure, whatIsDue } from './back-off.ts'
import { type Fresh, createBacklog } from './backlog.ts'
import { type Change, openDeliveryState } from './delivery-state.ts'
import type { Limits } from './limits.ts'
import type { Post, PostAnswer } from './post.ts'
import { heldFrom, keyOf } from './rows.ts'
import type { Secrets } from './secrets.ts'

/** The status by which a receiver says that it wants no more. */
const goneStatus = 410
/** The longest that a timer is set for; then it is looked again. */
const longestSleepMs = 3_600_000

export interface CourierDeps {
  backbone: Backbone
  row: ReceiverRow
  /** Somebody has changed the receiver: what failed is tried at once. */
  atOnce: boolean
  secrets: Secrets
  post: Post
  limits: Limits
  /** ms UTC by the system's clock: the time of retries and signatures. */
  systemNow: () => number
  onAttempt: (outcome: Delivery['outcome']) => void
  /** It answered 410: to be disabled. */
  onGone: () => Promise<void>
  log: Logger
}

export interface Courier {
  /** Delivers until the signal aborts, which gives up the request under way, or until `finish`. */
  run(signal: AbortSignal): Promise<void>
  /** Ends `run` when the attempt under way is committed. */
  finish(): void
  /** There is something new in the stream. */
  wake(): void
  /** Somebody else has added to what is put aside. */
  reload(): void
  /** Since when nothing was delivered, ms UTC by the system's clock. */
  readonly failingSince: number | undefined
  /** ms UTC of stamped time: when the oldest of what is not delivered happened; undefined when there is none. */
  readonly oldestAt: number | undefined
}

/** A notice that is sent, and what became of it before. */
interface Item extends HeldNotice {
  key: string
  isFresh: boolean
}

/** The row of an attempt, but for what comes of it. */
function deliveryOf({ notice, attempts }: HeldNotice, at: number, { durationMs, status, error }: PostAnswer) {
  const { deliveryId, event, faultId } = notice
  return {
    deliveryId,
    event,
    ...(faultId === undefined ? {} : { faultId }),
    at,
    attempt: attempts + 1,
    durationMs,
    ...(status === undefined ? {} : { status }),
    ...(error === undefined ? {} : { error }),
  }
}

/** Undefined when the receiver was removed. Throws `position_invalid`. */
export async function openCourier(deps: CourierDeps): Promise<Courier | undefined> {
  const { backbone, row, secrets, post, limits, systemNow, log } = deps
  const { uid, receiver } = row
  const opened = await openDeliveryState(backbone, uid, { limits, atOnce: deps.atOnce })
  if (opened === undefined) return undefined
  const state = opened
  const backlog = createBacklog({ backbone, row, from: state.cursor })
  let fresh: Fresh | undefined
  let keptAt = systemNow()
  let finished = false
  let isStale = false
  let bell = Promise.withResolvers<void>()

  function wake(): void {
    bell.resolve()
  }

  /** Until a time (ms UTC by the system's clock), a bell, or the end. */
  async function sleep(until: number, signal: AbortSignal): Promise<void> {
    const timer = setTimeout(wake, Math.min(longestSleepMs, Math.max(0, until - systemNow())))
    signal.addEventListener('abort', wake, { once: true })
    if (!signal.aborted) await bell.promise
    signal.removeEventListener('abort', wake)
    clearTimeout(timer)
  }

  async function commit(change: Omit<Change, 'writes'>, signal: AbortSignal): Promise<void> {
    const writes = backlog.marks()
    await retrying(() => state.commit({ ...change, writes }), {
      signal,
      onChange(failure) {
        if (failure === undefined) log.info('deliveries are kept again')
        else log.warn({ err: failure, code: failure.code }, 'deliveries wait')
      },
    })
    // Given up for the end of the process: what is in memory goes with it.
    if (signal.aborted) return
    if (change.delivery !== undefined) deps.onAttempt(change.delivery.outcome)
    backlog.kept()
    keptAt = systemNow()
  }

  /** The cursor where the backlog is by now. */
  function cursorAt(change: Partial<ReceiverCursor> = {}): ReceiverCursor {
    return { ...state.cursor, ...backlog.place, ...change }
  }

  function isFaultHeld(faultId: string | undefined): boolean {
    if (faultId === undefined) return false
    for (const { notice } of state.held.values()) if (notice.faultId === faultId) return true
    return false
  }

  function hasRoom(): boolean {
    let aside = 0
    for (const { redelivered } of state.held.values()) if (!redelivered) aside++
    return aside < limits.mostHeld
  }

  /** What is due; of a fault that waits already, a new notice is put behind it. */
  async function chooseNext(signal: AbortSignal): Promise<Item | { until: number }> {
    const found = await backlog.next()
    fresh = found === 'more' ? undefined : found
    const room = hasRoom()
    const mustWait = fresh !== undefined && isFaultHeld(fresh.notice.faultId)
    if (fresh !== undefined && room && mustWait) {
      const { notice, place } = fresh
      backlog.take()
      const held = { key: keyOf(uid, place.position), value: heldFrom(systemNow(), notice) }
      await commit({ cursor: cursorAt(), held }, signal)
      return { until: 0 }
    }
    const hasFresh = fresh !== undefined && room && !mustWait
    const due = whatIsDue({ cursor: state.cursor, held: state.held, hasFresh }, systemNow())
    if (due.type === 'held') {
      const value = state.held.get(due.key)
      if (value !== undefined) return { ...value, key: due.key, isFresh: false }
    }
    if (due.type === 'fresh' && fresh !== undefined) {
      const { notice, place } = fresh
      return { ...heldFrom(systemNow(), notice), key: keyOf(uid, place.position), isFresh: true }
    }
    return { until: due.type === 'nothing' && found !== 'more' ? due.until : 0 }
  }

  async function deliver(item: Item, signal: AbortSignal): Promise<void> {
    const { key, notice, firstAt, isFresh } = item
    const at = systemNow()
    const headers = secrets.headers(row, notice.deliveryId, notice.body, at)
    const sent = await post(receiver.url, headers, notice.body, signal)
    if (signal.aborted) return
    if (isFresh) backlog.take()
    const told = deliveryOf(item, at, sent)
    if (sent.error === undefined) {
      const { failingSince: _over, ...cursor } = cursorAt({ failures: 0, notBefore: 0 })
      const held = isFresh ? {} : { held: { key, value: undefined } }
      await commit({ cursor, delivery: { ...told, outcome: 'delivered' }, ...held }, signal)
      return
    }
    const failure = { isFresh, attempts: told.attempt, firstAt, retryAfterMs: sent.retryAfterMs }
    const now = systemNow()
    const next = afterFailure(failure, state.cursor.failures, limits, { now, random: Math.random() })
    const { failures, notBefore, nextAt } = next
    const cursor = cursorAt({ failures, notBefore, failingSince: state.cursor.failingSince ?? at })
    if (nextAt === undefined) {
      const delivery: Delivery = { ...told, outcome: 'dead-letter' }
      await commit(
        { cursor, delivery, dead: { key, value: { notice, at: now } }, held: { key, value: undefined } },
        signal,
      )
    } else {
      const value = { notice, attempts: told.attempt, firstAt, nextAt, redelivered: item.redelivered }
      await commit({ cursor, delivery: { ...told, outcome: 'failed', nextAt }, held: { key, value } }, signal)
    }
    if (sent.status !== goneStatus || signal.aborted) return
    finished = true
    await retrying(deps.onGone, { signal, onChange: () => {} })
  }

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !finished) {
      bell = Promise.withResolvers()
      if (isStale) {
        isStale = false
        await state.reload()
      }
      const next = await chooseNext(signal)
      if ('notice' in next) {
        await deliver(next, signal)
        continue
      }
      const skipped = backlog.place.position > state.cursor.position || backlog.marks().length > 0
      const keepAt = skipped ? keptAt + limits.keepPlaceMs : Infinity
      if (backlog.isFull || keepAt <= systemNow()) await commit({ cursor: cursorAt() }, signal)
      else if (!finished) await sleep(Math.min(next.until, keepAt), signal)
    }
  }

  return {
    run,
    finish() {
      finished = true
      wake()
    },
    wake,
    reload() {
      isStale = true
      wake()
    },
    get failingSince() {
      return state.cursor.failingSince
    },
    get oldestAt() {
      const [first] = state.held.values()
      return first?.notice.at ?? fresh?.notice.at
    },
  }
}
