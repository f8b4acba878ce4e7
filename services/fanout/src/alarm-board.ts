// What the alarm figures of the last day are computed from, in memory: the notes of the day, as they come, and the
// open faults of the feed. How many notes there can be is bounded; then the day is shorter, and says so.
import { openAlarmNotes } from '@ronda/backbone/alarm-notes'
import type { Backbone } from '@ronda/backbone/backbone'
import { type AlarmMetrics, type AlarmNote, defaultPeriodMs } from '@ronda/contracts/alarm-metrics'
import type { FaultFilter } from '@ronda/contracts/fault'
import { alarmMetrics, leadInMs } from '@ronda/faults/alarm-metrics'
import type { OpenFaults } from './open-faults.ts'
import { nextTurn } from './turns.ts'

const keptMs = defaultPeriodMs + leadInMs

export interface AlarmBoard {
  /** Reads the notes of the last day; afterwards `follow` keeps up until the signal aborts. */
  load(): Promise<void>
  follow(signal: AbortSignal): Promise<void>
  /** Of the last 24 h of log time. */
  metrics(filter: FaultFilter): AlarmMetrics
}

export interface AlarmBoardDeps {
  backbone: Backbone
  openFaults: Pick<OpenFaults, 'values'>
  /** Notes to keep; for a moment there are twice as many. */
  maxNotes: number
  /** ms UTC: how far the detector has decided. */
  logTime: () => number
  /** ms UTC of stamped time when the data directory was made. */
  beganAt: number
}

export function createAlarmBoard({ backbone, openFaults, maxNotes, logTime, beganAt }: AlarmBoardDeps): AlarmBoard {
  const source = openAlarmNotes(backbone)
  let notes: AlarmNote[] = []
  /** All that is later is here. */
  let since = beganAt
  let position = 0

  // The note may be here before the detector's word, which was written with it.
  const now = () => Math.max(logTime(), notes.at(-1)?.at ?? 0)

  function take(more: readonly AlarmNote[]): void {
    for (const note of more) notes.push(note)
    const oldest = now() - keptMs
    // Cut rarely and by half, so that a note costs next to nothing.
    const middle = notes[Math.ceil(notes.length / 2) - 1]
    if (middle === undefined || (middle.at > oldest && notes.length < 2 * maxNotes)) return
    const fresh = notes.findIndex(({ at }) => at > oldest)
    const served = Math.max(fresh === -1 ? notes.length : fresh, notes.length - maxNotes)
    since = Math.max(since, notes[served - 1]?.at ?? since)
    notes = notes.slice(served)
  }

  return {
    async load() {
      position = await source.positionAt(now() - keptMs)
      for await (const batch of source.after(position)) {
        take(batch.notes)
        position = batch.position
      }
    },
    async follow(signal) {
      for await (const batch of source.follow(position, signal)) {
        take(batch.notes)
        await nextTurn()
      }
    },
    metrics(filter) {
      const to = now()
      const from = Math.min(Math.max(to - defaultPeriodMs, since), to)
      return alarmMetrics({ filter, from, to, now: to }, notes, openFaults.values())
    },
  }
}
