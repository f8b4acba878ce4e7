// The real services and their operators, as a timeline lays hands on them.
import type { Stage } from '@ronda/city/scenario/play'
import type { Fault } from '@ronda/contracts/fault'
import { until } from '../soak/until.ts'
import type { RunningSystem } from '../testing/running-system.ts'

const minuteMs = 60_000
/** Long beside any catching up: what is not done by then is not going to be. */
export const patienceMs = 120_000

/** `everybodyReturns`: resolves when all devices that can be are connected again. */
export function stageOf(system: RunningSystem, everybodyReturns: () => Promise<void>): Stage {
  const isBack = async (service: string, signal: AbortSignal) => {
    await system.whenReady(signal)
    // Devices know of the broker alone.
    if (service === 'broker') await everybodyReturns()
  }
  return {
    stop: (service) => system.stopService(service),
    async start(service) {
      system.startService(service)
      await isBack(service, AbortSignal.timeout(patienceMs))
    },
    async kill(service) {
      const pid = system.pidOf(service)
      system.killHard(service)
      const timeout = AbortSignal.timeout(patienceMs)
      await until(() => system.pidOf(service) !== pid, timeout)
      await isBack(service, timeout)
    },
    async shelve(code, count, forMs) {
      const { faults } = await system.get<{ faults: Fault[] }>('/api/v1/faults?active=true')
      const ofCode = faults.filter((fault) => fault.code === code && fault.parentId === undefined)
      const newest = ofCode.toSorted((a, b) => b.raisedAt - a.raisedAt).slice(0, count)
      for (const { id } of newest) {
        const body = { reason: 'known, and seen to', durationMin: Math.ceil(forMs / minuteMs) }
        await system.post(`/api/v1/faults/${id}/shelve`, body)
      }
    },
  }
}
