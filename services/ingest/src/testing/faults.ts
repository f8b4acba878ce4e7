// Faults, and events of them as the detector writes them, for tests.
import type { Backbone } from '@ronda/backbone/backbone'
import { encodeJson } from '@ronda/backbone/record-codec'
import type { Fault, FaultEvent, FaultEventName } from '@ronda/contracts/fault'

let lastFault = 0
let lastEvent = 0

export function makeFault(given: Partial<Fault> = {}): Fault {
  const number = ++lastFault
  const uid = String(number).padStart(10, '0')
  return {
    id: `${uid}.lamp_failure.${number.toString(36)}`,
    uid,
    revision: 1,
    code: 'lamp_failure',
    severity: 'major',
    deviceId: `pju-${number}`,
    kind: 'streetlight',
    district: 'serpong',
    agency: 'dishub',
    name: `PJU ${number}`,
    latitude: -6.3,
    longitude: 106.7,
    active: true,
    acknowledged: false,
    raisedAt: number,
    updatedAt: number,
    overdue: false,
    children: 0,
    occurrences: 1,
    evidence: { powerW: 0.4 },
    message: { en: 'Lamp out – “dark”', id: 'Lampu padam' },
    ...given,
  }
}

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
