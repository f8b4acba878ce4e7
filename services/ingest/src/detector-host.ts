// Starts the detector's thread, hears from it, ends it.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Environment } from '@ronda/contracts/environment'
import { AppError, type ErrorCode } from '@ronda/contracts/errors'
import type { EngineCity } from '@ronda/faults/engine'
import type { ClockSettings } from '@ronda/runtime/clock'

export interface DetectorThreadData {
  city: EngineCity
  clockSettings: ClockSettings
  /** The data directory. */
  dir: string
  env: Environment
}

/**
 * `blocked`: why the detector waits; undefined when it goes on. `failed`: what ended it, for of an error that
 * leaves a thread by itself only the text arrives.
 */
export type DetectorMessage = { blocked: string | undefined } | { failed: { code: ErrorCode; message: string } }

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
  let failed: AppError | undefined
  worker.on('message', (message: DetectorMessage) => {
    if ('failed' in message) failed = new AppError(message.failed.code, message.failed.message)
    else blocked = message.blocked
  })
  const ended = once(worker, 'exit').then(() => {
    if (failed !== undefined) throw failed
  })
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
