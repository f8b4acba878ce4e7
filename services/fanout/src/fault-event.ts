// A fault event as fanout handles it: decoded once, with the fault as the JSON that every subscriber gets. And
// the rule by which every reader of the stream tells news from what a restarted detector said again.
import type { Entry } from '@ronda/backbone/backbone'
import { decodeJson } from '@ronda/backbone/record-codec'
import {
  type Fault,
  type FaultEvent,
  type FaultEventName,
  type FilterAttributes,
  type SourcePosition,
  isNews,
} from '@ronda/contracts/fault'
import type { OpenFault } from '@ronda/faults/alarm-metrics'

export interface DecodedEvent {
  position: number
  ordinal: number
  source: SourcePosition
  name: FaultEventName
  faultId: string
  revision: number
  closed: boolean
  /** What filters see after the event, and alarm figures count. */
  attributes: OpenFault
  /** What filters saw before it, where it changed that. */
  before: FilterAttributes | undefined
  faultJson: string
}

/** How far a reader of the stream has come. */
export interface Place {
  position: number
  ordinal: number
  /** The newest source position up to here: what is not after it was said before. */
  seen: SourcePosition | undefined
}

export function decodeEvent({ position, ordinal, record }: Entry): DecodedEvent {
  // The stream `faults` is written by the detector only, as FaultEvents.
  const { source, event, fault, before } = decodeJson(record) as FaultEvent
  return {
    position,
    ordinal,
    source,
    name: event,
    faultId: fault.id,
    revision: fault.revision,
    closed: fault.closedAt !== undefined,
    attributes: attributesOf(fault),
    before,
    faultJson: JSON.stringify(fault),
  }
}

export function attributesOf(fault: Fault): OpenFault {
  const { district, kind, severity, agency, active, announcedAt, shelvedUntil, overdue, occurrences } = fault
  return {
    district,
    kind,
    severity,
    active,
    overdue,
    occurrences,
    ...(agency === undefined ? {} : { agency }),
    ...(announcedAt === undefined ? {} : { announcedAt }),
    ...(shelvedUntil === undefined ? {} : { shelvedUntil }),
  }
}

/** Moves a place over events that follow it; gives the new place and those of the events that are news. */
export function advance(from: Place, events: readonly DecodedEvent[]): { place: Place; news: DecodedEvent[] } {
  const news: DecodedEvent[] = []
  let place = from
  for (const event of events) {
    const isNew = isNews(place.seen, event.source)
    if (isNew) news.push(event)
    place = { position: event.position, ordinal: event.ordinal, seen: isNew ? event.source : place.seen }
  }
  return { place, news }
}
