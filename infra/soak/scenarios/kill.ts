// kill -9 of services; what watches over them starts them again.
import { services } from '../../local/system.ts'
import type { RunningSystem } from '../../testing/running-system.ts'
import type { Scenario } from '../scenario.ts'
import { until } from '../until.ts'

const all = services.map(({ name }) => name)

export const kills: Readonly<Record<string, Scenario>> = {
  ...Object.fromEntries(
    all.map((name) => [`kill ${name}`, kill(() => [name], `kill -9 of ${name}, which is started again`)]),
  ),
  'kill all': kill(() => all, 'kill -9 of all services in the same moment, as when the power fails'),
  'kill each': kill(
    (round) => [all[(round - 1) % all.length] ?? ''],
    'kill -9 of each service in turn, one in a round',
  ),
}

/** Those that it is the round for in the same moment, wherever they are in what they do. */
function kill(namesOf: (round: number) => readonly string[], about: string): Scenario {
  return {
    about,
    rounds: 100,
    longestPauseMs: 8_000,
    async disturb({ system, round }, signal) {
      const names = namesOf(round)
      const pids = new Map<string, number>()
      // It may be about to be started again.
      await until(() => names.every((name) => pids.set(name, system.pidOf(name))), signal)
      for (const pid of pids.values()) process.kill(pid, 'SIGKILL')
      await until(() => names.every((name) => !runs(system, name, pids.get(name))), signal)
      return []
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
