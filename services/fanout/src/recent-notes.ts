// The alarm notes of the last day, in memory, for the alarm board. How many there can be is bounded; then the day is
// shorter, and `since` says so.
import { type AlarmNote, defaultPeriodMs } from '@ronda/contracts/alarm-metrics'
import { leadInMs } from '@ronda/faults/alarm-metrics'

/** The figures of a day need the hour before it. */
export const keptMs = defaultPeriodMs + leadInMs

export interface RecentNotesDeps {
  /** Notes to keep; for a moment there are twice as many. */
  maxNotes: number
  /** ms UTC: how far the detector has decided. */
  logTime: () => number
  /** ms UTC: before there were none. */
  beganAt: number
}

export interface RecentNotes {
  /** Notes that follow those that are here. */
  push(more: readonly AlarmNote[]): void
  /** ms UTC of the log. */
  now(): number
  /** Oldest first. */
  readonly notes: readonly AlarmNote[]
  /** ms UTC: all that is later is here. */
  readonly since: number
}

export function createRecentNotes({ maxNotes, logTime, beganAt }: RecentNotesDeps): RecentNotes {
  let notes: AlarmNote[] = []
  let since = beganAt

  // The note may be here before the detector's word, which was written with it.
  const now = () => Math.max(logTime(), notes.at(-1)?.at ?? 0)

  return {
    push(more) {
      for (const note of more) notes.push(note)
      const oldest = now() - keptMs
      // Cut rarely and by half, so that a note costs next to nothing.
      const middle = notes[Math.ceil(notes.length / 2) - 1]
      if (middle === undefined || (middle.at > oldest && notes.length < 2 * maxNotes)) return
      const fresh = notes.findIndex(({ at }) => at > oldest)
      const served = Math.max(fresh === -1 ? notes.length : fresh, notes.length - maxNotes)
      since = Math.max(since, notes[served - 1]?.at ?? since)
      notes = notes.slice(served)
    },
    now,
    get notes() {
      return notes
    },
    get since() {
      return since
    },
  }
}
