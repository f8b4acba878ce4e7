// What is done to the system in each round of a soak, by the words that ask for it.
import { services } from '../local/system.ts'
import type { RunningSystem } from '../testing/running-system.ts'
import { until } from './until.ts'

/** What a scenario may lay hands on. */
interface Stage {
  system: RunningSystem
}

export interface Scenario {
  about: string
  /**
   * The pause before each round is drawn from 0 to this, so that some rounds hit a system that is still recovering
   * from the last.
   */
  longestPauseMs: number
  /** One round; resolves when the system is left to itself again, or the signal aborts. */
  disturb(stage: Stage, signal: AbortSignal): Promise<void>
}

const allServices = services.map(({ name }) => name)

/** All of them in the same moment, wherever they are in what they do; what watches over them starts them again. */
function kill(names: readonly string[], about: string): Scenario {
  return {
    about,
    longestPauseMs: 8_000,
    async disturb({ system }, signal) {
      const pids = new Map<string, number>()
      // It may be about to be started again.
      await until(() => names.every((name) => pids.set(name, system.pidOf(name))), signal)
      for (const pid of pids.values()) process.kill(pid, 'SIGKILL')
      await until(() => names.every((name) => !runs(system, name, pids.get(name))), signal)
    },
  }
}

/** Whether a service is still that process, as its supervisor knows. */
function runs(system: RunningSystem, name: string, pid: number | undefined): boolean {
  try {
    return system.pidOf(name) === pid
  } catch {
    return false
  }
}

export const scenarios: Readonly<Record<string, Scenario>> = {
  ...Object.fromEntries(
    allServices.map((name) => [`kill ${name}`, kill([name], `kill -9 of ${name}, which is started again`)]),
  ),
  'kill all': kill(allServices, 'kill -9 of all services in the same moment, as when the power fails'),
}
