// Writes fault events as the detector does: events, notes and rows in one commit, every event with a source position
// that is greater than the one before.
import type { Backbone, Write } from '@ronda/backbone/backbone'
import { encodeJson } from '@ronda/backbone/record-codec'
import type { Fault, FaultEvent, FaultEventName, FilterAttributes } from '@ronda/contracts/fault'
import { makeFault } from '@ronda/contracts/testing/make-fault'
import { noteOf } from '@ronda/faults/alarm-notes'
import { withPeriods } from '@ronda/faults/periods'

export interface TestDetector {
  /** Raises faults, all in one commit. */
  raise(...faults: Partial<Fault>[]): Promise<Fault[]>
  /** One more event of a fault; closing takes it out of the bucket. */
  change(fault: Fault, event: FaultEventName, change?: Partial<Fault>, before?: FilterAttributes): Promise<Fault>
  /** Appends events that were appended already, as after a crash; their rows stay as they are. */
  repeat(events: readonly FaultEvent[]): Promise<void>
  /** Every event so far, in order. */
  readonly events: readonly FaultEvent[]
}

export function createTestDetector(backbone: Backbone): TestDetector {
  const { epoch } = backbone.stream('log')
  const events: FaultEvent[] = []
  let position = 4_096

  function toEvent(event: FaultEventName, fault: Fault, n: number, before?: FilterAttributes): FaultEvent {
    return {
      v: 1,
      source: { epoch, position, n },
      event,
      fault,
      entry: { at: fault.updatedAt, event },
      ...(before === undefined ? {} : { before }),
    }
  }

  function toWrite(fault: Fault): Write {
    const value = fault.closedAt === undefined ? withPeriods({ fault, trail: [] }) : undefined
    return { bucket: 'faults', key: fault.id, value }
  }

  async function commit(next: readonly FaultEvent[]): Promise<void> {
    events.push(...next)
    await backbone.commit({
      appends: [
        { stream: 'faults', records: next.map(encodeJson) },
        { stream: 'alarms', records: next.flatMap((event) => noteOf(event) ?? []).map(encodeJson) },
      ],
      writes: next.map(({ fault }) => toWrite(fault)),
    })
  }

  return {
    events,
    async raise(...given) {
      position++
      const faults = given.map(makeFault)
      await commit(faults.map((fault, n) => toEvent('raised', fault, n)))
      return faults
    },
    async change(fault, event, change = {}, before) {
      position++
      const changed = { ...fault, ...change, revision: fault.revision + 1 }
      await commit([toEvent(event, changed, 0, before)])
      return changed
    },
    repeat: (repeated) => backbone.commit({ appends: [{ stream: 'faults', records: repeated.map(encodeJson) }] }),
  }
}
