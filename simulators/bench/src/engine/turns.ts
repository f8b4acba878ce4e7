// How long the turns of this thread's event loop are: by the clock, and in the processor's time, which does not count
// what other programs took meanwhile. The latter is told in steps of some milliseconds.
import { monitorEventLoopDelay } from 'node:perf_hooks'

export interface Turns {
  /** ms, of the longest one. */
  clockMs: number
  cpuMs: number
}

/** Begins to watch; what it gives ends it. */
export function watchTurns(): () => Turns {
  const delays = monitorEventLoopDelay({ resolution: 1 })
  delays.enable()
  let cpuMs = 0
  let last = threadCpuMs()
  let next = setImmediate(look)

  function look(): void {
    const now = threadCpuMs()
    cpuMs = Math.max(cpuMs, now - last)
    last = now
    next = setImmediate(look)
  }

  return () => {
    clearImmediate(next)
    delays.disable()
    return { clockMs: delays.max / 1e6, cpuMs }
  }
}

/** Of this thread since it began. */
export function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}
