// When something was really measured. A device's clock may be wrong by years, a message may come hours late, and
// both look alike in one message; over several they do not: a wrong clock lags by a constant, messages that
// waited do not. Decides which objects of a message are live, that is, may raise or clear faults.
import type { ReadingObject, TelemetryInput } from './input.ts'

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
  /** undefined while it agrees with ours well enough. Replaced, never changed. */
  wrong: WrongClock | undefined
}

export interface WrongClock {
  /** ms by which our clock is ahead of the device's. */
  readonly skewMs: number
  /** The run of messages that either waited or come from a clock that is not as it was. */
  readonly suspect: SuspectRun | undefined
}

/** Messages of the same lag, one after the other. */
export interface SuspectRun {
  readonly lagMs: number
  /** Device times of the first and the newest message of the run. */
  readonly firstAt: number
  readonly lastAt: number
  readonly count: number
}

/** All that is known of a clock, when nothing is. */
export function newClock(): Omit<DeviceClock, 'intervalMs'> {
  return { newestTs: -Infinity, wrong: undefined }
}

/** A clock that has not been doubted: all that most devices ever have. */
const noDoubt: WrongClock = { skewMs: 0, suspect: undefined }

/**
 * Calls `judge` for the live objects of a message, whose newest is `newest`, oldest first, with the time of measurement
 * by our clock (ms UTC, not after `receivedAt`). Objects that are not newer than what the device has been judged by, and backlog,
 * are passed over. Objects without a time were measured on arrival; each delivery of one is a new reading. Returns
 * whether there was any.
 */
export function forEachLive<C extends DeviceClock>(
  clock: C,
  { receivedAt, objects }: Pick<TelemetryInput, 'receivedAt' | 'objects'>,
  newest: ReadingObject | undefined,
  judge: (clock: C, object: ReadingObject, measuredAt: number) => void,
): boolean {
  const freshMs = freshIntervals * clock.intervalMs
  let isLive = false
  const inOrder = objects.length > 1 ? objects.toSorted(byTime) : objects
  const newestTs = newest?.ts
  const sentAt = newest?.sentAt ?? newestTs
  // Without sentAt, the newest object is taken to have been measured when the message was sent.
  const skewMs = sentAt === undefined ? 0 : believedSkew(clock, receivedAt - sentAt, sentAt, freshMs)
  const offsetMs = newest?.sentAt === undefined ? skewMs : receivedAt - newest.sentAt
  for (const object of inOrder) {
    const { ts } = object
    if (ts === undefined || newestTs === undefined || sentAt === undefined) {
      isLive = true
      judge(clock, object, receivedAt)
    } else if (skewMs !== undefined && offsetMs !== undefined) {
      const measuredAt = ts + offsetMs
      if (ts <= clock.newestTs || receivedAt - measuredAt > freshMs) continue
      clock.newestTs = ts
      isLive = true
      judge(clock, object, Math.min(measuredAt, receivedAt))
    } else if (sentAt > receivedAt + maxAheadMs && newestTs - ts <= freshMs) {
      // Nothing arrives before it is sent: the clock is ahead, and arrival is all we know.
      isLive = true
      judge(clock, object, receivedAt - (newestTs - ts))
    }
  }
  return isLive
}

/** Objects without a time come last, as they were measured on arrival. */
function byTime(a: ReadingObject, b: ReadingObject): number {
  if (a.ts === undefined || b.ts === undefined) return (a.ts === undefined ? 1 : 0) - (b.ts === undefined ? 1 : 0)
  return a.ts - b.ts
}

/** The newest of those that have a time, of equal ones the last; in any order. */
export function newestOf(objects: readonly ReadingObject[]): ReadingObject | undefined {
  let newest: ReadingObject | undefined
  for (const object of objects) if (object.ts !== undefined && object.ts >= (newest?.ts ?? -Infinity)) newest = object
  return newest
}

/**
 * The skew (ms) that explains the lag of a message; undefined when the message waited too long to be live, or its
 * clock cannot be relied on (yet).
 */
function believedSkew(clock: DeviceClock, lagMs: number, sentAt: number, freshMs: number): number | undefined {
  // The usual case: the clock is right, and was.
  if (clock.wrong === undefined && fits(lagMs, 0, freshMs)) return 0
  const before = clock.wrong ?? noDoubt
  let skewMs: number
  if (fits(lagMs, before.skewMs, freshMs)) skewMs = before.skewMs
  else if (fits(lagMs, 0, freshMs)) skewMs = 0
  else {
    const suspect = suspectRun(before.suspect, lagMs, sentAt, clock.intervalMs / 2)
    if (suspect.count < constantLags) {
      clock.wrong = { skewMs: before.skewMs, suspect }
      return undefined
    }
    skewMs = lagMs
  }
  clock.wrong = skewMs === 0 ? undefined : { skewMs, suspect: undefined }
  // When a clock has been set, times from before mean nothing any more.
  if (skewMs !== before.skewMs) clock.newestTs = -Infinity
  return skewMs
}

/** Whether a message of this lag, by a clock of this skew, came soon enough to be live. */
function fits(lagMs: number, skewMs: number, freshMs: number): boolean {
  return lagMs >= skewMs - maxAheadMs && lagMs <= skewMs + freshMs
}

/** The run of messages with the same lag, while the device's time goes on as fast as ours, with one more message. */
export function suspectRun(
  run: SuspectRun | undefined,
  lagMs: number,
  sentAt: number,
  toleranceMs: number,
): SuspectRun {
  if (run !== undefined) {
    const changeMs = Math.abs(lagMs - run.lagMs)
    // A repetition, or an older one of the same run: it says nothing new.
    if (sentAt <= run.lastAt && changeMs <= toleranceMs) return run
    // A backlog that is sent at once progresses in the device's time only.
    if (changeMs <= Math.min(toleranceMs, (sentAt - run.firstAt) / 2)) {
      return { ...run, lastAt: sentAt, count: run.count + 1 }
    }
  }
  return { lagMs, firstAt: sentAt, lastAt: sentAt, count: 1 }
}
