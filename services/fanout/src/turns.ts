import { setImmediate as immediate } from 'node:timers/promises'

/** Resolves after sockets and timers had their turn. */
export function nextTurn(): Promise<void> {
  return immediate()
}
