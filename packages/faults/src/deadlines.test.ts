// Targets of the town's agency for a major fault: 20 min to respond, 120 min to repair.
import { describe, expect, it } from 'vitest'
import { createTown, dead, minute, night, off, powered, shining } from '../test/town.ts'

function oneLamp() {
  const town = createTown({ at: night })
  town.register('pju-1', { agency: 'dishub' })
  const fail = () => town.report('pju-1', shining, ['lamp_failure'])
  fail()
  const fault = () => town.fault('pju-1', 'lamp_failure')
  const at = (minutes: number, ms = 0) => {
    town.skip(night + minutes * minute + ms - town.now)
    town.beat('broker')
  }
  const overdue = () => town.events.filter(({ event }) => event === 'overdue').map(({ fault: { missed } }) => missed)
  return {
    town,
    fail,
    fault,
    at,
    overdue,
    acknowledge: () => town.ask({ action: 'acknowledge', faultId: fault()?.id ?? '' }),
  }
}

describe('an announced fault', () => {
  it('is due by the targets of its agency', () => {
    const { fault } = oneLamp()
    const dueAt = { response: night + 20 * minute, repair: night + 120 * minute }
    expect(fault()).toMatchObject({ announcedAt: night, dueAt, overdue: false })
    const town = createTown({ at: night })
    town.register('pju-1')
    town.register('pju-2', { agency: 'nobody' })
    for (const id of ['pju-1', 'pju-2']) {
      town.report(id, shining, ['lamp_failure'])
      expect(town.fault(id, 'lamp_failure')).not.toHaveProperty('dueAt')
    }
  })

  it('is overdue from the moment it is due, once for the response and once for the repair', () => {
    const { town, at, fault, overdue } = oneLamp()
    at(20, -1)
    expect(fault()).toMatchObject({ overdue: false })
    at(20)
    expect(fault()).toMatchObject({ overdue: true, missed: { response: true } })
    expect(town.story().at(-1)).toContain('20:00 overdue pju-1 lamp_failure')
    at(120, -1)
    expect(overdue()).toHaveLength(1)
    at(120)
    expect(overdue()).toEqual([{ response: true }, { response: true, repair: true }])
  })

  it('acknowledged in time has its repair to answer for only', () => {
    const { at, acknowledge, fault, overdue } = oneLamp()
    at(20, -1)
    acknowledge()
    at(120, -1)
    expect(overdue()).toEqual([])
    at(120)
    expect(overdue()).toEqual([{ repair: true }])
    expect(fault()).toMatchObject({ overdue: true })
  })

  it('acknowledged late loses the mark, and it counts all the same', () => {
    const { at, acknowledge, fault } = oneLamp()
    at(21)
    expect(acknowledge()).toMatchObject({ fault: { overdue: false, missed: { response: true } } })
    at(120)
    expect(fault()).toMatchObject({ overdue: true, missed: { response: true, repair: true } })
  })

  it('that has cleared is answered, late or not', () => {
    const { town, at, fault, overdue } = oneLamp()
    at(21)
    town.pass(3 * minute, { 'pju-1': shining })
    expect(fault()).toMatchObject({ active: false, overdue: false, missed: { response: true } })
    at(300)
    expect(overdue()).toHaveLength(1)
  })

  it('raised anew is due anew, and what it missed before stays', () => {
    const { town, at, fail, fault } = oneLamp()
    at(21)
    town.pass(3 * minute, { 'pju-1': shining })
    fail()
    expect(fault()).toMatchObject({
      overdue: false,
      announcedAt: night + 24 * minute,
      dueAt: { response: night + 44 * minute },
      missed: { response: true },
    })
  })

  it('on its shelf is not overdue; what was due meanwhile is found when it comes off', () => {
    const { town, at, fault, overdue } = oneLamp()
    const shelve = { action: 'shelve', faultId: fault()?.id ?? '', reason: 'suku cadang' } as const
    town.ask({ ...shelve, durationMin: 60 })
    at(59)
    expect(fault()).toMatchObject({ overdue: false, dueAt: { response: night + 20 * minute } })
    at(60)
    expect(fault()).toMatchObject({ overdue: true, missed: { response: true } })
    town.ask({ ...shelve, durationMin: 1 })
    expect(fault()).toMatchObject({ overdue: false })
    at(61)
    expect(fault()).toMatchObject({ overdue: true })
    expect(overdue()).toHaveLength(2)
    expect(town.story().slice(-4)).toEqual([
      expect.stringContaining('60:00 shelved'),
      expect.stringContaining('61:00 unshelved'),
      expect.stringContaining('61:00 raised'),
      expect.stringContaining('61:00 overdue'),
    ])
  })

  it('that becomes graver is due by that from its announcement on, and overdue at once if that has passed', () => {
    const { town, fault: lamp } = oneLamp()
    const fault = () => town.fault('pju-1', 'high_voltage')
    town.pass(12 * minute, { 'pju-1': { ...shining, voltageV: 250 } })
    const { announcedAt = 0 } = fault() ?? {}
    expect(fault()).toMatchObject({ severity: 'major', dueAt: { response: announcedAt + 20 * minute } })
    town.pass(17 * minute, { 'pju-1': { ...shining, voltageV: 250 } })
    expect(fault()).toMatchObject({ overdue: false })
    town.report('pju-1', { ...shining, voltageV: 270 })
    expect(fault()).toMatchObject({
      severity: 'critical',
      announcedAt,
      dueAt: { response: announcedAt + 15 * minute, repair: announcedAt + 60 * minute },
      overdue: true,
      missed: { response: true },
    })
    expect(lamp()?.severity).toBe('major')
  })

  it('of another agency is due by that one’s targets', () => {
    const { town, fault } = oneLamp()
    town.amend('updated', 'pju-1', { agency: 'nobody' })
    expect(fault()).not.toHaveProperty('dueAt')
    town.amend('updated', 'pju-1', { agency: 'dishub' })
    expect(fault()).toMatchObject({ dueAt: { response: night + 20 * minute } })
  })
})

it('a consequence is never due; once it stands on its own it is, from then on', () => {
  const town = createTown({ at: night })
  town.register('pnl-1')
  town.register('pju-1', { cabinet: 'pnl-1', agency: 'dishub' })
  town.report('pnl-1', powered)
  town.report('pju-1', shining, ['lamp_failure'])
  const fault = () => town.fault('pju-1', 'lamp_failure')
  expect(fault()).toHaveProperty('dueAt')
  town.pass(minute, { 'pnl-1': dead, 'pju-1': off })
  expect(fault()).not.toHaveProperty('dueAt')
  expect(fault()).not.toHaveProperty('announcedAt')
  town.pass(30 * minute, { 'pnl-1': dead, 'pju-1': off })
  expect(town.story().filter((line) => line.includes('overdue pju-1'))).toEqual([])
  town.pass(10 * minute, { 'pnl-1': powered, 'pju-1': off })
  const announcedAt = town.events.findLast(({ entry }) => entry.note === 'on its own')?.entry.at ?? 0
  expect(fault()).toMatchObject({ announcedAt, dueAt: { response: announcedAt + 20 * minute } })
})
