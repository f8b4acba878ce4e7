// How far a device's clock is from ours, message by message, and whether that can be said at all. Nothing arrives
// before it is sent, so a lag is a clock's or a delay's; a clock's is the same in every message, while messages that
// waited come with ever smaller ones. Which readings count is decided elsewhere (honest-time.ts): here it is only
// found out whether somebody should set the clock.
import { type SuspectRun, freshIntervals, suspectRun } from './honest-time.ts'
import type { ReadingObject } from './input.ts'

/** ms within which a clock is right: delays of a network are as long. */
export const rightWithinMs = 30_000

export interface SkewState {
  readonly intervalMs: number
  /** Messages with a lag, the newest one's included, as long as they agree. Replaced, never changed. */
  lagging: SuspectRun | undefined
}

/**
 * Takes in a message by its newest object: ms by which our clock is ahead; NaN: it does not agree with the one before;
 * undefined: it says nothing of the clock, being without a time, a backlog, or sent once more.
 */
export function readSkew(state: SkewState, receivedAt: number, newest: ReadingObject | undefined): number | undefined {
  if (newest?.ts === undefined) return undefined
  const { ts, sentAt = ts } = newest
  if (sentAt - ts > freshIntervals * state.intervalMs) return undefined
  const lagMs = receivedAt - sentAt
  if (Math.abs(lagMs) <= rightWithinMs) {
    state.lagging = undefined
    return lagMs
  }
  const before = state.lagging
  const run = suspectRun(before, lagMs, sentAt, state.intervalMs / 2)
  if (run === before) return undefined
  state.lagging = run
  return before === undefined || run.count > 1 ? lagMs : Number.NaN
}
