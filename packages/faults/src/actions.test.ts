import { describe, expect, it } from 'vitest'
import { type Town, createTown, minute, night, restored, shining } from '../test/town.ts'

function failing(): { town: Town; faultId: string } {
  const town = createTown({ at: night })
  town.register('pju-1')
  town.report('pju-1', shining, ['lamp_failure'])
  return { town, faultId: town.fault('pju-1', 'lamp_failure')?.id ?? '' }
}

describe('acknowledging', () => {
  it('is done, and answered with the fault as it is then', () => {
    const { town, faultId } = failing()
    town.act({ actionId: 'a', faultId, expectedRevision: 1 })
    expect(town.verdicts).toEqual([
      { actionId: 'a', at: night, done: true, fault: town.fault('pju-1', 'lamp_failure') },
    ])
    expect(town.fault('pju-1', 'lamp_failure')).toMatchObject({ revision: 2, acknowledgedBy: 'sari' })
  })

  it('by two operators at once: the second hears who was first', () => {
    const { town, faultId } = failing()
    town.act({ actionId: 'a', faultId, by: 'sari', expectedRevision: 1 })
    town.act({ actionId: 'b', faultId, by: 'budi', expectedRevision: 1 })
    expect(town.verdicts).toMatchObject([
      { actionId: 'a', done: true },
      { actionId: 'b', done: false, code: 'already_acknowledged', by: 'sari', fault: { id: faultId, revision: 2 } },
    ])
    expect(town.story()).toEqual(['0:00 raised pju-1 lamp_failure', '0:00 acknowledged pju-1 lamp_failure by sari'])
  })

  it('by two operators when the first closes the fault with it: the second hears of it all the same', () => {
    const { town, faultId } = failing()
    town.pass(3 * minute, { 'pju-1': shining })
    town.act({ actionId: 'a', faultId, by: 'sari' })
    town.act({ actionId: 'b', faultId, by: 'budi' })
    expect(town.verdicts).toMatchObject([
      { done: true, fault: { closedAt: town.now } },
      { done: false, code: 'already_acknowledged', by: 'sari' },
    ])
  })

  it('of an older revision is a conflict', () => {
    const { town, faultId } = failing()
    town.amend('updated', 'pju-1', { name: 'PJU 1' })
    town.act({ actionId: 'a', faultId, expectedRevision: 1 })
    expect(town.verdicts).toMatchObject([{ done: false, code: 'revision_conflict', fault: { revision: 2 } }])
    expect(town.fault('pju-1', 'lamp_failure')?.acknowledged).toBe(false)
  })

  it('of a fault that is not there', () => {
    const { town } = failing()
    town.act({ actionId: 'a', faultId: 'pju1000000.day_burner.0' })
    expect(town.verdicts).toEqual([{ actionId: 'a', at: night, done: false, code: 'fault_not_found' }])
  })

  it('asked again gets the same answer and changes nothing, also after a restart', () => {
    const { town, faultId } = failing()
    town.act({ actionId: 'a', faultId })
    town.pass(30 * minute)
    town.act({ actionId: 'a', faultId, by: 'budi' })
    const [first, second] = town.verdicts
    expect(second).toEqual(first)
    expect(town.events.filter(({ event }) => event === 'acknowledged')).toHaveLength(1)

    const engine = restored(town.written)
    const action = { actionId: 'a', faultId, action: 'acknowledge', by: 'budi' } as const
    engine.step({ type: 'action', position: 1e6, receivedAt: town.now, action })
    expect(engine.hasNews).toBe(true)
    expect(engine.takeEffects()).toMatchObject({ verdicts: [first], events: [] })
  })

  it('is forgotten after a day', () => {
    const { town, faultId } = failing()
    town.act({ actionId: 'a', faultId })
    expect(town.written.state.has('verdict/a')).toBe(true)
    town.skip(24 * 60 * minute)
    town.beat('broker')
    expect(town.written.state.has('verdict/a')).toBe(false)
    town.act({ actionId: 'a', faultId })
    expect(town.verdicts.at(-1)).toMatchObject({ code: 'already_acknowledged' })
  })
})

describe('closing', () => {
  it.each([
    { role: 'operator', code: 'supervisor_needed' },
    { role: 'supervisor', code: undefined },
    { role: undefined, code: undefined },
  ] as const)('what is active still, by a $role: $code', ({ role, code }) => {
    const { town, faultId } = failing()
    const verdict = town.ask({ action: 'close', faultId, reason: 'x', ...(role === undefined ? {} : { role }) })
    expect(verdict?.code).toBe(code)
    expect(town.fault('pju-1', 'lamp_failure') === undefined).toBe(code === undefined)
  })

  it('what has cleared is for operators', () => {
    const { town, faultId } = failing()
    town.pass(3 * minute, { 'pju-1': shining })
    expect(town.ask({ action: 'close', faultId, reason: 'x', role: 'operator' })).toMatchObject({ done: true })
  })
})
