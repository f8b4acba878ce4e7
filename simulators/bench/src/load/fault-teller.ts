// Tells of faults as the detector does: events, notes for the alarm figures and rows in one commit. Every fault is
// raised and then closed, so that however many are told there are only so many open at a time.
import type { Backbone } from '@ronda/backbone/backbone'
import { encodeJson } from '@ronda/backbone/record-codec'
import type { Fault, FaultEvent } from '@ronda/contracts/fault'
import { makeFault } from '@ronda/contracts/testing/make-fault'
import { noteOf } from '@ronda/faults/alarm-notes'

export interface FaultTeller {
  /** Resolves when so many more events are in the stream, as one commit. */
  tell(count: number, given?: Pick<Partial<Fault>, 'district' | 'evidence'>): Promise<void>
}

export interface FaultTellerOptions {
  /** They are raised until the most are open, and then closed until the least are. */
  open?: { least: number; most: number }
  /** Where the nth one is; all are one lamp's when absent. */
  placeOf?: (nth: number) => Partial<Fault>
}

const someHundred = { least: 0, most: 500 }

export function createFaultTeller(
  backbone: Backbone,
  { open: { least, most } = someHundred, placeOf = () => ({}) }: FaultTellerOptions = {},
): FaultTeller {
  const { epoch } = backbone.stream('log')
  const open: Fault[] = []
  let closing = false
  let position = 0
  let raised = 0

  function next(given: Partial<Fault>): Pick<FaultEvent, 'event' | 'fault'> {
    if (open.length === most) closing = true
    if (open.length === least) closing = false
    const oldest = closing ? open.shift() : undefined
    const now = Date.now()
    if (oldest === undefined) {
      const fault = makeFault({ raisedAt: now, updatedAt: now, announcedAt: now, ...placeOf(raised++), ...given })
      open.push(fault)
      return { event: 'raised', fault }
    }
    const closed = { active: false, acknowledged: true, clearedAt: now, closedAt: now, updatedAt: now }
    return { event: 'closed', fault: { ...oldest, ...closed, ...given, revision: oldest.revision + 1 } }
  }

  return {
    async tell(count, given = {}) {
      position++
      const events = Array.from({ length: count }, (_, n): FaultEvent => {
        const { event, fault } = next(given)
        return { v: 1, source: { epoch, position, n }, event, fault, entry: { at: fault.updatedAt, event } }
      })
      await backbone.commit({
        appends: [
          { stream: 'faults', records: events.map(encodeJson) },
          { stream: 'alarms', records: events.flatMap((event) => noteOf(event) ?? []).map(encodeJson) },
        ],
        writes: events.map(({ fault }) => ({
          bucket: 'faults',
          key: fault.id,
          value: fault.closedAt === undefined ? { fault, trail: [], periods: [], droppedPeriods: 0 } : undefined,
        })),
      })
    },
  }
}
