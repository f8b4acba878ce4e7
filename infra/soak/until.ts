// Waiting for what may take its time, and may fail until then: services that are coming back.
import { setTimeout as delay } from 'node:timers/promises'

const pollMs = 50

/** Waits for a condition, which does not hold either while it throws; false when the signal aborts first. */
export async function until(condition: () => boolean | Promise<boolean>, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    if (await holds(condition)) return true
    await delay(pollMs, undefined, { signal }).catch(() => {})
  }
  return false
}

async function holds(condition: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await condition()
  } catch {
    return false
  }
}
