// InfluxDB is gone for a while, as when its machine fails. Devices are acknowledged and faults are found all the same,
// what waits lies in the log and not in memory, and is caught up with once the store is back.
import { setTimeout as delay } from 'node:timers/promises'
import type { Ledger } from '@ronda/contracts/ledger'
import { breachOfMemory, watchMemory } from '../../testing/memory.ts'
import type { RunningSystem } from '../../testing/running-system.ts'
import { breachOfFault } from '../fault-in-time.ts'
import type { Scenario } from '../scenario.ts'
import { until } from '../until.ts'

/** Catching up is at least so many times as fast as what comes in. */
const leastCatchUp = 3
/** What came in within less is written in a batch or two, which tells of one batch's delay and not of a rate. */
const leastBacklogSeconds = 5
const pollMs = 50

export const storeOutage: Scenario = {
  about: 'InfluxDB is killed and comes back after --lasts; needs --store influx',
  rounds: 3,
  longestPauseMs: 3_000,
  needs: 'influxd',
  async disturb(stage, signal) {
    const { system, influxd, lastsMs, say } = stage
    if (influxd === undefined) throw new Error('there is no InfluxDB to stop')
    const breaches: string[] = []
    const memory = watchMemory([system.pidOf('broker'), system.pidOf('ingest')])
    try {
      await influxd.halt()
      const over = delay(lastsMs, undefined, { signal }).catch(() => {})
      const before = { published: stage.published(), acknowledged: stage.acknowledged(), at: performance.now() }
      breaches.push(...(await breachOfFault(stage, signal)))
      await over
      const seconds = (performance.now() - before.at) / 1_000
      const live = (stage.published() - before.published) / seconds
      const acknowledged = (stage.acknowledged() - before.acknowledged) / seconds
      if (acknowledged < live / 2) {
        breaches.push(
          `without the store ${acknowledged.toFixed(0)} messages a second were acknowledged of ${live.toFixed(0)}`,
        )
      }
      await influxd.restart()
      const { backlog, perSecond } = await catchUp(system, live, signal)
      const times = perSecond / live
      say(
        `  ${backlog} messages waited; caught up with ${perSecond.toFixed(0)}/s, ${times.toFixed(1)} times what came in`,
      )
      breaches.push(...breachOfCatchUp({ times, backlogSeconds: backlog / live }))
    } finally {
      memory.stop()
    }
    return [...breaches, ...breachOfMemory(memory, say)]
  },
}

/** What does not hold, in words; nothing of a backlog that is too short to tell. */
export function breachOfCatchUp({ times, backlogSeconds }: { times: number; backlogSeconds: number }): string[] {
  if (backlogSeconds < leastBacklogSeconds || times >= leastCatchUp) return []
  return [`catching up was ${times.toFixed(1)} times live, not ${leastCatchUp}`]
}

/** From the first message that is written again until no more wait than come in within a poll or two. */
async function catchUp(
  system: RunningSystem,
  livePerSecond: number,
  signal: AbortSignal,
): Promise<{ backlog: number; perSecond: number }> {
  let first: { at: number; ledger: Ledger } | undefined
  let last: { at: number; ledger: Ledger } | undefined
  await until(async () => {
    const ledger = await system.get<Ledger>('/api/v1/ledger')
    last = { at: performance.now(), ledger }
    if (first === undefined || ledger.written === first.ledger.written) first = last
    return ledger.pending <= (livePerSecond * 2 * pollMs) / 1_000 + 1
  }, signal)
  if (first === undefined || last === undefined) throw new Error('the ledger did not answer')
  const seconds = Math.max(pollMs, last.at - first.at) / 1_000
  return { backlog: first.ledger.pending, perSecond: (last.ledger.written - first.ledger.written) / seconds }
}
