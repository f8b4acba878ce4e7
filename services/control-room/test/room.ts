// A room on a stage of its own, for the tests of one file: each leaves it as it was found, without faults and
// visitors, and nothing that a browser complained about is let pass.
import { NewDevice } from '@ronda/contracts/device'
import type { Fault } from '@ronda/contracts/fault'
import type { Role } from '@ronda/contracts/permissions'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { type Stage, setStage } from './stage.ts'
import type { Visit, VisitOptions } from './visit.ts'

export interface Room {
  /** Once the tests run. */
  readonly stage: Stage
  /** The only one that is registered. */
  readonly device: NewDevice
  visit(options?: VisitOptions & { as?: string; role?: Role }): Promise<Page>
  /** Raises faults that the end of the test closes. */
  raise(...faults: Partial<Fault>[]): Promise<Fault[]>
  change(fault: Fault, event: 'updated' | 'acknowledged' | 'cleared' | 'closed', part: Partial<Fault>): Promise<Fault>
}

/** To be called where the hooks of the file are defined. */
export function openRoom(): Room {
  let stage: Stage
  const raised = new Map<string, Fault>()
  const visits: Visit[] = []
  const device = NewDevice.parse({
    id: 'pju-1',
    kind: 'streetlight',
    name: 'PJU Jl. Raya Serpong 12',
    latitude: -6.3,
    longitude: 106.68,
    district: 'serpong',
  })

  beforeAll(async () => {
    stage = await setStage()
    await stage.registry.register(device, 'test')
  })
  afterAll(() => stage.end())

  afterEach(async () => {
    const complaints = visits.flatMap((visit) => visit.complaints)
    for (const visit of visits.splice(0)) await visit.leave()
    for (const fault of raised.values()) {
      if (fault.closedAt === undefined) await stage.detector.change(fault, 'closed', { closedAt: Date.now() })
    }
    raised.clear()
    await stage.say()
    // Nothing was refused by the Content-Security-Policy, asked of another host, or wrong in the script.
    if (complaints.length > 0) throw new Error(complaints.join('\n'))
  })

  return {
    get stage() {
      return stage
    },
    device,
    async visit(options) {
      const entered = await stage.visit(options)
      visits.push(entered)
      return entered.page
    },
    async raise(...faults) {
      const now = Date.now()
      const made = await stage.detector.raise(...faults.map((fault) => ({ raisedAt: now, updatedAt: now, ...fault })))
      for (const fault of made) raised.set(fault.id, fault)
      return made
    },
    async change(fault, event, part) {
      const changed = await stage.detector.change(fault, event, part)
      raised.set(changed.id, changed)
      return changed
    },
  }
}
