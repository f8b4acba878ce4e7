// Starts the detector's thread, hears from it, ends it.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { CityProfile } from '@ronda/contracts/city'
import type { Environment } from '@ronda/contracts/environment'
import type { ClockSettings } from '@ronda/runtime/clock'

export interface DetectorThreadData {
  city: Pick<CityProfile, 'centre' | 'nominalVoltageV'>
  clockSettings: ClockSettings
  /** The data directory. */
  dir: string
  env: Environment
}

/** Why the detector waits; undefined when it goes on. */
export interface DetectorMessage {
  blocked: string | undefined
}

export interface DetectorHost {
  /** Why faults are not written at the moment. */
  readonly blocked: string | undefined
  /** Rejects when the thread failed: a bug, or a position that is not of this log. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

export function startDetector(data: DetectorThreadData): DetectorHost {
  const worker = new Worker(new URL('./detector-thread.ts', import.meta.url), { workerData: data })
  let blocked: string | undefined
  worker.on('message', (message: DetectorMessage) => {
    blocked = message.blocked
  })
  const ended = once(worker, 'exit').then(() => {})
  return {
    get blocked() {
      return blocked
    },
    ended,
    async stop() {
      worker.postMessage('stop')
      await ended
    },
  }
}
