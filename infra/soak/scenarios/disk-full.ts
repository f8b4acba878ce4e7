// The disk fills up beyond the reserve and has room again later. Meanwhile nothing is acknowledged, and /readyz says
// why; then it goes on by itself.
import { setTimeout as delay } from 'node:timers/promises'
import { apiUrl, problemsAt } from '../../local/system.ts'
import type { Scenario } from '../scenario.ts'
import { until } from '../until.ts'

export const diskSize = { megabytes: 512, reserveMb: 64 }

/** How soon it has to be noticed and told: the disk is looked at once a second. */
const toldWithinMs = 10_000
const stillMs = 1_000

export const diskFull: Scenario = {
  about: 'the disk is full for --lasts, and has room again; needs root on Linux, for a disk of its own',
  rounds: 3,
  longestPauseMs: 3_000,
  needs: 'smallDisk',
  async disturb({ system, smallDisk, lastsMs, acknowledged, say }, signal) {
    if (smallDisk === undefined) throw new Error('there is no disk to fill')
    const breaches: string[] = []
    smallDisk.fill((diskSize.reserveMb * 1e6) / 2)
    try {
      let reasons: string[] = []
      const isTold = await until(
        async () => {
          reasons = await problemsAt(`${apiUrl(system.env)}/readyz`)
          return reasons.some((reason) => reason.includes('are kept in reserve'))
        },
        AbortSignal.any([signal, AbortSignal.timeout(toldWithinMs)]),
      )
      if (isTold) say(`  /readyz: ${reasons.join('; ')}`)
      else breaches.push(`/readyz did not say that the disk is full, but: ${reasons.join('; ') || 'ready'}`)
      const within = AbortSignal.any([signal, AbortSignal.timeout(toldWithinMs)])
      if (!(await until(standsStill(acknowledged), within))) breaches.push('the full disk did not end acknowledgements')
      const before = acknowledged()
      await delay(lastsMs, undefined, { signal }).catch(() => {})
      const untruly = acknowledged() - before
      say(`  ${untruly} acknowledged while the disk was full`)
      if (untruly > 0) breaches.push(`${untruly} readings were acknowledged while the disk was full`)
    } finally {
      smallDisk.free()
    }
    return breaches
  },
}

/** Whether a number has been the same for a second. */
function standsStill(read: () => number): () => boolean {
  let known = read()
  let since = performance.now()
  return () => {
    const now = read()
    if (now !== known) {
      known = now
      since = performance.now()
    }
    return performance.now() - since >= stillMs
  }
}
