// When what is sent next. Pure, apart from the random number that is passed in.
//
// Order against standing still: a notice that fails is put aside and tried again on a schedule of its own, while others
// go on; what follows about the same fault waits behind it. So one notice that a receiver cannot digest holds up one
// fault, not the city. When one new notice after the other fails, it is the receiver: then everything slows down to one
// attempt now and then, always with a new notice first, for only that one can tell a receiver that is back from a notice
// that is bad; those put aside are due by then and follow at once.
import type { HeldNotice, ReceiverCursor } from '@ronda/contracts/receiver'
import type { Limits } from './limits.ts'

type Schedule = Pick<Limits, 'firstDelayMs' | 'longestDelayMs' | 'giveUpMs' | 'longestRetryAfterMs'>

/** A fifth more or less, so that receivers that failed together do not come back together. */
const jitter = 0.2

/** ms to wait after the n-th failure, n from 1; `random` from 0 to 1. */
export function delayAfter(n: number, { firstDelayMs, longestDelayMs }: Schedule, random: number): number {
  const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** (n - 1))
  return Math.round(delayMs * (1 - jitter + 2 * jitter * random))
}

/** What is due: a notice put aside (by its key), a new one, or nothing before a time (ms; Infinity: until something comes). */
export type Due = { type: 'held'; key: string } | { type: 'fresh' } | { type: 'nothing'; until: number }

export interface Outlook {
  cursor: Pick<ReceiverCursor, 'failures' | 'notBefore'>
  /** By their keys, which are in the order of the stream. */
  held: ReadonlyMap<string, HeldNotice>
  /** There is a new notice, of a fault of which none is held, and room to put it aside. */
  hasFresh: boolean
}

export function whatIsDue({ cursor, held, hasFresh }: Outlook, now: number): Due {
  let first: { key: string; nextAt: number } | undefined
  const behind = new Set<string>()
  for (const [key, { notice, nextAt }] of held) {
    const { faultId } = notice
    if (faultId !== undefined && behind.has(faultId)) continue
    if (faultId !== undefined) behind.add(faultId)
    if (first === undefined || nextAt < first.nextAt) first = { key, nextAt }
  }
  if (!hasFresh && first === undefined) return { type: 'nothing', until: Infinity }
  if (now < cursor.notBefore) return { type: 'nothing', until: cursor.notBefore }
  const isHeldDue = first !== undefined && first.nextAt <= now
  if (hasFresh && (cursor.failures > 0 || !isHeldDue)) return { type: 'fresh' }
  if (first === undefined) return { type: 'nothing', until: Infinity }
  return isHeldDue ? { type: 'held', key: first.key } : { type: 'nothing', until: first.nextAt }
}

export interface Failure {
  isFresh: boolean
  /** Of this notice, this one included. */
  attempts: number
  /** ms UTC by the system's clock: when its time began. */
  firstAt: number
  /** What the receiver asked for. */
  retryAfterMs: number | undefined
}

export interface NextTry {
  /** Of the receiver. */
  failures: number
  notBefore: number
  /** Of the notice; undefined: it is given up. */
  nextAt: number | undefined
}

/** What follows from an attempt that failed. Times in ms UTC by the system's clock. */
export function afterFailure(
  { isFresh, attempts, firstAt, retryAfterMs = 0 }: Failure,
  before: number,
  schedule: Schedule,
  { now, random }: { now: number; random: number },
): NextTry {
  const failures = isFresh ? before + 1 : before
  const asked = now + Math.min(retryAfterMs, schedule.longestRetryAfterMs)
  // One bad notice says nothing about the receiver.
  const slowed = failures < 2 ? now : now + delayAfter(failures - 1, schedule, random)
  const nextAt = Math.max(asked, now + delayAfter(attempts, schedule, random))
  return {
    failures,
    notBefore: Math.max(asked, slowed),
    nextAt: nextAt - firstAt > schedule.giveUpMs ? undefined : nextAt,
  }
}
