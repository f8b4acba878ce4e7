// What each action comes to in each state of a fault.
import type { FaultAction, FaultActionName, Verdict } from '@ronda/contracts/action'
import { describe, expect, it } from 'vitest'
import { type Asked, type Town, createTown, minute, night, shining } from '../test/town.ts'

const states = ['active', 'acknowledged', 'cleared', 'shelved', 'closed', 'suppressed', 'gone'] as const
type State = (typeof states)[number]

function inState(state: State): { town: Town; faultId: string } {
  const town = createTown({ at: night })
  town.register('pju-1')
  town.report('pju-1', shining, ['lamp_failure'])
  const faultId = town.fault('pju-1', 'lamp_failure')?.id ?? ''
  const clear = () => town.pass(3 * minute, { 'pju-1': shining })
  const acknowledge = () => town.ask({ action: 'acknowledge', faultId, by: 'budi' })
  const byState: Record<State, () => void> = {
    active: () => {},
    acknowledged: acknowledge,
    cleared: clear,
    shelved: () => town.ask({ action: 'shelve', faultId, reason: 'suku cadang', durationMin: 60, by: 'budi' }),
    closed: () => (clear(), acknowledge()),
    suppressed: () => town.ask({ action: 'close', faultId, reason: 'sensor salah', by: 'budi' }),
    gone: () => (clear(), acknowledge(), town.pass(10 * minute, { 'pju-1': shining })),
  }
  byState[state]()
  return { town, faultId }
}

const wanted: Record<FaultActionName, (faultId: string) => Asked<FaultAction>> = {
  acknowledge: (faultId) => ({ action: 'acknowledge', faultId }),
  assign: (faultId) => ({ action: 'assign', faultId, assignee: 'Tim 3', note: 'terdekat' }),
  comment: (faultId) => ({ action: 'comment', faultId, note: 'sudah dicek' }),
  shelve: (faultId) => ({ action: 'shelve', faultId, reason: 'menunggu suku cadang', durationMin: 30 }),
  unshelve: (faultId) => ({ action: 'unshelve', faultId }),
  close: (faultId) => ({ action: 'close', faultId, reason: 'sensor salah' }),
}

type Outcome = 'done' | NonNullable<Verdict['code']>

const closed = { closed: 'already_closed', suppressed: 'already_closed', gone: 'fault_not_found' } as const
const always = { active: 'done', acknowledged: 'done', cleared: 'done', shelved: 'done', ...closed } as const
const table: Record<FaultActionName, Record<State, Outcome>> = {
  acknowledge: { ...always, acknowledged: 'already_acknowledged', closed: 'already_acknowledged' },
  assign: always,
  comment: always,
  shelve: always,
  unshelve: { ...always, active: 'not_shelved', acknowledged: 'not_shelved', cleared: 'not_shelved' },
  close: always,
}

// The names are the table's own.
const cases = (Object.keys(table) as FaultActionName[]).flatMap((action) =>
  states.map((state) => ({ action, state, outcome: table[action][state] })),
)

describe('an action', () => {
  it.each(cases)('$action of a fault that is $state: $outcome', ({ action, state, outcome }) => {
    const { town, faultId } = inState(state)
    const before = town.events.length
    const verdict = town.ask(wanted[action](faultId))
    expect(verdict?.done === true ? 'done' : verdict?.code).toBe(outcome)
    // Nothing is told of what was not done.
    expect(town.events.length > before).toBe(outcome === 'done')
    const isKnown = outcome !== 'fault_not_found'
    expect(verdict?.fault?.id).toBe(isKnown ? faultId : undefined)
    const hasActed = ['acknowledged', 'closed', 'suppressed'].includes(state)
    if (outcome.startsWith('already')) expect(verdict?.by).toBe(hasActed ? 'budi' : undefined)
  })

  it.each(Object.keys(table) as FaultActionName[])(
    'of an older revision is a conflict that names who was first: %s',
    (name) => {
      const { town, faultId } = inState('shelved')
      const action = { ...wanted[name](faultId), expectedRevision: 1 }
      expect(town.ask(action)).toMatchObject({
        done: false,
        code: 'revision_conflict',
        by: 'budi',
        fault: { revision: 2 },
      })
      expect(town.ask({ ...action, expectedRevision: 2 })).toMatchObject({ done: true })
    },
  )

  it('leaves in the trail who, when and why, and to whom or until when', () => {
    const { town, faultId } = inState('active')
    for (const action of ['acknowledge', 'assign', 'comment', 'shelve', 'unshelve', 'close'] as const) {
      town.ask(wanted[action](faultId))
    }
    const at = night
    const [row] = town.written.archive.values()
    expect(row?.trail).toEqual([
      { at, event: 'raised' },
      { at, event: 'acknowledged', by: 'sari' },
      { at, event: 'assigned', by: 'sari', note: 'terdekat', assignee: 'Tim 3' },
      { at, event: 'commented', by: 'sari', note: 'sudah dicek' },
      { at, event: 'shelved', by: 'sari', note: 'menunggu suku cadang', until: night + 30 * minute },
      { at, event: 'unshelved', by: 'sari' },
      { at, event: 'raised', note: 'unshelved' },
      { at, event: 'closed', by: 'sari', note: 'sensor salah' },
    ])
    expect(row?.fault).toMatchObject({ assignee: 'Tim 3', acknowledgedBy: 'sari' })
  })

  it('takes a fault from whoever had it when it is given to nobody', () => {
    const { town, faultId } = inState('active')
    town.ask(wanted.assign(faultId))
    town.ask({ action: 'assign', faultId, assignee: null, note: 'salah pilih' })
    const fault = town.fault('pju-1', 'lamp_failure')
    expect(fault).not.toHaveProperty('assignee')
    expect(town.events.at(-1)).toMatchObject({
      event: 'assigned',
      entry: { at: night, event: 'assigned', by: 'sari', note: 'salah pilih' },
    })
    expect(town.events.at(-1)?.entry).not.toHaveProperty('assignee')
  })

  it('asked twice is done once', () => {
    const { town, faultId } = inState('active')
    const asked: Asked = { action: 'comment', actionId: 'once', faultId, note: 'dicek' }
    const first = town.ask(asked)
    expect(town.ask(asked)).toEqual(first)
    expect(town.events.filter(({ event }) => event === 'commented')).toHaveLength(1)
  })
})

describe('closed by an operator', () => {
  it('though it is active: suppressed until it has cleared once, and all of it is on record', () => {
    const { town, faultId } = inState('suppressed')
    town.pass(5 * minute)
    town.report('pju-1', shining, ['lamp_failure'])
    expect(town.fault('pju-1', 'lamp_failure')).toBeUndefined()
    expect([...town.written.archive.values()]).toMatchObject([{ fault: { id: faultId, active: true } }])
    town.pass(3 * minute, { 'pju-1': shining })
    town.pass(30 * minute, { 'pju-1': shining })
    town.report('pju-1', shining, ['lamp_failure'])
    expect(town.story().filter((line) => line.includes('lamp_failure'))).toEqual([
      '0:00 raised pju-1 lamp_failure',
      '0:00 closed pju-1 lamp_failure by budi (sensor salah)',
      '6:01 cleared pju-1 lamp_failure',
      '38:00 raised pju-1 lamp_failure',
    ])
    const [row] = town.written.archive.values()
    expect(row).toMatchObject({
      fault: { id: faultId, active: false, closedAt: night, clearedAt: night + 6 * minute + 1_000 },
      periods: [{ raisedAt: night, clearedAt: night + 6 * minute + 1_000 }],
    })
    expect(town.fault('pju-1', 'lamp_failure')?.id).not.toBe(faultId)
  })

  it('and cleared soon after: opened again when it comes back within ten minutes', () => {
    const { town, faultId } = inState('suppressed')
    town.pass(3 * minute, { 'pju-1': shining })
    town.report('pju-1', shining, ['lamp_failure'])
    expect(town.fault('pju-1', 'lamp_failure')).toMatchObject({ id: faultId, occurrences: 2, acknowledged: false })
    expect(town.written.archive.size).toBe(0)
  })

  it('and cleared and back in one message, long after: that is another fault', () => {
    const { town, faultId } = inState('suppressed')
    town.pass(11 * minute)
    const object = (before: number, faults: string[]) => ({ ts: town.now - before, fields: shining, faults })
    town.objects('pju-1', [object(2, []), object(1, []), object(0, ['lamp_failure'])])
    expect(town.fault('pju-1', 'lamp_failure')).toMatchObject({ active: true, occurrences: 1 })
    expect(town.fault('pju-1', 'lamp_failure')?.id).not.toBe(faultId)
    expect([...town.written.archive.values()]).toMatchObject([{ fault: { id: faultId, active: false } }])
    expect(town.ask({ action: 'comment', faultId, note: 'dicek' })).toMatchObject({ code: 'fault_not_found' })
  })

  it('and its device retired: nothing is left suppressed', () => {
    const { town } = inState('suppressed')
    town.amend('retired', 'pju-1')
    expect([...town.written.archive.values()]).toMatchObject([{ fault: { active: false } }])
  })
})
