import { describe, expect, it } from 'vitest'
import { createTown, dark, dead, minute, night, off, powered, second, shining } from '../test/town.ts'
import { maxTrail } from './lifecycle.ts'

/** A town with one lamp, which can be made to flag a fault and to be well again. */
function oneLamp() {
  const town = createTown({ at: night })
  town.register('pju-1', { agency: 'dishub' })
  return {
    town,
    fail() {
      town.pass(minute)
      town.report('pju-1', shining, ['lamp_failure'])
    },
    recover() {
      for (let i = 0; i < 2; i++) {
        town.pass(minute)
        town.report('pju-1', shining)
      }
    },
    acknowledge: (actionId: string) =>
      town.act({ actionId, faultId: town.fault('pju-1', 'lamp_failure')?.id ?? '', note: 'tim sudah jalan' }),
  }
}

describe('a fault', () => {
  it('is raised with everything that a control room needs', () => {
    const town = createTown({ at: night })
    town.register('pju-1', { agency: 'dishub', name: 'PJU Jalan Raya 1' })
    town.pass(2 * minute + second, { 'pju-1': dark })
    town.pass(second, { 'pju-1': dark })
    const at = night + 61 * second
    expect(town.events).toEqual([
      {
        v: 1,
        source: { epoch: 'e', position: expect.any(Number), n: 0 },
        event: 'raised',
        entry: { at, event: 'raised' },
        fault: {
          id: `pju1000000.lamp_failure.${at.toString(36)}`,
          uid: 'pju1000000',
          revision: 1,
          code: 'lamp_failure',
          severity: 'major',
          deviceId: 'pju-1',
          kind: 'streetlight',
          district: 'serpong',
          agency: 'dishub',
          name: 'PJU Jalan Raya 1',
          latitude: -6.3,
          longitude: 106.7,
          active: true,
          acknowledged: false,
          raisedAt: at,
          updatedAt: at,
          announcedAt: at,
          dueAt: { response: at + 20 * minute, repair: at + 120 * minute },
          overdue: false,
          children: 0,
          occurrences: 1,
          evidence: { powerW: 1, expectedPowerW: 100, dimPct: 100, voltageV: 229 },
          message: { en: 'Lamp out (1 W of 100 W)', id: 'Lampu padam (1 W dari seharusnya 100 W)' },
        },
      },
    ])
  })

  it('acknowledged, then cleared, is closed by the clearing', () => {
    const { town, fail, recover, acknowledge } = oneLamp()
    fail()
    acknowledge('a')
    recover()
    expect(town.story()).toEqual([
      '1:00 raised pju-1 lamp_failure',
      '1:00 acknowledged pju-1 lamp_failure by sari (tim sudah jalan)',
      '3:00 cleared pju-1 lamp_failure',
      '3:00 closed pju-1 lamp_failure',
    ])
    const [row] = town.written.archive.values()
    expect(row?.fault).toMatchObject({
      active: false,
      acknowledged: true,
      acknowledgedBy: 'sari',
      clearedAt: night + 3 * minute,
      closedAt: night + 3 * minute,
      revision: 4,
    })
    expect(row?.trail.map(({ event }) => event)).toEqual(['raised', 'acknowledged', 'cleared', 'closed'])
  })

  it('cleared, then acknowledged, is closed by the acknowledgement', () => {
    const { town, fail, recover, acknowledge } = oneLamp()
    fail()
    recover()
    town.pass(60 * minute, { 'pju-1': shining })
    acknowledge('a')
    expect(town.story().slice(1)).toEqual([
      '3:00 cleared pju-1 lamp_failure',
      '63:00 acknowledged pju-1 lamp_failure by sari (tim sudah jalan)',
      '63:00 closed pju-1 lamp_failure',
    ])
  })

  it.each([
    { by: 'a person', acknowledged: true },
    { by: 'whoever took on its cause', acknowledged: false },
  ])('shown on its own again is acknowledged still: $acknowledged, if it was by $by', ({ acknowledged: isOwn }) => {
    const town = createTown({ at: night })
    town.register('pnl-1')
    town.register('pju-1', { cabinet: 'pnl-1' })
    town.report('pnl-1', powered)
    town.report('pju-1', shining, ['lamp_failure'])
    if (isOwn) town.act({ actionId: 'a', faultId: town.fault('pju-1', 'lamp_failure')?.id ?? '', by: 'budi' })
    town.pass(minute, { 'pnl-1': dead })
    town.act({ actionId: 'b', faultId: town.fault('pnl-1', 'feeder_outage')?.id ?? '', by: 'sari' })
    expect(town.fault('pju-1', 'lamp_failure')).toMatchObject({ acknowledgedBy: isOwn ? 'budi' : 'sari' })
    town.pass(8 * minute, { 'pnl-1': powered, 'pju-1': off })
    const fault = town.fault('pju-1', 'lamp_failure')
    expect(fault).toMatchObject({ acknowledged: isOwn, ...(isOwn ? { acknowledgedBy: 'budi' } : {}) })
    expect(fault).not.toHaveProperty('parentId')
  })

  it('that nobody has acknowledged is opened again, whatever its age', () => {
    const { town, fail, recover } = oneLamp()
    fail()
    recover()
    const first = town.fault('pju-1', 'lamp_failure')
    town.pass(120 * minute, { 'pju-1': shining })
    fail()
    expect(town.fault('pju-1', 'lamp_failure')).toMatchObject({
      id: first?.id,
      raisedAt: first?.raisedAt,
      active: true,
      occurrences: 2,
    })
    expect(town.fault('pju-1', 'lamp_failure')).not.toHaveProperty('clearedAt')
  })

  it('closed less than 10 minutes ago is opened again, and has to be acknowledged again', () => {
    const { town, fail, recover, acknowledge } = oneLamp()
    fail()
    acknowledge('a')
    recover()
    const id = town.events.at(-1)?.fault.id
    town.pass(10 * minute - 1)
    town.report('pju-1', shining, ['lamp_failure'])
    expect(town.story().at(-1)).toBe('12:59 raised pju-1 lamp_failure #2')
    expect(town.fault('pju-1', 'lamp_failure')).toMatchObject({ id, occurrences: 2, active: true, acknowledged: false })
    expect(town.fault('pju-1', 'lamp_failure')).not.toHaveProperty('closedAt')
    // It has come back from the archive, and goes there once more.
    expect(town.written.archive.size).toBe(0)
    acknowledge('b')
    recover()
    expect([...town.written.archive.values()].map(({ fault }) => fault.occurrences)).toEqual([2])
  })

  it('closed 10 minutes ago stays closed, and another one is raised', () => {
    const { town, fail, recover, acknowledge } = oneLamp()
    fail()
    acknowledge('a')
    recover()
    const id = town.events.at(-1)?.fault.id
    town.pass(10 * minute)
    town.report('pju-1', shining, ['lamp_failure'])
    expect(town.fault('pju-1', 'lamp_failure')?.id).not.toBe(id)
    expect(town.fault('pju-1', 'lamp_failure')?.occurrences).toBe(1)
    expect(town.written.archive.size).toBe(1)
  })

  it('keeps a trail of bounded length, with its beginning and with what people did', () => {
    const { town, fail, recover, acknowledge } = oneLamp()
    fail()
    acknowledge('a')
    // Acknowledged as it is, every recovery closes it and every failure opens it again.
    const rounds = Math.ceil(maxTrail / 3) + 10
    for (let i = 0; i < rounds; i++) {
      recover()
      fail()
      acknowledge(`again ${i}`)
    }
    const [row] = town.written.faults.values()
    expect(row?.fault.occurrences).toBe(rounds + 1)
    expect(row?.trail).toHaveLength(maxTrail)
    expect(row?.trail.at(0)).toMatchObject({ at: night + minute, event: 'raised' })
    expect(row?.trail.filter(({ by }) => by !== undefined)).toHaveLength(rounds + 1)
    expect(row?.trail.slice(-3).map(({ event }) => event)).toEqual(['closed', 'raised', 'acknowledged'])
  })
})
