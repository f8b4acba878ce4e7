// What all connections together tell: counts, and one line when the broker is gone and one when it is back, not
// one for each device.
import type { Logger } from '@ronda/runtime/log'
import type { BrokerAddress, LinkWatcher } from './link.ts'

export interface WatcherDeps {
  broker: BrokerAddress
  log: Logger
  onRefused: ((deviceId: string) => void) | undefined
  onAcknowledged: LinkWatcher['acknowledged'] | undefined
}

export interface Watcher extends LinkWatcher {
  /** From now on connections end because they should: there is nothing to tell. */
  stop(): void
  counts(): {
    connected: number
    refused: number
    acknowledgedReadings: number
    acknowledgedMessages: number
    acknowledgedOutOfOrder: number
  }
}

export function createWatcher({ broker: { host, port }, log, onRefused, onAcknowledged }: WatcherDeps): Watcher {
  const connected = new Set<string>()
  const lost = new Set<string>()
  const refused = new Set<string>()
  let acknowledgedReadings = 0
  let acknowledgedMessages = 0
  let acknowledgedOutOfOrder = 0
  let isStopped = false

  const found = (deviceId: string) => {
    if (lost.delete(deviceId) && lost.size === 0 && !isStopped)
      log.info({ connected: connected.size }, 'all devices are connected again')
  }

  return {
    connected(deviceId) {
      connected.add(deviceId)
      refused.delete(deviceId)
      found(deviceId)
    },
    lost(deviceId, reason) {
      connected.delete(deviceId)
      if (lost.size === 0 && !isStopped)
        log.warn({ broker: `${host}:${port}`, device: deviceId, reason }, 'devices cannot reach the broker')
      lost.add(deviceId)
    },
    refused(deviceId) {
      if (refused.size === 0)
        log.warn({ device: deviceId }, 'the broker refuses devices: their next start asks for a new token')
      refused.add(deviceId)
      found(deviceId)
      onRefused?.(deviceId)
    },
    dropped(deviceId) {
      connected.delete(deviceId)
      found(deviceId)
    },
    acknowledged(deviceId, message, how) {
      acknowledgedReadings += message.readings
      acknowledgedMessages += 1
      if (!how.inOrder) acknowledgedOutOfOrder += 1
      onAcknowledged?.(deviceId, message, how)
    },
    stop() {
      isStopped = true
    },
    counts: () => ({
      connected: connected.size,
      refused: refused.size,
      acknowledgedReadings,
      acknowledgedMessages,
      acknowledgedOutOfOrder,
    }),
  }
}
