import { describe, expect, it } from 'vitest'
import { type Reading, createTown, dead, minute, night, off, powered, second, shining } from '../test/town.ts'

const hour = 60 * minute

function oneLamp() {
  const town = createTown({ at: night })
  town.register('pju-1', { agency: 'dishub' })
  const fail = () => town.report('pju-1', shining, ['lamp_failure'])
  fail()
  const id = () => town.fault('pju-1', 'lamp_failure')?.id ?? ''
  return {
    town,
    fail,
    shelve: (durationMin: number) => town.ask({ action: 'shelve', faultId: id(), reason: 'suku cadang', durationMin }),
    acknowledge: () => town.ask({ action: 'acknowledge', faultId: id() }),
    recover: () => town.pass(3 * minute, { 'pju-1': shining }),
  }
}

describe('a shelved fault', () => {
  it('comes back when its time is over, and is announced if it is still true', () => {
    const { town, shelve } = oneLamp()
    expect(shelve(60)).toMatchObject({ done: true, fault: { shelvedUntil: night + hour, overdue: false } })
    town.skip(hour - 1)
    town.beat('broker')
    expect(town.fault('pju-1', 'lamp_failure')).toHaveProperty('shelvedUntil')
    town.skip(1)
    town.beat('broker')
    expect(town.fault('pju-1', 'lamp_failure')).not.toHaveProperty('shelvedUntil')
    expect(town.story().slice(1, 4)).toEqual([
      '0:00 shelved pju-1 lamp_failure by sari (suku cadang)',
      '60:00 unshelved pju-1 lamp_failure',
      '60:00 raised pju-1 lamp_failure (unshelved)',
    ])
  })

  it('that has cleared comes back without a word to announce', () => {
    const { town, shelve, recover } = oneLamp()
    shelve(60)
    recover()
    town.pass(hour, { 'pju-1': shining })
    expect(town.story().slice(2)).toEqual(['1:01 cleared pju-1 lamp_failure', '60:00 unshelved pju-1 lamp_failure'])
  })

  it('closed and raised anew before then is raised on the shelf', () => {
    const { town, fail, shelve, recover, acknowledge } = oneLamp()
    shelve(60)
    const [first] = town.events
    acknowledge()
    recover()
    town.pass(20 * minute, { 'pju-1': shining })
    fail()
    const fault = town.fault('pju-1', 'lamp_failure')
    expect(fault).toMatchObject({ shelvedUntil: night + hour, occurrences: 1 })
    expect(fault?.id).not.toBe(first?.fault.id)
    expect(fault).not.toHaveProperty('dueAt')
    town.skip(hour)
    town.beat('broker')
    expect(town.events.findLast(({ event }) => event === 'raised')).toMatchObject({
      fault: { id: fault?.id, announcedAt: night + hour },
      entry: { at: night + hour, note: 'unshelved' },
    })
  })

  it('closed, and not raised anew: the shelf is forgotten when its time is over', () => {
    const { town, fail, shelve, recover, acknowledge } = oneLamp()
    shelve(60)
    acknowledge()
    recover()
    town.pass(hour, { 'pju-1': shining })
    expect(town.written.state.get('device/pju-1')).toHaveLength(6)
    fail()
    expect(town.fault('pju-1', 'lamp_failure')).not.toHaveProperty('shelvedUntil')
  })

  it('is taken off by an operator, and announced', () => {
    const { town, shelve } = oneLamp()
    shelve(60)
    town.skip(minute)
    const faultId = town.fault('pju-1', 'lamp_failure')?.id ?? ''
    expect(town.ask({ action: 'unshelve', faultId, by: 'budi', note: 'barang datang' })).toMatchObject({ done: true })
    expect(town.story().slice(2)).toEqual([
      '1:00 unshelved pju-1 lamp_failure by budi (barang datang)',
      '1:00 raised pju-1 lamp_failure (unshelved)',
    ])
    town.skip(hour)
    town.beat('broker')
    expect(town.story().filter((line) => line.includes('shelved'))).toEqual([])
  })

  it('shelved once more has the newer time', () => {
    const { town, shelve } = oneLamp()
    shelve(60)
    shelve(120)
    town.skip(hour)
    town.beat('broker')
    expect(town.fault('pju-1', 'lamp_failure')).toMatchObject({ shelvedUntil: night + 2 * hour })
    shelve(30)
    town.skip(30 * minute)
    town.beat('broker')
    expect(town.fault('pju-1', 'lamp_failure')).not.toHaveProperty('shelvedUntil')
  })

  it.each([
    { role: 'operator', until: 0, code: 'shelving_invalid' },
    { role: 'operator', until: 1, code: undefined },
    { role: 'operator', until: 24 * hour, code: undefined },
    { role: 'operator', until: 24 * hour + 1, code: 'supervisor_needed' },
    { role: 'supervisor', until: 24 * hour + 1, code: undefined },
    { role: 'supervisor', until: 168 * hour, code: undefined },
    { role: 'administrator', until: 168 * hour + 1, code: 'shelving_invalid' },
  ] as const)('by a $role for $until ms: $code', ({ role, until, code }) => {
    const { town } = oneLamp()
    const faultId = town.fault('pju-1', 'lamp_failure')?.id ?? ''
    const verdict = town.ask({ action: 'shelve', faultId, reason: 'suku cadang', until: night + until, role })
    expect(verdict).toMatchObject(
      code === undefined ? { done: true, fault: { shelvedUntil: night + until } } : { done: false, code },
    )
  })

  it('that is a consequence is not announced for coming off its shelf', () => {
    const town = createTown({ at: night })
    town.register('pnl-1')
    town.register('pju-1', { cabinet: 'pnl-1' })
    town.report('pnl-1', powered)
    town.report('pju-1', shining, ['lamp_failure'])
    const all = (cabinet: Reading, lamp: Reading) => ({ 'pnl-1': cabinet, 'pju-1': lamp })
    town.pass(minute, all(dead, off))
    const faultId = town.fault('pju-1', 'lamp_failure')?.id ?? ''
    expect(town.fault('pju-1', 'lamp_failure')).toHaveProperty('parentId')
    town.ask({ action: 'shelve', faultId, reason: 'suku cadang', durationMin: 5 })
    town.pass(6 * minute, all(dead, off))
    expect(town.story().filter((line) => line.includes('lamp_failure') && line.includes('raised'))).toHaveLength(1)
    // Shelved once more, it outlives its cause on its shelf.
    town.ask({ action: 'shelve', faultId, reason: 'suku cadang', durationMin: 60 })
    town.pass(10 * minute, all(powered, off))
    const own = town.events.findLast(({ fault, event }) => fault.id === faultId && event === 'raised')
    expect(own).toMatchObject({ entry: { note: 'on its own' }, fault: { shelvedUntil: expect.any(Number) } })
    expect(own?.fault).not.toHaveProperty('announcedAt')
  })
})

it('one device’s shelf is not another’s, nor another code’s', () => {
  const { town, shelve } = oneLamp()
  town.register('pju-2')
  shelve(60)
  town.report('pju-2', shining, ['lamp_failure'])
  expect(town.fault('pju-2', 'lamp_failure')).not.toHaveProperty('shelvedUntil')
  town.pass(5 * minute + second)
  expect(town.fault('pju-1', 'comm_loss')).toMatchObject({ active: true })
  expect(town.fault('pju-1', 'comm_loss')).not.toHaveProperty('shelvedUntil')
})
