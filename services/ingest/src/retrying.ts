// Does something until it succeeds, as long as it fails for a reason that may pass.
import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '@ronda/contracts/errors'

const firstDelayMs = 200
const longestDelayMs = 5_000

export interface RetryOptions {
  signal: AbortSignal
  /** Told of the first failure of a row, and with undefined when it is over. */
  onChange: (failure: AppError | undefined) => void
}

/** Resolves when it succeeded or the signal aborted; rejects when the failure will not pass. */
export async function retrying(attempt: () => Promise<void>, { signal, onChange }: RetryOptions): Promise<void> {
  let delayMs = firstDelayMs
  let failed = false
  while (!signal.aborted) {
    try {
      await attempt()
      if (failed) onChange(undefined)
      return
    } catch (error) {
      if (!(error instanceof AppError) || !error.retryable) throw error
      if (!failed) onChange(error)
      failed = true
      await delay(delayMs, undefined, { signal }).catch(() => {})
      delayMs = Math.min(delayMs * 2, longestDelayMs)
    }
  }
}
