// When something was really measured. A device's clock may be wrong by years, a message may come hours late, and
// both look alike in one message; over several they do not: a wrong clock lags by a constant, messages that
// waited do not. Decides which objects of a message are live, that is, may raise or clear faults.
import type { ReadingObject } from './input.ts'

/** A device's time further ahead than this is not believed: it was measured on arrival, as far as we know. */
export const maxAheadMs = 120_000
/** So many messages with the same lag, one after the other, make it the clock's. */
export const constantLags = 3
/** Readings older than this many intervals are backlog. */
export const freshIntervals = 3

/** What is known of a device's clock. Its times are compared with each other, never with ours. */
export interface DeviceClock {
  /** Expected between two readings. */
  readonly intervalMs: number
  /** Newest of the device's times that it has been judged by; -Infinity: none. */
  newestTs: number
  /** ms by which our clock is ahead of the device's; 0 while they agree well enough. */
  skewMs: number
  /** The run of messages that either waited or come from a clock that is not as it was. */
  suspect: SuspectRun | undefined
}

export interface SuspectRun {
  lagMs: number
  /** Device times of the first and the newest message of the run. */
  firstAt: number
  lastAt: number
  count: number
}

/** All that is known of a clock, when nothing is. */
export function newClock(): Omit<DeviceClock, 'intervalMs'> {
  return { newestTs: -Infinity, skewMs: 0, suspect: undefined }
}

type Timed = ReadingObject & { ts: number }

function isTimed(object: ReadingObject): object is Timed {
  return object.ts !== undefined
}

/**
 * Calls `judge` for the live objects of a message, oldest first, with the time of measurement by our clock (ms
 * UTC, not after `receivedAt`). Objects that are not newer than what the device has been judged by, and backlog,
 * are passed over. Objects without a time were measured on arrival; each delivery of one is a new reading.
 */
export function forEachLive<C extends DeviceClock>(
  clock: C,
  receivedAt: number,
  objects: readonly ReadingObject[],
  judge: (clock: C, object: ReadingObject, measuredAt: number) => void,
): void {
  const freshMs = freshIntervals * clock.intervalMs
  const inOrder = objects.length > 1 ? objects.toSorted(byTime) : objects
  const newest = inOrder.findLast(isTimed)
  const offsetMs = newest === undefined ? 0 : offsetOf(clock, receivedAt, newest, freshMs)
  const believed = newest === undefined || offsetMs !== undefined
  // Nothing arrives before it is sent: where it seems so, the clock is ahead, and arrival is all we know.
  const ahead = newest !== undefined && !believed && (newest.sentAt ?? newest.ts) > receivedAt + maxAheadMs
  for (const object of inOrder) {
    if (!isTimed(object)) {
      judge(clock, object, receivedAt)
      continue
    }
    if (newest === undefined) continue
    if (ahead) {
      if (newest.ts - object.ts <= freshMs) judge(clock, object, receivedAt - (newest.ts - object.ts))
      continue
    }
    if (offsetMs === undefined || object.ts <= clock.newestTs) continue
    const measuredAt = object.ts + offsetMs
    if (receivedAt - measuredAt > freshMs) continue
    clock.newestTs = object.ts
    judge(clock, object, Math.min(measuredAt, receivedAt))
  }
}

/** Objects without a time come last, as they were measured on arrival. */
function byTime(a: ReadingObject, b: ReadingObject): number {
  if (a.ts === undefined || b.ts === undefined) return (a.ts === undefined ? 1 : 0) - (b.ts === undefined ? 1 : 0)
  return a.ts - b.ts
}

/**
 * ms to be added to the device's times of a message to get ours; undefined when the message waited too long to
 * be live, or when its clock cannot be relied on (yet).
 */
function offsetOf(clock: DeviceClock, receivedAt: number, newest: Timed, freshMs: number): number | undefined {
  // Without sentAt, the newest object is taken to have been measured when the message was sent.
  const sentAt = newest.sentAt ?? newest.ts
  const lagMs = receivedAt - sentAt
  const fits = (skewMs: number) => lagMs >= skewMs - maxAheadMs && lagMs <= skewMs + freshMs
  let skewMs: number
  if (fits(clock.skewMs)) skewMs = clock.skewMs
  else if (fits(0)) skewMs = 0
  else if (isConstant(clock, lagMs, sentAt)) skewMs = lagMs
  else return undefined
  clock.suspect = undefined
  if (skewMs !== clock.skewMs) {
    clock.skewMs = skewMs
    // The clock has been set: times from before mean nothing now.
    clock.newestTs = -Infinity
  }
  return newest.sentAt === undefined ? skewMs : lagMs
}

/** Whether enough messages in a row had this lag while the device's time went on as fast as ours. */
function isConstant(clock: DeviceClock, lagMs: number, sentAt: number): boolean {
  const toleranceMs = clock.intervalMs / 2
  const run = clock.suspect
  if (run !== undefined) {
    const changeMs = Math.abs(lagMs - run.lagMs)
    // A repetition, or an older one of the same run: it says nothing new.
    if (sentAt <= run.lastAt && changeMs <= toleranceMs) return false
    // A backlog that is sent at once progresses in the device's time only.
    if (changeMs <= Math.min(toleranceMs, (sentAt - run.firstAt) / 2)) {
      run.lastAt = sentAt
      run.count++
      return run.count >= constantLags
    }
  }
  clock.suspect = { lagMs, firstAt: sentAt, lastAt: sentAt, count: 1 }
  return false
}
