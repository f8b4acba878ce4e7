import type { AlarmNote } from '@ronda/contracts/alarm-metrics'
import type { Fault, FaultEvent, FaultEventName, TrailEntry } from '@ronda/contracts/fault'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inputsOf, life } from '../test/lives.ts'
import { type Written, city, createTown, dark, minute, restored, second, shining, write } from '../test/town.ts'
import { alarmsOf, noteOf } from './alarm-notes.ts'
import { createEngine } from './engine.ts'

const fault: Fault = {
  id: 'pju1000000.lamp_failure.1',
  uid: 'pju1000000',
  revision: 1,
  code: 'lamp_failure',
  severity: 'major',
  deviceId: 'pju-1',
  kind: 'streetlight',
  district: 'serpong',
  agency: 'dishub',
  name: 'PJU 1',
  latitude: -6.3,
  longitude: 106.7,
  active: true,
  acknowledged: false,
  raisedAt: 100,
  updatedAt: 100,
  announcedAt: 100,
  overdue: false,
  children: 0,
  occurrences: 1,
  evidence: {},
  message: { en: '', id: '' },
}
const { announcedAt: _, ...silent } = fault
const acknowledged = { ...fault, acknowledged: true }
const cleared = { ...fault, active: false }
const caused = { ...silent, parentId: 'pnl1000000.feeder_outage.1' }
const shelved = { ...fault, shelvedUntil: 9_000 }
const sari = { by: 'sari' }

type Case = [what: string, event: FaultEventName, fault: Fault, entry: Partial<TrailEntry>, expected: string]

/** At 160. */
const cases: Case[] = [
  ['raised', 'raised', fault, {}, 'announced'],
  ['raised as a consequence', 'raised', caused, {}, 'nothing'],
  ['raised while it is held back', 'raised', { ...silent, shelvedUntil: 9_000 }, {}, 'nothing'],
  ['raised when it is held back no more, though acknowledged', 'raised', acknowledged, {}, 'announced'],
  ['attached to its cause', 'updated', caused, {}, 'nothing'],
  ['acknowledged', 'acknowledged', acknowledged, sari, 'acknowledged after 60'],
  [
    'acknowledged while it is shelved',
    'acknowledged',
    { ...shelved, acknowledged: true },
    sari,
    'acknowledged after 60',
  ],
  ['acknowledged with its cause', 'acknowledged', { ...caused, acknowledged: true }, sari, 'nothing'],
  ['cleared', 'cleared', cleared, {}, 'repaired after 60'],
  ['cleared as a consequence', 'cleared', { ...caused, active: false }, {}, 'nothing'],
  ['cleared because its device is disabled', 'cleared', cleared, { note: 'disabled' }, 'nothing'],
  ['cleared after an operator closed it', 'cleared', { ...cleared, closedAt: 130 }, {}, 'nothing'],
  ['closed because it is over', 'closed', { ...acknowledged, active: false, closedAt: 160 }, {}, 'nothing'],
  ['closed by a person, unacknowledged', 'closed', { ...fault, closedAt: 160 }, sari, 'acknowledged after 60'],
  ['closed by a person who had acknowledged it', 'closed', { ...acknowledged, closedAt: 160 }, sari, 'nothing'],
  ['closed with its device', 'closed', { ...cleared, closedAt: 160 }, { note: 'retired' }, 'nothing'],
  ['shelved', 'shelved', shelved, sari, 'nothing'],
  ['overdue', 'overdue', { ...fault, overdue: true }, {}, 'nothing'],
]

function inWords(note: AlarmNote | undefined): string {
  if (note === undefined) return 'nothing'
  return note.afterMs === undefined ? note.name : `${note.name} after ${note.afterMs}`
}

describe('an event', () => {
  it.each(cases)('%s', (_what, event, after, entry, expected) => {
    expect(inWords(noteOf({ event, fault: after, entry: { at: 160, event, ...entry } }))).toBe(expected)
  })

  it('is noted with what filters and figures need', () => {
    const { notes, open } = alarmsOf([{ event: 'raised', fault, entry: { at: 100, event: 'raised' } }])
    const place = { district: 'serpong', kind: 'streetlight', severity: 'major', agency: 'dishub' }
    expect(notes).toEqual([{ at: 100, name: 'announced', deviceId: 'pju-1', code: 'lamp_failure', ...place }])
    expect(open).toEqual([fault])
  })
})

it('a fault that fails again is announced again, and measured from then', () => {
  const town = createTown()
  town.register('pju-1')
  town.pass(3 * minute + second, { 'pju-1': dark })
  town.pass(5 * minute, { 'pju-1': shining })
  town.pass(20 * minute, { 'pju-1': dark })
  const { id: faultId } = town.fault('pju-1', 'lamp_failure') ?? fault
  town.act({ actionId: 'a', faultId })
  const raises = town.events.filter(({ event }) => event === 'raised').map(({ entry }) => entry.at)
  const clears = town.events.filter(({ event }) => event === 'cleared').map(({ entry }) => entry.at)
  const [first = 0, again = 0] = raises
  expect(alarmsOf(town.events).notes.map(inWords)).toEqual([
    'announced',
    `repaired after ${(clears[0] ?? 0) - first}`,
    'announced',
    `acknowledged after ${town.now - again}`,
  ])
})

/** Since when each fault is news, by listening to its events alone. */
function createListener() {
  const since = new Map<string, number>()
  const active = new Set<string>()
  return {
    /** How long ago the fault of an event was announced; undefined when it was not. */
    hear({ event, fault: { id, parentId, shelvedUntil, active: isActive, closedAt }, entry }: FaultEvent) {
      if (event === 'raised' && !active.has(id)) since.delete(id)
      if (parentId !== undefined) since.delete(id)
      else if (event === 'raised' && shelvedUntil === undefined && !since.has(id)) since.set(id, entry.at)
      const announcedAt = since.get(id)
      if (isActive) active.add(id)
      else active.delete(id)
      if (closedAt !== undefined) since.delete(id)
      return announcedAt === undefined ? undefined : entry.at - announcedAt
    },
  }
}

it('times are those since the announcement, wherever the engine was stopped and started', () => {
  fc.assert(
    fc.property(life, fc.array(fc.nat(), { maxLength: 4 }), (lived, cuts) => {
      const inputs = inputsOf(lived)
      const stops = new Set(cuts.map((place) => place % inputs.length))
      const written: Written = { state: new Map(), faults: new Map(), archive: new Map(), windows: new Map() }
      const events: FaultEvent[] = []
      let engine = createEngine({ city, epoch: 'e' })
      for (const [index, input] of inputs.entries()) {
        engine.step(input)
        if (!stops.has(index) && index < inputs.length - 1) continue
        const effects = engine.takeEffects()
        events.push(...effects.events)
        write(written, effects)
        engine = restored(written)
      }
      const listener = createListener()
      for (const event of events) {
        const afterMs = listener.hear(event)
        const note = noteOf(event)
        if (note?.name === 'announced') expect(afterMs).toBeDefined()
        else if (note !== undefined) expect(note.afterMs).toBe(afterMs)
      }
      const byId = (faults: readonly Fault[]) => faults.toSorted((a, b) => (a.id < b.id ? -1 : 1))
      expect(byId([...written.faults.values()].map((row) => row.fault))).toEqual(byId(alarmsOf(events).open))
    }),
    { numRuns: 100 },
  )
})
