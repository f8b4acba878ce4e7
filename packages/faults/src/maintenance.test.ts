import type { MaintenanceTarget, MaintenanceWindow } from '@ronda/contracts/maintenance'
import { describe, expect, it } from 'vitest'
import { createTown, dead, minute, night, off, powered, shining } from '../test/town.ts'

const hour = 60 * minute
const day = 24 * hour
const cabinet: MaintenanceTarget = { kind: 'cabinet', id: 'pnl-1' }

function quietTown() {
  const town = createTown({ at: night })
  town.register('pnl-1')
  town.register('pju-1', { cabinet: 'pnl-1', agency: 'dishub' })
  town.register('pju-2', { district: 'setu' })
  const plan = (about: { target?: MaintenanceTarget; from?: number; to: number }) =>
    town.ask({ action: 'plan-maintenance', target: cabinet, reason: 'ganti panel', owner: 'Tim 3', ...about })
  const fail = (id: string) => town.report(id, shining, ['lamp_failure'])
  const at = (ms: number) => {
    town.skip(night + ms - town.now)
    town.beat('broker')
  }
  const window = (): MaintenanceWindow | undefined => [...town.written.windows.values()].at(-1)
  return { town, plan, fail, at, window, lamp: (id = 'pju-1') => town.fault(id, 'lamp_failure') }
}

describe('a maintenance window', () => {
  it('holds what is raised inside it, and announces what is still true when it ends', () => {
    const { town, plan, fail, at, window, lamp } = quietTown()
    expect(plan({ from: night + hour, to: night + 3 * hour })).toMatchObject({ done: true, window: { revision: 1 } })
    at(hour)
    fail('pju-1')
    expect(lamp()).toMatchObject({ maintenance: window()?.id, shelvedUntil: night + 3 * hour, occurrences: 1 })
    expect(lamp()).not.toHaveProperty('announcedAt')
    fail('pju-2')
    expect(lamp('pju-2')).not.toHaveProperty('maintenance')
    at(3 * hour - 1)
    expect(lamp()).toHaveProperty('shelvedUntil')
    at(3 * hour)
    expect(lamp()).toMatchObject({ maintenance: window()?.id, announcedAt: night + 3 * hour })
    expect(town.story().filter((line) => line.includes('pju-1 lamp_failure'))).toEqual([
      '60:00 raised pju-1 lamp_failure',
      '180:00 unshelved pju-1 lamp_failure',
      '180:00 raised pju-1 lamp_failure (maintenance over)',
    ])
  })

  it.each<[string, MaintenanceTarget, boolean]>([
    ['the device', { kind: 'device', id: 'pju-1' }, true],
    ['another device', { kind: 'device', id: 'pju-2' }, false],
    ['its cabinet', cabinet, true],
    ['its district', { kind: 'district', id: 'serpong' }, true],
    ['another district', { kind: 'district', id: 'setu' }, false],
  ])('of %s', (_, target, held) => {
    const { plan, fail, lamp } = quietTown()
    expect(plan({ target, to: night + hour })).toMatchObject({ done: true })
    fail('pju-1')
    expect(lamp()?.maintenance !== undefined).toBe(held)
  })

  it.each<[string, MaintenanceTarget]>([
    ['no such device', { kind: 'device', id: 'pju-9' }],
    ['a lamp as a cabinet', { kind: 'cabinet', id: 'pju-1' }],
  ])('of %s cannot be planned', (_, target) => {
    expect(quietTown().plan({ target, to: night + hour })).toMatchObject({ code: 'maintenance_target_unknown' })
  })

  it.each([
    { from: 0, to: 1, sound: true },
    { from: 0, to: 0, sound: false },
    { from: -1, to: hour, sound: false },
    { from: hour, to: hour, sound: false },
    { from: hour, to: hour + 30 * day, sound: true },
    { from: hour, to: hour + 30 * day + 1, sound: false },
  ])('from $from to $to ms: sound $sound', ({ from, to, sound }) => {
    const { plan, window } = quietTown()
    const verdict = plan({ from: night + from, to: night + to })
    expect(verdict).toMatchObject(sound ? { done: true } : { done: false, code: 'maintenance_invalid' })
    expect(window() !== undefined).toBe(sound)
  })

  it('begins and ends to the millisecond', () => {
    const { plan, fail, at, lamp } = quietTown()
    plan({ from: night + hour, to: night + 2 * hour })
    at(hour - 1)
    fail('pju-1')
    expect(lamp()).not.toHaveProperty('maintenance')
    const other = quietTown()
    other.plan({ from: night + hour, to: night + 2 * hour })
    other.at(2 * hour)
    other.fail('pju-1')
    expect(other.lamp()).not.toHaveProperty('maintenance')
  })

  it('does not touch what was open before it, unless that is raised once more', () => {
    const { town, plan, fail, at, lamp } = quietTown()
    fail('pju-1')
    plan({ to: night + 3 * hour })
    at(minute)
    expect(lamp()).not.toHaveProperty('shelvedUntil')
    town.pass(3 * minute, { 'pju-1': shining })
    fail('pju-1')
    expect(lamp()).toMatchObject({ occurrences: 2, shelvedUntil: night + 3 * hour })
  })

  it('is changed: what it holds is held until the new end', () => {
    const { town, plan, fail, at, window, lamp } = quietTown()
    plan({ to: night + hour })
    fail('pju-1')
    const windowId = window()?.id ?? ''
    const change = { action: 'change-maintenance', windowId } as const
    expect(town.ask({ ...change, to: night + 2 * hour, expectedRevision: 7 })).toMatchObject({
      code: 'revision_conflict',
      by: 'sari',
      window: { revision: 1 },
    })
    expect(town.ask({ ...change, to: night + 2 * hour, owner: 'Tim 4', by: 'budi' })).toMatchObject({
      done: true,
      window: { revision: 2, owner: 'Tim 4' },
    })
    expect(lamp()).toMatchObject({ shelvedUntil: night + 2 * hour })
    at(hour)
    expect(lamp()).toHaveProperty('shelvedUntil')
    for (const bounds of [{ from: night + 90 * minute }, { to: night + hour }, { to: night + 31 * day }]) {
      expect(town.ask({ ...change, ...bounds })).toMatchObject({ code: 'maintenance_invalid' })
    }
    at(2 * hour)
    expect(lamp()).not.toHaveProperty('shelvedUntil')
    expect(window()?.history.map(({ event, by, to }) => [event, by, to])).toEqual([
      ['planned', 'sari', night + hour],
      ['changed', 'budi', night + 2 * hour],
    ])
    expect(town.ask({ ...change, to: night + 5 * hour })).toMatchObject({ code: 'maintenance_not_found' })
  })

  it('is ended early: what it holds is announced at once', () => {
    const { town, plan, fail, at, window, lamp } = quietTown()
    plan({ to: night + hour })
    fail('pju-1')
    at(10 * minute)
    const windowId = window()?.id ?? ''
    expect(town.ask({ action: 'end-maintenance', windowId, note: 'selesai' })).toMatchObject({
      done: true,
      window: { endedAt: night + 10 * minute, to: night + hour },
    })
    expect(lamp()).toMatchObject({ announcedAt: night + 10 * minute })
    expect(town.ask({ action: 'end-maintenance', windowId })).toMatchObject({ code: 'maintenance_not_found' })
    expect([...town.written.state.keys()].filter((key) => key.startsWith('window/'))).toEqual([])
  })

  it('is called off before it begins: it never was', () => {
    const { town, plan, fail, at, window, lamp } = quietTown()
    plan({ from: night + hour, to: night + 2 * hour })
    town.ask({ action: 'end-maintenance', windowId: window()?.id ?? '' })
    at(90 * minute)
    fail('pju-1')
    expect(lamp()).not.toHaveProperty('maintenance')
  })

  it('holds a consequence that comes to stand on its own inside it', () => {
    const { town, plan, fail, lamp } = quietTown()
    town.report('pnl-1', powered)
    fail('pju-1')
    town.pass(minute, { 'pnl-1': dead, 'pju-1': off })
    expect(lamp()).toHaveProperty('parentId')
    plan({ target: { kind: 'device', id: 'pju-1' }, to: night + hour })
    town.pass(10 * minute, { 'pnl-1': powered, 'pju-1': off })
    expect(lamp()).toMatchObject({ shelvedUntil: night + hour, active: true })
    expect(lamp()).not.toHaveProperty('parentId')
    expect(lamp()).not.toHaveProperty('announcedAt')
  })

  it('that ends inside another one hands over what it holds', () => {
    const { town, plan, fail, at, window, lamp } = quietTown()
    plan({ to: night + 2 * hour })
    const first = window()?.id ?? ''
    plan({ target: { kind: 'district', id: 'serpong' }, to: night + hour })
    const second = window()?.id
    fail('pju-1')
    expect(lamp()).toMatchObject({ maintenance: first, shelvedUntil: night + 2 * hour })
    town.ask({ action: 'end-maintenance', windowId: first })
    expect(lamp()).toMatchObject({ maintenance: second, shelvedUntil: night + hour })
    at(hour)
    expect(lamp()).not.toHaveProperty('shelvedUntil')
  })

  it('and a shelf hold until both are over, whichever is first', () => {
    const { town, plan, fail, at, lamp } = quietTown()
    fail('pju-1')
    const faultId = lamp()?.id ?? ''
    town.ask({ action: 'shelve', faultId, reason: 'suku cadang', durationMin: 60 })
    at(30 * minute)
    plan({ to: night + 2 * hour })
    at(hour)
    expect(lamp()).toMatchObject({ shelvedUntil: night + 2 * hour })
    expect(town.ask({ action: 'unshelve', faultId })).toMatchObject({ code: 'not_shelved' })
    town.ask({ action: 'shelve', faultId, reason: 'suku cadang', durationMin: 120 })
    at(2 * hour)
    expect(lamp()).toMatchObject({ shelvedUntil: night + 3 * hour })
    at(3 * hour)
    expect(lamp()).not.toHaveProperty('shelvedUntil')
  })
})
