// What each event of a fault is to those who react to it: an announcement, the answer, the end. It follows from the
// event alone, so neither a trail's length nor a restart changes what is counted.
import type { AlarmNote } from '@ronda/contracts/alarm-metrics'
import { type Fault, type FaultEvent, isAnnouncement } from '@ronda/contracts/fault'
import type { SystemNote } from './lifecycle.ts'

/** What of an event is looked at. */
export type Told = Pick<FaultEvent, 'event' | 'fault' | 'entry'>

/** The record of the stream `alarms` that an event comes to; undefined of most. */
export function noteOf(told: Told): AlarmNote | undefined {
  const name = nameOf(told)
  if (name === undefined) return undefined
  const { deviceId, code, district, kind, severity, agency, announcedAt } = told.fault
  const { at } = told.entry
  return {
    at,
    name,
    ...(name === 'announced' || announcedAt === undefined ? {} : { afterMs: at - announcedAt }),
    deviceId,
    code,
    district,
    kind,
    severity,
    ...(agency === undefined ? {} : { agency }),
  }
}

const switchedOff: ReadonlySet<string | undefined> = new Set<SystemNote>(['disabled', 'rule switched off'])

function nameOf(told: Told): AlarmNote['name'] | undefined {
  if (isAnnouncement(told)) return 'announced'
  const { event, fault, entry } = told
  if (fault.announcedAt === undefined) return undefined
  // Who closes what nobody has acknowledged has answered it.
  if (event === 'acknowledged') return 'acknowledged'
  if (event === 'closed') return entry.by !== undefined && !fault.acknowledged ? 'acknowledged' : undefined
  // What is switched off, a device or a rule, is not repaired, nor is what was closed before.
  const isRepair = event === 'cleared' && !switchedOff.has(entry.note) && fault.closedAt === undefined
  return isRepair ? 'repaired' : undefined
}

/** What the figures of some events are computed from; events oldest first. */
export function alarmsOf(events: Iterable<Told>): { notes: AlarmNote[]; open: Fault[] } {
  const notes: AlarmNote[] = []
  const open = new Map<string, Fault>()
  for (const event of events) {
    const note = noteOf(event)
    if (note !== undefined) notes.push(note)
    if (event.fault.closedAt === undefined) open.set(event.fault.id, event.fault)
    else open.delete(event.fault.id)
  }
  return { notes, open: [...open.values()] }
}
