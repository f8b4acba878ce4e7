// The network between devices and broker fails, in one of the ways in which networks do.
import { setTimeout as delay } from 'node:timers/promises'
import type { Network } from '../../testing/tcp-proxy.ts'
import type { Scenario } from '../scenario.ts'
import { until } from '../until.ts'

/** In turn; what each does is in tcp-proxy.ts. */
const networks: readonly Network[] = [
  { state: 'cut' },
  { state: 'hold' },
  { state: 'drop' },
  { state: 'delay', ms: 500 },
]

export const partition: Scenario = {
  about: 'the network of the devices is cut, holds back, loses or is slow, in turn, for --lasts each',
  rounds: 8,
  longestPauseMs: 3_000,
  needs: 'proxy',
  async disturb({ proxy, round, lastsMs, acknowledged, say }, signal) {
    const network = networks[(round - 1) % networks.length]
    if (proxy === undefined || network === undefined) throw new Error('there is no network to disturb')
    // Each meets devices that are connected, or it would have nothing to break.
    const before = acknowledged()
    await until(() => acknowledged() > before, signal)
    say(`  ${network.state} for ${lastsMs} ms`)
    proxy.set(network)
    await delay(lastsMs, undefined, { signal }).catch(() => {})
    proxy.set({ state: 'open' })
    return []
  },
}
