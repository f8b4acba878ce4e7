// One piece of work at a time, and a bounded number that wait: what keeps a flood of sign-ins from taking the thread
// pool, on which the history store and the disk have their work done as well.
import { AppError } from '@ronda/contracts/errors'

/** Throws `sign_in_busy` when too many wait already. */
export type Lane = <T>(work: () => Promise<T>) => Promise<T>

export function createLane({ mostWaiting, onFull }: { mostWaiting: number; onFull: () => void }): Lane {
  const waiting: (() => void)[] = []
  let isTaken = false

  return async (work) => {
    if (isTaken) {
      if (waiting.length >= mostWaiting) {
        onFull()
        throw new AppError('sign_in_busy', 'too many sign in at this moment: try again', { retryAfterS: 1 })
      }
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
    isTaken = true
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      // Handed on without being free in between.
      if (next === undefined) isTaken = false
      else next()
    }
  }
}
