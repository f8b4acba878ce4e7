import { describe, expect, it } from 'vitest'
import { type Reading, type Town, createTown, minute, night, noon, powered, second, shining } from '../test/town.ts'

const unpowered: Reading = { voltageV: 2 }

function lampsOf(town: Town, count: number, more: object = {}): string[] {
  const ids = Array.from({ length: count }, (_, index) => `pju-${index + 10}`)
  for (const id of ids) town.register(id, { cabinet: 'pnl-1', circuit: 'A', ...more })
  return ids
}

function passWith(town: Town, durationMs: number, groups: [ids: readonly string[], reading: Reading][]): void {
  const reporting = groups.flatMap(([ids, reading]) => ids.map((id) => [id, reading] as const))
  town.pass(durationMs, Object.fromEntries([['pnl-1', powered], ...reporting]))
}

describe('lamps without voltage', () => {
  it.each([
    { lamps: 10, gone: 6, isOut: true },
    { lamps: 10, gone: 5, isOut: false },
    { lamps: 5, gone: 5, isOut: true },
    { lamps: 4, gone: 4, isOut: false },
    { lamps: 11, gone: 6, isOut: false },
  ])('$gone of $lamps are an outage: $isOut', ({ lamps, gone, isOut }) => {
    const town = createTown({ at: night })
    town.register('pnl-1')
    const ids = lampsOf(town, lamps)
    passWith(town, 2 * minute, [[ids, shining]])
    passWith(town, 3 * minute, [
      [ids.slice(0, gone), unpowered],
      [ids.slice(gone), shining],
    ])
    expect(town.isActive('pnl-1', 'feeder_outage')).toBe(isOut)
  })

  it.each([
    { whose: 'the city’s', city: { feeder_outage: { limits: { outAtLeast: 3 } } }, own: undefined, isOut: true },
    { whose: 'the cabinet’s', city: {}, own: { feeder_outage: { limits: { outAtLeast: 3 } } }, isOut: true },
    {
      whose: 'the cabinet’s before the city’s',
      city: { feeder_outage: { limits: { outAtLeast: 3 } } },
      own: { feeder_outage: { limits: { outAtLeast: 4 } } },
      isOut: false,
    },
  ])('are counted by $whose limits', ({ city, own, isOut }) => {
    const town = createTown({ at: night, rules: city })
    town.register('pnl-1', own === undefined ? {} : { rules: own })
    const ids = lampsOf(town, 3)
    passWith(town, 2 * minute, [[ids, shining]])
    passWith(town, 3 * minute, [[ids, unpowered]])
    expect(town.isActive('pnl-1', 'feeder_outage')).toBe(isOut)
  })

  it('are over as an outage when less than 20 % are gone', () => {
    const town = createTown({ at: night })
    town.register('pnl-1')
    const ids = lampsOf(town, 10)
    passWith(town, 2 * minute, [[ids, shining]])
    passWith(town, 3 * minute, [[ids, unpowered]])
    passWith(town, 3 * minute, [
      [ids.slice(0, 8), shining],
      [ids.slice(8), unpowered],
    ])
    expect(town.isActive('pnl-1', 'feeder_outage')).toBe(true)
    passWith(town, 3 * minute, [
      [ids.slice(0, 9), shining],
      [ids.slice(9), unpowered],
    ])
    expect(town.isActive('pnl-1', 'feeder_outage')).toBe(false)
  })

  it.each([
    { what: 'retired', apply: (town: Town, id: string) => town.amend('retired', id) },
    {
      what: 'behind another cabinet',
      apply: (town: Town, id: string) => town.amend('updated', id, { cabinet: 'pnl-2' }),
    },
  ])('are over as an outage when all of them are $what', ({ apply }) => {
    const town = createTown({ at: night })
    town.register('pnl-1')
    town.register('pnl-2')
    const ids = lampsOf(town, 10)
    passWith(town, 2 * minute, [[ids, shining]])
    passWith(town, 3 * minute, [[ids, unpowered]])
    expect(town.isActive('pnl-1', 'feeder_outage')).toBe(true)
    for (const id of ids) apply(town, id)
    expect(town.isActive('pnl-1', 'feeder_outage')).toBe(false)
  })

  it('are told as they are by now, while they go and come', () => {
    const town = createTown({ at: night })
    town.register('pnl-1')
    const ids = lampsOf(town, 6)
    passWith(town, 2 * minute, [[ids, shining]])
    passWith(town, 3 * minute, [
      [ids.slice(0, 5), unpowered],
      [ids.slice(5), shining],
    ])
    const words = () => town.fault('pnl-1', 'feeder_outage')?.message.en
    expect(words()).toBe('Feeder outage: 5 of 6 lamps of circuit A without supply')
    passWith(town, 3 * minute, [[ids, unpowered]])
    expect(words()).toBe('Feeder outage: 6 of 6 lamps of circuit A without supply')
    const told = town.events.length
    passWith(town, 2 * minute, [[ids, unpowered]])
    expect(town.events).toHaveLength(told)
  })

  it('one report without voltage is not enough', () => {
    const town = createTown({ at: night })
    town.register('pnl-1')
    const ids = lampsOf(town, 10)
    passWith(town, 2 * minute, [[ids, shining]])
    passWith(town, minute, [[ids, unpowered]])
    passWith(town, 2 * minute, [[ids, shining]])
    expect(town.story()).toEqual([])
  })

  it('that went one after the other over hours are no outage', () => {
    const town = createTown({ at: night })
    town.register('pnl-1')
    const ids = lampsOf(town, 6)
    passWith(town, 2 * minute, [[ids, shining]])
    for (let gone = 1; gone <= 6; gone++) {
      passWith(town, 8 * minute, [
        [ids.slice(0, gone), unpowered],
        [ids.slice(gone), shining],
      ])
    }
    expect(town.isActive('pnl-1', 'feeder_outage')).toBe(false)
  })

  it('are counted by phase as well as by circuit', () => {
    const town = createTown({ at: night })
    town.register('pnl-1')
    const ids = Array.from({ length: 15 }, (_, index) => `pju-${index + 10}`)
    for (const [index, id] of ids.entries()) {
      town.register(id, { cabinet: 'pnl-1', circuit: 'ABC'.charAt(index % 3), phase: index < 5 ? 'L1' : 'L2' })
    }
    passWith(town, 2 * minute, [[ids, shining]])
    passWith(town, 3 * minute, [
      [ids.slice(0, 5), unpowered],
      [ids.slice(5), shining],
    ])
    expect(town.fault('pnl-1', 'feeder_outage')).toMatchObject({
      evidence: { phase: 'L1', affected: 5, lamps: 5 },
      message: { en: 'Feeder outage: 5 of 5 lamps of phase L1 without supply' },
    })
  })

  it('lamps that were never heard are not counted', () => {
    const town = createTown({ at: night })
    town.register('pnl-1')
    const ids = lampsOf(town, 20)
    const heard = ids.slice(0, 6)
    passWith(town, 2 * minute, [[heard, shining]])
    passWith(town, 3 * minute, [[heard, unpowered]])
    expect(town.isActive('pnl-1', 'feeder_outage')).toBe(true)
  })

  it('behind an open contactor count neither way', () => {
    const town = createTown({ at: noon })
    town.register('pnl-1')
    const switched = lampsOf(town, 10, { supply: 'switched' })
    town.report('pnl-1', { ...powered, contactorClosed: true })
    passWith(town, 2 * minute, [[switched, shining]])
    town.report('pnl-1', { ...powered, contactorClosed: false })
    passWith(town, 10 * minute, [[switched, unpowered]])
    expect(town.story()).toEqual([])
  })

  it('count without those behind an open contactor', () => {
    const town = createTown({ at: noon })
    town.register('pnl-1')
    for (let i = 0; i < 10; i++) town.register(`pju-${i}`, { cabinet: 'pnl-1', circuit: 'A', supply: 'switched' })
    const switched = Array.from({ length: 10 }, (_, i) => `pju-${i}`)
    const permanent = lampsOf(town, 5)
    const [on, off] = [true, false].map((contactorClosed) => ({ ...powered, contactorClosed }))
    town.pass(2 * minute, Object.fromEntries([...switched, ...permanent].map((id) => [id, shining])))
    town.report('pnl-1', on ?? {})
    town.pass(second)
    town.report('pnl-1', off ?? {})
    passWith(town, 3 * minute, [[permanent, unpowered]])
    expect(town.fault('pnl-1', 'feeder_outage')).toMatchObject({ evidence: { affected: 5, lamps: 5 } })
  })

  it('that were gone when the voltage came back are not gone anew', () => {
    const town = createTown({ at: night })
    town.register('pnl-1')
    const ids = lampsOf(town, 10)
    const [last = '', ...others] = ids
    passWith(town, 2 * minute, [[ids, shining]])
    town.pass(5 * minute, { 'pnl-1': { voltageL1V: 0 }, [last]: shining })
    town.pass(2 * minute, { 'pnl-1': { voltageL1V: 230 }, [last]: shining })
    expect(town.isActive('pnl-1', 'feeder_outage')).toBe(false)
    // One more goes within ten minutes of the others, for a reason of its own.
    town.pass(2 * minute, { 'pnl-1': { voltageL1V: 230 }, [last]: unpowered })
    expect(town.fault('pnl-1', 'feeder_outage')).toMatchObject({ active: false, occurrences: 1 })
    expect(others.every((id) => town.isActive(id, 'comm_loss'))).toBe(true)
  })

  it('long intervals: onset counts within one of them', () => {
    const town = createTown({ at: night })
    town.register('pnl-1')
    const ids = lampsOf(town, 6, { intervalS: 3_600 })
    for (const id of ids) {
      town.pass(8 * minute)
      town.report(id, shining)
    }
    // Lost one after the other over 40 minutes, three hours later.
    town.pass(240 * minute, { 'pnl-1': powered })
    expect(town.fault('pnl-1', 'feeder_outage')).toMatchObject({ active: true, children: 6 })
  })
})

describe('what is seen right before', () => {
  it('is gathered in, what is older is not', () => {
    const town = createTown({ at: night })
    town.register('pnl-1')
    const ids = lampsOf(town, 3)
    passWith(town, minute, [[ids, shining]])
    town.report(ids[0] ?? '', shining, ['lamp_failure'])
    passWith(town, 11 * minute, [[ids.slice(1), shining]])
    town.report(ids[1] ?? '', shining, ['lamp_failure'])
    town.pass(second)
    town.story()
    town.report('pnl-1', { voltageL1V: 1, voltageL2V: 1, voltageL3V: 1 })
    expect(town.story()).toEqual([
      '12:01 raised pnl-1 feeder_outage',
      // Lost since 4:01; its lamp failure of 1:00 is older than 10 minutes.
      '12:01 updated pju-10 comm_loss under feeder_outage (consequence)',
      '12:01 updated pju-11 lamp_failure under feeder_outage (consequence)',
      '12:01 updated pnl-1 feeder_outage ×2',
    ])
    expect(town.fault('pju-10', 'lamp_failure')?.parentId).toBeUndefined()
  })
})
