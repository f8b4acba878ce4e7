// What the detector says about itself, as status messages tell it.
import type { Backbone, Change } from '@ronda/backbone/backbone'
import type { DetectorStatus } from '@ronda/contracts/system'
import type { ServerMessage } from '@ronda/contracts/websocket'
import type { Clock } from '@ronda/runtime/clock'

const key = 'detector'

export interface DetectorWatch {
  /** How it is now. Before it has ever spoken its log time is 0. */
  status(): Omit<Extract<ServerMessage, { type: 'status' }>, 'type' | 'cursor'>
  /** Reads what it said last; afterwards `follow` keeps up with it until the signal aborts. */
  load(signal: AbortSignal): Promise<void>
  follow(): Promise<void>
}

export function createDetectorWatch(backbone: Backbone, clock: Clock): DetectorWatch {
  let last: DetectorStatus = { logTime: 0, blind: [] }
  let changes: AsyncIterable<Change<DetectorStatus>[]> | undefined
  return {
    status() {
      const { logTime, blind } = last
      return { logTime, lagMs: Math.max(0, clock.now() - logTime), blind: [...blind], simulated: clock.simulated }
    },
    async load(signal) {
      const watch = await backbone.bucket('system').watch(signal)
      for (const row of watch.rows) if (row.key === key) last = row.value
      changes = watch.changes
    },
    async follow() {
      for await (const batch of changes ?? []) {
        for (const change of batch) if (change.key === key && change.value !== undefined) last = change.value
      }
    },
  }
}
