import { describe, expect, it } from 'vitest'
import { createTown, dead, deviceOf, minute, night, powered, second, shining } from '../test/town.ts'

describe('an updated device', () => {
  it('takes its open faults along, and says what filters saw before', () => {
    const town = createTown({ at: night })
    town.register('pju-1', { agency: 'dishub' })
    town.report('pju-1', shining, ['lamp_failure'])
    town.amend('updated', 'pju-1', { name: 'PJU Pamulang 1', district: 'pamulang', latitude: -6.34 })
    expect(town.events.at(-1)).toMatchObject({
      event: 'updated',
      entry: { note: 'registry' },
      fault: { name: 'PJU Pamulang 1', district: 'pamulang', latitude: -6.34, agency: 'dishub', revision: 2 },
      before: { district: 'serpong', kind: 'streetlight', severity: 'major', agency: 'dishub' },
    })
    town.amend('updated', 'pju-1', { name: 'PJU 1' })
    expect(town.events.at(-1)).not.toHaveProperty('before')
    // What faults do not show is none of their business.
    town.amend('updated', 'pju-1', { serial: 'X1' })
    expect(town.events).toHaveLength(3)
  })

  it('with another interval is missed after three of the new ones', () => {
    const town = createTown({ at: night })
    town.register('pju-1', { intervalS: 3_600 })
    town.report('pju-1', shining)
    town.amend('updated', 'pju-1', { intervalS: 10 })
    town.pass(30 * second)
    expect(town.isActive('pju-1', 'comm_loss')).toBe(false)
    town.pass(second)
    expect(town.isActive('pju-1', 'comm_loss')).toBe(true)
  })

  it('an older row, delivered again, changes nothing', () => {
    const town = createTown({ at: night })
    town.register('pju-1')
    town.report('pju-1', shining, ['lamp_failure'])
    town.amend('updated', 'pju-1', { name: 'PJU 1' })
    town.register('pju-1')
    expect(town.fault('pju-1', 'lamp_failure')?.name).toBe('PJU 1')
  })

  it('moved behind another cabinet is no consequence of the old one’s outage any more', () => {
    const town = createTown({ at: night })
    town.register('pnl-1')
    town.register('pju-1', { cabinet: 'pnl-1' })
    town.pass(minute, { 'pnl-1': powered, 'pju-1': shining })
    town.pass(5 * minute, { 'pnl-1': dead })
    expect(town.fault('pju-1', 'comm_loss')?.parentId).toBeDefined()
    town.amend('updated', 'pju-1', { cabinet: 'pnl-2' })
    town.pass(4 * minute, { 'pnl-1': dead })
    expect(town.fault('pju-1', 'comm_loss')).toMatchObject({ active: true })
    expect(town.fault('pju-1', 'comm_loss')?.parentId).toBeUndefined()
    expect(town.fault('pnl-1', 'feeder_outage')?.children).toBe(0)
  })
})

describe('a disabled device', () => {
  it('raises nothing, its active faults are cleared, and enabled again it gets time to report', () => {
    const town = createTown({ at: night })
    town.register('pju-1')
    town.report('pju-1', shining, ['lamp_failure'])
    town.amend('updated', 'pju-1', { enabled: false })
    town.pass(10 * minute)
    town.report('pju-1', shining, ['day_burner'])
    expect(town.story()).toEqual(['0:00 raised pju-1 lamp_failure', '0:00 cleared pju-1 lamp_failure (disabled)'])
    town.amend('updated', 'pju-1', { enabled: true })
    town.pass(4 * minute)
    expect(town.story()).toEqual(['13:00 raised pju-1 comm_loss'])
  })
})

describe('a retired device', () => {
  it('has its open faults closed as retired, and is forgotten', () => {
    const town = createTown({ at: night })
    town.register('pju-1')
    town.report('pju-1', shining, ['lamp_failure'])
    town.amend('retired', 'pju-1', { retiredAt: night })
    town.pass(10 * minute)
    town.report('pju-1', shining, ['lamp_failure'])
    expect(town.story()).toEqual(['0:00 raised pju-1 lamp_failure', '0:00 closed pju-1 lamp_failure (retired)'])
    expect([...town.written.archive.values()]).toMatchObject([
      { fault: { active: false, clearedAt: night, closedAt: night } },
    ])
    expect([...town.written.state.keys()].filter((key) => key.includes('pju-1'))).toEqual([])
  })

  it('a cabinet releases what its outage explained', () => {
    const town = createTown({ at: night })
    town.register('pnl-1')
    town.register('pju-1', { cabinet: 'pnl-1' })
    town.pass(minute, { 'pnl-1': powered, 'pju-1': shining })
    town.pass(5 * minute, { 'pnl-1': dead })
    town.amend('retired', 'pnl-1')
    town.pass(4 * minute)
    expect(town.story().at(-1)).toBe('9:00 raised pju-1 comm_loss (on its own)')
  })

  it('registered again under another uid begins with nothing', () => {
    const town = createTown({ at: night })
    town.register('pju-1')
    town.report('pju-1', shining, ['lamp_failure'])
    town.register('pju-1', { uid: 'another000' })
    expect(town.story().at(-1)).toBe('0:00 closed pju-1 lamp_failure (retired)')
    town.pass(minute)
    town.report('pju-1', shining, ['lamp_failure'])
    expect(town.fault('pju-1', 'lamp_failure')).toMatchObject({ uid: 'another000', occurrences: 1 })
  })
})

describe('a replaced device', () => {
  it('has a clock of its own, keeps its faults until it is seen to be well, and gets time to report', () => {
    const town = createTown({ at: night })
    town.register('pju-1')
    town.report('pju-1', shining, ['lamp_failure'])
    town.pass(2 * minute)
    town.amend('replaced', 'pju-1', { serial: 'X2' })
    town.pass(3 * minute)
    expect(town.isActive('pju-1', 'comm_loss')).toBe(false)
    // An hour behind, and believed when it has said so three times: nothing of the old clock is held against it.
    const { uid } = deviceOf('pju-1')
    for (let i = 0; i < 4; i++) {
      town.objects('pju-1', [{ ts: town.now - 60 * minute, fields: shining, faults: [] }])
      town.pass(minute)
    }
    expect(town.fault('pju-1', 'lamp_failure')).toMatchObject({ uid, active: false })
  })
})
