// Every sync of the disk takes longer for a while, as of one that others use too. Devices are still acknowledged soon,
// because what comes meanwhile shares the next sync, and faults are found in time.
import { setTimeout as delay } from 'node:timers/promises'
import { breachOfFault } from '../fault-in-time.ts'
import { breachOfMemory, watchMemory } from '../../testing/memory.ts'
import type { Scenario } from '../scenario.ts'
import { until } from '../until.ts'

const syncDelayMs = 20
/**
 * Of PUBACKs, while syncs are slow. A commit takes three to four of them, a message waits for two commits at most, and
 * the other services' syncs come in between, as a disk does one at a time: some 300 ms.
 */
const mostP99Ms = 2_000

export const slowDisk: Scenario = {
  about: `every sync of the disk takes ${syncDelayMs} ms longer for --lasts; needs root on Linux, and nbdfuse`,
  rounds: 3,
  longestPauseMs: 3_000,
  needs: 'slowDisk',
  async disturb(stage, signal) {
    const { system, slowDisk: disk, lastsMs, published, acknowledged, timePubacks, say } = stage
    if (disk === undefined) throw new Error('there is no disk to slow down')
    // All are connected, and little waits: else what a fresh start takes would be taken for what the disk does.
    await until(() => published() > 0 && published() - acknowledged() < published() / 10, signal)
    const breaches: string[] = []
    const memory = watchMemory([system.pidOf('broker'), system.pidOf('ingest')])
    disk.delaySyncs(syncDelayMs)
    const pubacks = timePubacks()
    try {
      const over = delay(lastsMs, undefined, { signal }).catch(() => {})
      breaches.push(...(await breachOfFault(stage, signal)))
      await over
    } finally {
      disk.delaySyncs(0)
      memory.stop()
    }
    const times = pubacks.stop().toSorted((a, b) => a - b)
    const at = (q: number) => Math.round(times[Math.floor(times.length * q)] ?? Infinity)
    say(`  ${times.length} PUBACKs took ${at(0.5)} ms p50, ${at(0.99)} ms p99`)
    if (at(0.99) >= mostP99Ms) breaches.push(`PUBACKs took ${at(0.99)} ms p99, not less than ${mostP99Ms} ms`)
    return [...breaches, ...breachOfMemory(memory, say)]
  },
}
