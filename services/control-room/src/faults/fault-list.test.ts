import type { Fault } from '@ronda/contracts/fault'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createStore } from '../external-store.ts'
import { createFaultStore } from '../live/fault-store.ts'
import { makeFault } from '@ronda/contracts/testing/make-fault'
import { createFaultList } from './fault-list.ts'
import { type View, wholeView } from './view.ts'

function makeList(initial: readonly Fault[] = [], view: Partial<View> = {}) {
  const faults = createFaultStore((flush) => flush())
  faults.replace(initial)
  const chosen = createStore<View>({ ...wholeView, ...view })
  const list = createFaultList({ faults, view: chosen, person: 'Sari', textOf: ({ name }) => name.toLowerCase() })
  let all = [...initial]
  return {
    list,
    state: list.get,
    rows: () =>
      list
        .get()
        .rows.map((row) =>
          row.fault === undefined
            ? `${row.key} ${row.count}`
            : `${'  '.repeat(row.depth)}${row.id}${row.leaving ? ' leaving' : ''}`,
        ),
    /** Adds faults, or puts newer ones in the place of those with the same id. */
    put(...next: Fault[]) {
      all = [...all.filter(({ id }) => !next.some((each) => each.id === id)), ...next]
      faults.replace(all)
    },
    /** As an event: its last word comes with it. */
    close(fault: Fault) {
      all = all.filter(({ id }) => id !== fault.id)
      faults.apply({ ...fault, revision: fault.revision + 1, closedAt: 1 })
    },
    remove(...ids: string[]) {
      all = all.filter(({ id }) => !ids.includes(id))
      faults.replace(all)
    },
    look: (part: Partial<View>) => chosen.set({ ...chosen.get(), ...part }),
  }
}

const critical = makeFault({ id: 'critical', severity: 'critical', raisedAt: 10 })
const older = makeFault({ id: 'older', raisedAt: 20 })
const newer = makeFault({ id: 'newer', raisedAt: 30 })
const minor = makeFault({ id: 'minor', severity: 'minor', raisedAt: 40, district: 'setu' })

describe('new rows', () => {
  test('come in at once where there is nothing to move', () => {
    const { put, rows, state } = makeList()
    put(older, newer)
    expect(rows()).toEqual(['newer', 'older'])
    expect(state().waiting).toBe(0)
  })

  test('wait until they are let in, and are then in their place', () => {
    const { put, rows, state, list } = makeList([older, minor])
    put(newer)
    put(critical)
    expect(rows()).toEqual(['older', 'minor'])
    expect(state().waiting).toBe(2)
    list.letIn()
    expect(rows()).toEqual(['critical', 'newer', 'older', 'minor'])
    expect(state().waiting).toBe(0)
  })

  test('that are critical show on top at once, newest first, whatever the view hides', () => {
    const { put, state } = makeList([older], { kinds: ['camera'] })
    put(critical, makeFault({ id: 'later', severity: 'critical', raisedAt: 50 }))
    expect(state().pressing.map(({ fault }) => fault.id)).toEqual(['later', 'critical'])
    put({ ...critical, acknowledged: true })
    expect(state().pressing.map(({ fault }) => fault.id)).toEqual(['later'])
    expect(state().critical).toBe(2)
  })

  test('that are critical and over stay on top until somebody has seen them, behind those that hold', () => {
    const { state } = makeList([
      makeFault({ id: 'over', severity: 'critical', raisedAt: 90, active: false, clearedAt: 95 }),
      makeFault({ id: 'holds', severity: 'critical', raisedAt: 10 }),
    ])
    expect(state().pressing.map(({ fault }) => fault.id)).toEqual(['holds', 'over'])
  })

  test('that the view hides do not wait', () => {
    const { put, state } = makeList([older], { districts: ['serpong'] })
    put(minor)
    expect(state().waiting).toBe(0)
  })

  test('that go before they are let in were never there', () => {
    const { put, remove, state } = makeList([older])
    put(newer)
    remove('newer')
    expect(state().waiting).toBe(0)
  })
})

describe('rows that change', () => {
  test('stay where they are, also when they would be sorted elsewhere', () => {
    const { put, rows, state } = makeList([older, minor])
    put({ ...minor, severity: 'critical', revision: 2 })
    expect(rows()).toEqual(['older', 'minor'])
    expect(state().rows[1]?.fault?.severity).toBe('critical')
  })

  test('leave when they are closed', () => {
    const { remove, rows } = makeList([older, newer])
    remove('newer')
    expect(rows()).toEqual(['older'])
  })

  test('stay, dimmed, while the pointer is on the list', () => {
    const { remove, put, rows, list } = makeList([older, newer, minor])
    list.hold(true)
    remove('newer')
    expect(rows()).toEqual(['newer leaving', 'older', 'minor'])
    put({ ...newer, revision: 5 })
    expect(rows()).toEqual(['newer', 'older', 'minor'])
    remove('newer')
    list.hold(false)
    expect(rows()).toEqual(['older', 'minor'])
  })

  test('say the last word while they leave, whatever changes meanwhile', () => {
    const { close, put, rows, state, list } = makeList([older, newer])
    list.hold(true)
    close({ ...newer, acknowledged: true, acknowledgedBy: 'Sari' })
    put({ ...older, occurrences: 2 })
    expect(rows()).toEqual(['newer leaving', 'older'])
    expect(state().rows[0]?.fault).toMatchObject({ acknowledged: true, acknowledgedBy: 'Sari', closedAt: 1 })
  })

  test('are not counted while they leave', () => {
    const { close, state, list } = makeList([older, newer, minor])
    list.hold(true)
    close(newer)
    expect(state().rows).toHaveLength(3)
    expect(state()).toMatchObject({ shown: 2, open: 2, waiting: 0 })
  })

  test('that no longer fit the view leave as well', () => {
    const { put, rows, list } = makeList([older, newer], { standings: ['unacknowledged'] })
    list.hold(true)
    put({ ...newer, acknowledged: true })
    expect(rows()).toEqual(['newer leaving', 'older'])
    list.hold(false)
    expect(rows()).toEqual(['older'])
  })

  test('another view is another list: everything is in its place at once', () => {
    const { put, rows, look, state } = makeList([older, minor])
    put(newer)
    look({ districts: ['serpong'] })
    expect(rows()).toEqual(['newer', 'older'])
    expect(state().waiting).toBe(0)
  })

  test('so is another subscription, whatever it has in common with the one before', () => {
    const { put, rows, state, list } = makeList([older])
    list.hold(true)
    list.startAnew()
    put(newer)
    expect(rows()).toEqual(['newer', 'older'])
    put(minor)
    expect(state().waiting).toBe(1)
  })

  test('opening a fault is not another view', () => {
    const { put, state, look } = makeList([older])
    put(newer)
    look({ open: 'older' })
    expect(state().waiting).toBe(1)
  })
})

describe('a cause and what it caused', () => {
  const outage = makeFault({ id: 'outage', kind: 'cabinet', code: 'feeder_outage', severity: 'critical', children: 2 })
  const lamp1 = makeFault({ id: 'lamp1', parentId: 'outage', raisedAt: 2, name: 'PJU 1', district: 'setu' })
  const lamp2 = makeFault({ id: 'lamp2', parentId: 'outage', raisedAt: 1, name: 'PJU Simpang Muncul' })

  test('are one row, which unfolds', () => {
    const { rows, list, state } = makeList([outage, lamp1, lamp2, older])
    expect(rows()).toEqual(['outage', 'older'])
    expect(state().rows[0]).toMatchObject({ members: 2, memberKind: 'streetlight', unfolded: false })
    expect(state().open).toBe(2)
    list.toggle('outage', true)
    expect(rows()).toEqual(['outage', '  lamp1', '  lamp2', 'older'])
    list.toggle('outage', false)
    expect(rows()).toEqual(['outage', 'older'])
  })

  test('of several kinds are counted as devices, as the server counts them', () => {
    const camera = makeFault({ id: 'camera', kind: 'camera', parentId: 'outage' })
    const { state } = makeList([{ ...outage, children: 7 }, lamp1, camera])
    expect(state().rows[0]).toMatchObject({ members: 7, memberKind: undefined })
  })

  test('rows fold under their cause when it is let in, not before', () => {
    const { parentId: _none, ...alone } = lamp1
    const { put, rows, list, state } = makeList([alone, older])
    put(outage, lamp1)
    expect(rows()).toEqual(['older', 'lamp1'])
    expect(state()).toMatchObject({ waiting: 1, shown: 2, open: 2 })
    list.letIn()
    expect(rows()).toEqual(['outage', 'older'])
  })

  test('what a cause in its place causes next waits for nothing', () => {
    const { put, rows, state } = makeList([outage, lamp1])
    put(lamp2)
    expect(rows()).toEqual(['outage'])
    expect(state().waiting).toBe(0)
  })

  test('a view that fits only what it caused shows that part, unfolded', () => {
    const { rows } = makeList([outage, lamp1, lamp2, older], { districts: ['setu'] })
    expect(rows()).toEqual(['outage', '  lamp1'])
  })

  test('a search finds what is folded away', () => {
    const { rows, look } = makeList([outage, lamp1, lamp2, older])
    look({ search: 'simpang' })
    expect(rows()).toEqual(['outage', '  lamp2'])
  })

  test('what is left when the cause is over is news', () => {
    const { remove, rows, state } = makeList([outage, lamp1, lamp2, older])
    remove('outage')
    expect(rows()).toEqual(['older'])
    expect(state().waiting).toBe(2)
  })
})

describe('what is held back', () => {
  test('neither presses nor stands among what asks for something', () => {
    const { rows, state } = makeList([{ ...critical, shelvedUntil: 99 }, older])
    expect(rows()).toEqual(['older', 'critical'])
    expect(state()).toMatchObject({ pressing: [], critical: 0, open: 2 })
  })
})

describe('groups', () => {
  const outage = makeFault({ id: 'outage', kind: 'cabinet', severity: 'critical', children: 1, raisedAt: 5 })
  const lamp = makeFault({ id: 'lamp', parentId: 'outage', raisedAt: 2 })

  test('of a place stand in the order of the gravest in each, and fold', () => {
    const { rows, list, state } = makeList([minor, older, critical, newer], { group: 'district' })
    expect(rows()).toEqual(['serpong 3', 'critical', 'newer', 'older', 'setu 1', 'minor'])
    list.toggle('group:district:serpong', false)
    expect(rows()).toEqual(['serpong 3', 'setu 1', 'minor'])
    expect(state().rows[0]).toMatchObject({ worst: 'critical', unacknowledged: 3, unfolded: false })
    list.toggle('group:district:serpong', true)
    expect(rows()).toHaveLength(6)
  })

  test('of an agency have a place for what has none', () => {
    const { agency: _none, ...orphan } = makeFault({ id: 'orphan', severity: 'warning' })
    const { rows } = makeList([older, orphan], { group: 'agency' })
    expect(rows()).toEqual(['dishub 1', 'older', ' 1', 'orphan'])
  })

  test('keep causes together with what they caused', () => {
    const { rows, list } = makeList([outage, lamp], { group: 'district' })
    list.toggle('outage', true)
    expect(rows()).toEqual(['serpong 1', 'outage', '  lamp'])
  })

  test('are as they were while new rows wait', () => {
    const { put, rows, state, list } = makeList([older], { group: 'district' })
    put(minor)
    expect(rows()).toEqual(['serpong 1', 'older'])
    expect(state().waiting).toBe(1)
    list.letIn()
    expect(rows()).toEqual(['serpong 1', 'older', 'setu 1', 'minor'])
  })

  test('by nothing at all show every fault as a row', () => {
    const { rows, state } = makeList([outage, lamp, older], { group: 'none' })
    expect(rows()).toEqual(['outage', 'older', 'lamp'])
    expect(state()).toMatchObject({ shown: 3, open: 3 })
  })

  test('another order is another list', () => {
    const { put, rows, look } = makeList([critical, older])
    put(newer)
    look({ order: 'age' })
    expect(rows()).toEqual(['newer', 'older', 'critical'])
  })
})

describe('counts', () => {
  const list = [critical, older, { ...newer, acknowledged: true, acknowledgedBy: 'Sari' }, { ...minor, active: false }]

  test('say what each choice would show, the others being what they are', () => {
    const { state, look } = makeList(list)
    look({ severities: ['major'] })
    const { counts } = state()
    expect(Object.fromEntries(counts.severities)).toEqual({ critical: 1, major: 2, minor: 1 })
    expect(Object.fromEntries(counts.districts)).toEqual({ serpong: 2 })
    expect(Object.fromEntries(counts.standings)).toEqual({ unacknowledged: 1, acknowledged: 1, active: 2, mine: 1 })
    // In its place, what it excludes would show as many as before; what it may be asked together with, both.
    look({ standings: ['unacknowledged'] })
    expect(Object.fromEntries(state().counts.standings)).toEqual({ unacknowledged: 1, acknowledged: 1, active: 1 })
    look({ standings: [] })
    look({ districts: ['setu'], severities: [] })
    expect(Object.fromEntries(state().counts.districts)).toEqual({ serpong: 3, setu: 1 })
    expect(Object.fromEntries(state().counts.severities)).toEqual({ minor: 1 })
  })

  test('of the whole do not depend on the view', () => {
    const { state, look } = makeList(list)
    look({ search: 'nothing of the kind' })
    expect(state()).toMatchObject({ rows: [], shown: 0, open: 4, unacknowledged: 3, critical: 1 })
  })
})

/** An empty list takes in what comes. */
function isSame(before: string[], after: string[]): boolean {
  return before.length === 0 || before.join() === after.join()
}

/** What stays is in its order with nothing new between; with nothing that stays it is a new list. */
function keepsOrder(before: string[], after: string[]): boolean {
  const kept = before.filter((id) => after.includes(id))
  return kept.length === 0 || kept.join() === after.join()
}

test('whatever happens, no row moves that stays, and none is lost', () => {
  type Step =
    | { put: number; severity: 0 | 1 | 2 | 3; parent: boolean }
    | { remove: number }
    | 'letIn'
    | 'hold'
    | 'release'
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ put: fc.nat(9), severity: fc.constantFrom(0, 1, 2, 3), parent: fc.boolean() }),
    fc.record({ remove: fc.nat(9) }),
    fc.constantFrom('letIn', 'hold', 'release'),
  )
  const severities = ['critical', 'major', 'minor', 'warning'] as const
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const room = makeList()
      const known = new Set<string>()
      let held = false
      for (const each of steps) {
        const before = room.state().rows.map(({ id }) => id)
        if (each === 'letIn') room.list.letIn()
        else if (each === 'hold' || each === 'release') {
          held = each === 'hold'
          room.list.hold(held)
        } else if ('remove' in each) {
          known.delete(`f${each.remove}`)
          room.remove(`f${each.remove}`)
        } else {
          const id = `f${each.put}`
          known.add(id)
          // Only the first ones cause others, so that nothing causes itself.
          const parent = each.parent && each.put > 2 ? { parentId: `f${each.put % 3}` } : {}
          room.put(makeFault({ id, severity: severities[each.severity], ...parent }))
        }
        const after = room.state().rows.map(({ id }) => id)
        expect(each === 'letIn' || (held ? isSame : keepsOrder)(before, after)).toBe(true)
      }
      room.list.hold(false)
      room.list.letIn()
      const reachable = room
        .state()
        .rows.flatMap((row) => [row.id, ...Array(row.fault === undefined ? 0 : row.members).fill('')])
      expect(reachable).toHaveLength(known.size)
    }),
    { numRuns: 500 },
  )
})
