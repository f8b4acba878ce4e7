// Faults, and events of them as the detector writes them, for tests.
import type { Backbone } from '@ronda/backbone/backbone'
import { encodeJson } from '@ronda/backbone/record-codec'
import type { Fault, FaultEvent, FaultEventName } from '@ronda/contracts/fault'
import { makeFault } from '@ronda/contracts/testing/make-fault'

let lastEvent = 0

export interface FaultWriter {
  /** Appends events, all in one commit, and keeps the rows of faults as they are then; gives the faults. */
  write(...events: readonly (readonly [FaultEventName, Fault])[]): Promise<Fault[]>
  raise(...given: Partial<Fault>[]): Promise<Fault[]>
}

export function createFaultWriter(backbone: Backbone): FaultWriter {
  const log = backbone.stream('log')

  async function write(...events: readonly (readonly [FaultEventName, Fault])[]): Promise<Fault[]> {
    // After all that the detector beside it can have decided, and before all that is to come.
    const { epoch, position } = await log.head()
    const told = events.map(
      ([event, fault]): FaultEvent => ({
        v: 1,
        source: { epoch, position, n: ++lastEvent },
        event,
        fault,
        entry: { at: fault.updatedAt, event },
      }),
    )
    await backbone.commit({
      appends: [{ stream: 'faults', records: told.map(encodeJson) }],
      writes: told.map(({ fault }) => ({
        bucket: 'faults',
        key: fault.id,
        value: fault.closedAt === undefined ? { fault, trail: [], periods: [], droppedPeriods: 0 } : undefined,
      })),
    })
    return events.map(([, fault]) => fault)
  }

  return {
    write,
    raise: (...given) => write(...given.map((each) => ['raised', makeFault(each)] as const)),
  }
}
