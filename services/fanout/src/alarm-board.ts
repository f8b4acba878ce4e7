// The alarm figures of the last day, computed from what is in memory: the notes of the day, as they come, and the open
// faults of the feed.
import { openAlarmNotes } from '@ronda/backbone/alarm-notes'
import type { Backbone } from '@ronda/backbone/backbone'
import { type AlarmMetrics, defaultPeriodMs } from '@ronda/contracts/alarm-metrics'
import type { FaultFilter } from '@ronda/contracts/fault'
import { alarmMetrics } from '@ronda/faults/alarm-metrics'
import type { OpenFaults } from './open-faults.ts'
import { type RecentNotesDeps, createRecentNotes, keptMs } from './recent-notes.ts'
import { nextTurn } from './turns.ts'

export interface AlarmBoard {
  /** Reads the notes of the last day; afterwards `follow` keeps up until the signal aborts. */
  load(): Promise<void>
  follow(signal: AbortSignal): Promise<void>
  /** Of the last 24 h of log time. */
  metrics(filter: FaultFilter): AlarmMetrics
}

export interface AlarmBoardDeps extends RecentNotesDeps {
  backbone: Backbone
  openFaults: Pick<OpenFaults, 'values'>
}

export function createAlarmBoard({ backbone, openFaults, ...deps }: AlarmBoardDeps): AlarmBoard {
  const source = openAlarmNotes(backbone)
  const recent = createRecentNotes(deps)
  let position = 0

  return {
    async load() {
      position = await source.positionAt(recent.now() - keptMs)
      for await (const batch of source.after(position)) {
        recent.push(batch.notes)
        position = batch.position
      }
    },
    async follow(signal) {
      for await (const batch of source.follow(position, signal)) {
        recent.push(batch.notes)
        await nextTurn()
      }
    },
    metrics(filter) {
      const to = recent.now()
      const from = Math.min(Math.max(to - defaultPeriodMs, recent.since), to)
      return alarmMetrics({ filter, from, to, now: to }, recent.notes, openFaults.values())
    },
  }
}
