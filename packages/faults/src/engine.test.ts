// What a town lives through, told as the engine tells it: every event, in order.
import { describe, expect, it } from 'vitest'
import {
  type Reading,
  city,
  createTown,
  dark,
  dawn,
  dead,
  dusk,
  minute,
  night,
  noon,
  off,
  powered,
  second,
  shining,
} from '../test/town.ts'
import { createSun } from './sun.ts'

const closed: Reading = { ...powered, contactorClosed: true }
const open: Reading = { ...powered, contactorClosed: false }

/** Ids pju-01 to pju-N. */
function lampIds(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `pju-${String(index + 1).padStart(2, '0')}`)
}

function all(ids: readonly string[], reading: Reading): Record<string, Reading> {
  return Object.fromEntries(ids.map((id) => [id, reading]))
}

/** The story without times, what several lamps did alike told once, and without the outage's counting of them. */
function inShort(story: readonly string[]): string[] {
  const short: { text: string; count: number }[] = []
  for (const line of story) {
    if (/×\d+$/.test(line)) continue
    const text = line.replace(/^\S+ /, '').replace(/pju-\d+/, 'lamp')
    const same = short.find((each) => each.text === text)
    if (same === undefined) short.push({ text, count: 1 })
    else same.count++
  }
  return short.map(({ text, count }) => (count === 1 ? text : `${count} times ${text}`))
}

describe('a cabinet is cut', () => {
  it('one outage, its lamps silent beneath it, and all is restored', () => {
    const town = createTown({ at: night })
    const lamps = lampIds(42)
    town.register('pnl-1')
    for (const id of lamps) town.register(id, { cabinet: 'pnl-1', circuit: 'A', phase: 'L1' })
    town.pass(5 * minute, { 'pnl-1': powered, ...all(lamps, shining) })
    expect(town.story()).toEqual([])

    // Its controller has a battery; the lamps have none, and their wills come a little later.
    town.report('pnl-1', dead)
    town.pass(30 * second, { 'pnl-1': dead })
    for (const id of lamps) town.status(id, { online: false, will: true })
    town.pass(10 * minute, { 'pnl-1': dead })
    expect(inShort(town.story())).toEqual([
      'raised pnl-1 feeder_outage',
      '42 times raised lamp comm_loss under feeder_outage',
      'raised pnl-1 low_voltage under feeder_outage',
    ])
    expect(town.fault('pnl-1', 'feeder_outage')).toMatchObject({ active: true, children: 43 })

    const outage = town.fault('pnl-1', 'feeder_outage')?.id ?? ''
    town.act({ actionId: 'a', faultId: outage })
    town.reconnect()
    town.pass(3 * minute, { 'pnl-1': powered, ...all(lamps, shining) })
    expect(inShort(town.story())).toEqual([
      'acknowledged pnl-1 feeder_outage by sari',
      '42 times acknowledged lamp comm_loss under feeder_outage by sari (with its cause)',
      'acknowledged pnl-1 low_voltage under feeder_outage by sari (with its cause)',
      '42 times cleared lamp comm_loss under feeder_outage',
      '42 times closed lamp comm_loss under feeder_outage',
      'cleared pnl-1 feeder_outage',
      'closed pnl-1 feeder_outage',
      'cleared pnl-1 low_voltage under feeder_outage',
      'closed pnl-1 low_voltage under feeder_outage',
    ])
    expect([...town.written.faults.keys()]).toEqual([])
    town.pass(60 * minute, { 'pnl-1': powered, ...all(lamps, shining) })
    expect(town.story()).toEqual([])
  })

  it('that goes silent itself is found by its lamps, and the first of them are gathered in', () => {
    const town = createTown({ at: night })
    const lamps = lampIds(10)
    town.register('pnl-1')
    for (const id of lamps) town.register(id, { cabinet: 'pnl-1', circuit: 'A' })
    town.pass(5 * minute, { 'pnl-1': powered, ...all(lamps, shining) })
    town.pass(5 * minute)
    expect(town.story()).toEqual([
      // Each of them three minutes after its last word.
      '7:01 raised pnl-1 comm_loss',
      '7:05 raised pju-09 comm_loss',
      '7:08 raised pju-01 comm_loss',
      '7:12 raised pju-10 comm_loss',
      '7:15 raised pju-02 comm_loss',
      '7:22 raised pju-03 comm_loss',
      '7:29 raised pnl-1 feeder_outage',
      '7:29 updated pju-01 comm_loss under feeder_outage (consequence)',
      '7:29 updated pju-02 comm_loss under feeder_outage (consequence)',
      '7:29 updated pju-03 comm_loss under feeder_outage (consequence)',
      '7:29 updated pju-09 comm_loss under feeder_outage (consequence)',
      '7:29 updated pju-10 comm_loss under feeder_outage (consequence)',
      '7:29 updated pnl-1 comm_loss under feeder_outage (consequence)',
      '7:29 raised pju-04 comm_loss under feeder_outage',
      '7:30 updated pnl-1 feeder_outage ×7',
      '7:36 raised pju-05 comm_loss under feeder_outage',
      '7:37 updated pnl-1 feeder_outage ×8',
      '7:43 raised pju-06 comm_loss under feeder_outage',
      '7:44 updated pnl-1 feeder_outage ×9',
      '7:50 raised pju-07 comm_loss under feeder_outage',
      '7:51 updated pnl-1 feeder_outage ×10',
      '7:57 raised pju-08 comm_loss under feeder_outage',
      '7:58 updated pnl-1 feeder_outage ×11',
    ])
    expect(town.fault('pnl-1', 'feeder_outage')).toMatchObject({
      evidence: { circuit: 'A', affected: 10, lamps: 10 },
      message: {
        en: 'Feeder outage: 10 of 10 lamps of circuit A without supply',
        id: 'Penyulang padam: 10 dari 10 lampu di sirkuit A tanpa pasokan',
      },
    })
  })

  it('lamps that stay dark when the voltage is back are shown on their own after their time', () => {
    const town = createTown({ at: night })
    const lamps = lampIds(6)
    town.register('pnl-1')
    for (const id of lamps) town.register(id, { cabinet: 'pnl-1', circuit: 'A' })
    town.pass(2 * minute, { 'pnl-1': powered, ...all(lamps, shining) })
    town.report('pnl-1', dead)
    town.pass(6 * minute, { 'pnl-1': dead })
    town.act({ actionId: 'a', faultId: town.fault('pnl-1', 'feeder_outage')?.id ?? '' })
    town.story()
    const [broken = '', ...fine] = lamps
    town.pass(10 * minute, { 'pnl-1': powered, ...all(fine, shining) })
    expect(town.story().filter((line) => line.includes(broken) || line.includes('feeder_outage'))).toEqual(
      expect.arrayContaining([
        '9:01 cleared pnl-1 feeder_outage',
        '9:01 closed pnl-1 feeder_outage',
        '12:01 raised pju-01 comm_loss (on its own)',
      ]),
    )
    expect(town.fault(broken, 'comm_loss')).toMatchObject({ active: true, acknowledged: false, occurrences: 1 })
    expect(town.fault(broken, 'comm_loss')).not.toHaveProperty('parentId')
    expect(town.written.faults.size).toBe(1)
  })

  it('a circuit that stays dark when the voltage is back is an outage again', () => {
    const town = createTown({ at: night })
    const lamps = lampIds(8)
    town.register('pnl-1')
    for (const id of lamps) town.register(id, { cabinet: 'pnl-1', circuit: 'A' })
    town.pass(2 * minute, { 'pnl-1': powered, ...all(lamps, shining) })
    town.report('pnl-1', dead)
    town.pass(6 * minute, { 'pnl-1': dead })
    town.story()
    town.pass(10 * minute, { 'pnl-1': powered })
    const story = town.story()
    expect(story.at(0)).toBe('9:01 cleared pnl-1 feeder_outage')
    expect(story.filter((line) => line.includes('raised'))).toEqual(['12:01 raised pnl-1 feeder_outage #2'])
    expect(town.isActive('pnl-1', 'feeder_outage')).toBe(true)
    expect(town.fault('pnl-1', 'feeder_outage')).toMatchObject({ occurrences: 2, children: 8, evidence: { lamps: 8 } })
  })

  it('and its cabinet never heard again: the lamps tell that the voltage is back', () => {
    const town = createTown({ at: night })
    const lamps = lampIds(10)
    town.register('pnl-1')
    for (const id of lamps) town.register(id, { cabinet: 'pnl-1', circuit: 'A' })
    town.pass(2 * minute, { 'pnl-1': powered, ...all(lamps, shining) })
    town.pass(minute, { 'pnl-1': dead })
    town.pass(10 * minute)
    expect(town.fault('pnl-1', 'feeder_outage')).toMatchObject({ active: true, children: 11 })
    town.pass(30 * second, all(lamps, shining))
    expect(town.isActive('pnl-1', 'feeder_outage')).toBe(true)
    town.pass(5 * minute, all(lamps, shining))
    expect(town.isActive('pnl-1', 'feeder_outage')).toBe(false)
    // What is wrong with the cabinet now is its own trouble.
    expect(town.fault('pnl-1', 'comm_loss')).toMatchObject({ active: true })
    expect(town.fault('pnl-1', 'comm_loss')?.parentId).toBeUndefined()
  })

  it('whoever has acknowledged the outage has acknowledged what follows from it', () => {
    const town = createTown({ at: night })
    town.register('pnl-1')
    town.register('pju-01', { cabinet: 'pnl-1' })
    town.pass(minute, { 'pnl-1': powered, 'pju-01': shining })
    town.report('pnl-1', dead)
    town.act({ actionId: 'a', faultId: town.fault('pnl-1', 'feeder_outage')?.id ?? '' })
    town.pass(4 * minute, { 'pnl-1': dead })
    town.pass(4 * minute, { 'pnl-1': powered, 'pju-01': shining })
    expect(town.story().filter((line) => line.includes('comm_loss'))).toEqual([
      '3:08 raised pju-01 comm_loss under feeder_outage',
      '3:08 acknowledged pju-01 comm_loss under feeder_outage by sari (with its cause)',
      '5:08 cleared pju-01 comm_loss under feeder_outage',
      '5:08 closed pju-01 comm_loss under feeder_outage',
    ])
    expect(town.written.faults.size).toBe(0)
  })

  it('phase after phase: its words follow, and not with every reading', () => {
    const town = createTown({ at: night })
    town.register('pnl-1')
    town.pass(2 * minute, { 'pnl-1': powered })
    town.pass(5 * minute, { 'pnl-1': { ...powered, voltageL1V: 3 } })
    town.pass(2 * minute, { 'pnl-1': { voltageL1V: 1, voltageL2V: 2, voltageL3V: 3 } })
    town.pass(minute, { 'pnl-1': { voltageL1V: 2, voltageL2V: 4, voltageL3V: 0 } })
    expect(town.story()).toEqual(['2:01 raised pnl-1 feeder_outage', '7:01 updated pnl-1 feeder_outage'])
    expect(town.fault('pnl-1', 'feeder_outage')).toMatchObject({
      evidence: { phases: 'L1, L2, L3', voltageL1V: 3, voltageL2V: 2, voltageL3V: 3 },
      message: {
        en: 'Feeder outage: no voltage on L1, L2, L3',
        id: 'Penyulang padam: tidak ada tegangan di fasa L1, L2, L3',
      },
    })
    town.pass(5 * minute, { 'pnl-1': { voltageL1V: 1, voltageL2V: 229, voltageL3V: 230 } })
    expect(town.fault('pnl-1', 'feeder_outage')?.message.en).toBe('Feeder outage: no voltage on L1')
  })

  it('only one phase: only its lamps are explained by it', () => {
    const town = createTown({ at: night })
    town.register('pnl-1')
    town.register('pju-01', { cabinet: 'pnl-1', phase: 'L1' })
    town.register('pju-02', { cabinet: 'pnl-1', phase: 'L2' })
    town.pass(2 * minute, { 'pnl-1': powered, 'pju-01': shining, 'pju-02': shining })
    const halfDead = { ...powered, voltageL1V: 0 }
    town.pass(6 * minute, { 'pnl-1': halfDead })
    expect(inShort(town.story()).filter((line) => line.includes('comm_loss'))).toEqual([
      'raised lamp comm_loss under feeder_outage',
      'raised lamp comm_loss',
    ])
    expect(town.fault('pju-01', 'comm_loss')?.parentId).toBe(town.fault('pnl-1', 'feeder_outage')?.id)
  })
})

describe('one phase of a cabinet sags', () => {
  const sagging: Reading = { ...powered, voltageL1V: 200 }
  const dim: Reading = { ...shining, voltageV: 195 }
  const near = lampIds(7)
  const [far, ...others] = ['pju-98', 'pju-99']

  /** Seven lamps on L1, two on L2; the cabinet reports first or last of all. */
  function townWith(intervalS: number) {
    const town = createTown({ at: night })
    town.register('pnl-1', { intervalS })
    for (const id of near) town.register(id, { cabinet: 'pnl-1', phase: 'L1' })
    for (const id of [far, ...others]) town.register(id, { cabinet: 'pnl-1', phase: 'L2' })
    return town
  }
  const rows = (town: ReturnType<typeof createTown>) =>
    [...town.written.faults.values()].filter(({ fault }) => fault.active && fault.parentId === undefined)

  it.each([
    { first: 'the cabinet', order: [['pnl-1', sagging] as const, ...Object.entries(all(near, dim))] },
    { first: 'the lamps', order: [...Object.entries(all(near, dim)), ['pnl-1', sagging] as const] },
  ])('one fault, told by $first first, with its lamps beneath it', ({ order }) => {
    const town = townWith(60)
    town.pass(20 * minute, { ...Object.fromEntries(order), ...all([far, ...others], shining) })
    expect(rows(town).map(({ fault }) => fault)).toMatchObject([
      { deviceId: 'pnl-1', code: 'low_voltage', children: 7 },
    ])

    town.act({ actionId: 'a', faultId: town.fault('pnl-1', 'low_voltage')?.id ?? '' })
    town.pass(4 * minute, { 'pnl-1': powered, ...all([...near, far, ...others], shining) })
    expect(town.written.faults.size).toBe(0)
  })

  it('a phase with too much voltage is one fault too, and that of a lamp on another phase its own', () => {
    const town = townWith(60)
    const high = { ...shining, voltageV: 258 }
    const reporting = { 'pnl-1': { ...powered, voltageL1V: 259 }, ...all(near, high), [far]: high }
    town.pass(20 * minute, { ...reporting, 'pju-99': shining })
    const found = rows(town).map(({ fault: { deviceId, code, children } }) => `${deviceId} ${code} ${children}`)
    expect(found.toSorted()).toEqual([`${far} high_voltage 0`, 'pnl-1 high_voltage 7'])
    town.pass(4 * minute, { 'pnl-1': powered, ...all([...near, far, ...others], shining) })
    expect(rows(town)).toEqual([])
  })

  it('told by a cabinet that seldom reports: gathered in when it does', () => {
    const town = townWith(900)
    town.pass(14 * minute, all(near, dim))
    expect(rows(town)).toHaveLength(7)
    for (let i = 0; i < 15; i++) {
      town.report('pnl-1', sagging)
      town.pass(minute, all(near, dim))
    }
    expect(rows(town).map(({ fault }) => fault)).toMatchObject([{ deviceId: 'pnl-1', children: 7 }])
  })

  it('the low voltage of a lamp on another phase is its own, and that of one which stays low', () => {
    const town = townWith(60)
    const reporting = { 'pnl-1': sagging, ...all(near, dim), [far]: dim }
    town.pass(20 * minute, reporting)
    expect(rows(town).map(({ fault }) => fault.deviceId)).toEqual(expect.arrayContaining(['pnl-1', far]))
    expect(rows(town)).toHaveLength(2)
    // Now that phase sags too.
    town.pass(2 * minute, { ...reporting, 'pnl-1': { ...sagging, voltageL2V: 198 }, 'pju-99': dim })
    town.pass(12 * minute, { ...reporting, 'pnl-1': { ...sagging, voltageL2V: 198 }, 'pju-99': dim })
    expect(town.fault('pju-99', 'low_voltage')?.parentId).toBe(town.fault('pnl-1', 'low_voltage')?.id)
    town.pass(20 * minute, { 'pnl-1': powered, ...all([...near, far], shining), 'pju-99': dim })
    expect(rows(town).map(({ fault }) => fault)).toMatchObject([{ deviceId: 'pju-99', acknowledged: false }])
  })

  it('and then is cut: its lamps stay where they are, and who takes on the outage takes on what is beneath', () => {
    const town = townWith(60)
    town.pass(12 * minute, { 'pnl-1': sagging, ...all(near, dim) })
    const sag = town.fault('pnl-1', 'low_voltage')?.id
    town.pass(12 * minute, { 'pnl-1': dead, ...all(near, { voltageV: 0 }) })
    const outage = town.fault('pnl-1', 'feeder_outage')?.id ?? ''
    expect(near.map((id) => town.fault(id, 'low_voltage')?.parentId)).toEqual(near.map(() => sag))
    expect(town.fault('pnl-1', 'low_voltage')?.parentId).toBe(outage)
    town.act({ actionId: 'a', faultId: outage })
    expect(near.map((id) => town.fault(id, 'low_voltage')?.acknowledgedBy)).toEqual(near.map(() => 'sari'))
  })
})

describe('the broker is out for 20 minutes', () => {
  it('no device is lost for it, and those that do not come back are, after a fair chance', () => {
    const town = createTown({ at: night })
    const lamps = lampIds(30)
    for (const id of lamps) town.register(id)
    town.pass(5 * minute, all(lamps, shining))
    town.skip(20 * minute)
    town.reconnect()
    expect(town.engine.blind).toEqual([])
    const [gone = '', ...back] = lamps
    town.pass(30 * minute, all(back, shining))
    expect(town.story()).toEqual(['28:01 raised pju-01 comm_loss'])
    expect(town.isActive(gone, 'comm_loss')).toBe(true)
  })

  it('another source tells that it is blind, and what was heard through that one is watched all along', () => {
    const town = createTown({ at: night, sources: ['broker', 'http'] })
    town.register('pju-01')
    town.register('ap-1')
    town.register('ap-2')
    town.pass(minute, { 'pju-01': shining })
    const through = { source: 'http' }
    for (const id of ['ap-1', 'ap-2']) town.objects(id, [{ fields: { clients: 3 }, faults: [] }], through)
    const blindSince = town.now
    town.beating.delete('broker')
    const passWithClients = (minutes: number) => {
      for (let i = 0; i < minutes; i++) {
        town.pass(minute)
        town.objects('ap-1', [{ fields: { clients: 3 }, faults: [] }], through)
      }
    }
    passWithClients(20)
    expect(town.engine.blind).toEqual([{ source: 'broker', since: blindSince }])
    expect(town.story()).toEqual(['4:00 raised ap-2 comm_loss'])
    town.beating.add('broker')
    passWithClients(3)
    expect(town.engine.blind).toEqual([])
    expect(town.story()).toEqual([])
    town.pass(2 * second)
    expect(town.story()).toEqual(['24:01 raised pju-01 comm_loss'])
  })

  it('a delay that ends while nobody listens raises nothing', () => {
    const town = createTown({ at: night, sources: ['broker', 'http'] })
    town.register('pju-01')
    town.pass(10 * minute - 15 * second, { 'pju-01': { ...shining, voltageV: 200 } })
    town.beating.delete('broker')
    town.pass(20 * minute)
    expect(town.story()).toEqual([])
  })

  it('a consequence that has outlived its cause is not blamed for it before it had its time', () => {
    const town = createTown({ at: night, sources: ['broker', 'http'] })
    const [broken = '', ...fine] = lampIds(4)
    town.register('pnl-1')
    for (const id of [broken, ...fine]) town.register(id, { cabinet: 'pnl-1' })
    town.pass(2 * minute, { 'pnl-1': powered, ...all([broken, ...fine], shining) })
    town.pass(6 * minute, { 'pnl-1': dead })
    town.pass(2 * minute, { 'pnl-1': powered, ...all(fine, shining) })
    expect(town.story().at(-1)).toBe('9:01 cleared pnl-1 feeder_outage')
    town.beating.delete('broker')
    town.pass(20 * minute)
    expect(town.story()).toEqual([])
    town.beating.add('broker')
    town.pass(5 * minute, { 'pnl-1': powered, ...all(fine, shining) })
    expect(town.story()).toEqual(['33:01 raised pju-01 comm_loss (on its own)', '33:02 updated pnl-1 feeder_outage ×3'])
  })

  it('a source that turns messages away is blind', () => {
    const town = createTown({ at: night, sources: [] })
    town.register('pju-01')
    town.report('pju-01', shining)
    for (let i = 0; i < 600; i++) {
      town.beat('broker', false)
      town.skip(second)
    }
    expect(town.engine.blind).toEqual([{ source: 'broker', since: night }])
    town.beat('broker', true)
    town.report('pju-01', shining)
    expect(town.engine.blind).toEqual([])
    expect(town.story()).toEqual([])
  })
})

describe('a connection breaks', () => {
  it('and is back within two minutes: nothing', () => {
    const town = createTown({ at: night })
    town.register('pju-01')
    town.pass(minute, { 'pju-01': shining })
    town.status('pju-01', { online: false, will: true })
    town.pass(119 * second)
    town.reconnect()
    town.status('pju-01', { online: true })
    town.pass(10 * minute, { 'pju-01': shining })
    expect(town.story()).toEqual([])
  })

  it('and is not back after two minutes: lost, until it is heard again', () => {
    const town = createTown({ at: night })
    town.register('pju-01')
    town.pass(minute, { 'pju-01': shining })
    town.status('pju-01', { online: false, will: true })
    town.pass(2 * minute)
    town.reconnect()
    // Retained: a state, not a sign of life.
    town.status('pju-01', { online: true })
    town.pass(10 * second)
    town.report('pju-01', shining)
    expect(town.story()).toEqual(['3:00 raised pju-01 comm_loss', '3:10 cleared pju-01 comm_loss'])
  })

  it('the will of a connection that another one has followed is ignored', () => {
    const town = createTown({ at: night })
    town.register('pju-01')
    town.pass(minute, { 'pju-01': shining })
    town.reconnect()
    town.status('pju-01', { online: true })
    town.status('pju-01', { online: false, will: true, session: 1 })
    town.pass(10 * minute, { 'pju-01': shining })
    expect(town.story()).toEqual([])
  })

  it('a will that comes before the new birth does no harm', () => {
    const town = createTown({ at: night })
    town.register('pju-01')
    town.pass(minute, { 'pju-01': shining })
    town.status('pju-01', { online: false, will: true })
    town.reconnect()
    town.status('pju-01', { online: true })
    town.pass(10 * minute, { 'pju-01': shining })
    expect(town.story()).toEqual([])
  })
})

describe('lamps behind a contactor', () => {
  it('dark and silent by day, given time at dusk, missed only then', () => {
    const town = createTown({ at: dawn - 30 * minute })
    const lamps = lampIds(12)
    town.register('pnl-1')
    for (const id of lamps) town.register(id, { cabinet: 'pnl-1', circuit: 'A', supply: 'switched' })
    town.pass(30 * minute, { 'pnl-1': closed, ...all(lamps, shining) })
    // The contactor opens: last gasps, broken connections, then nothing for twelve hours.
    for (const id of lamps.slice(0, 6)) town.report(id, { powerW: 0, voltageV: 3 })
    for (const id of lamps) town.status(id, { online: false, will: true })
    town.pass(dusk - dawn + 15 * minute, { 'pnl-1': open })
    expect(town.story()).toEqual([])
    const closedAt = town.now
    town.reconnect()
    const [gone = '', ...back] = lamps
    town.pass(10 * minute, { 'pnl-1': closed, ...all(back, shining) })
    expect(town.fault(gone, 'comm_loss')).toMatchObject({ raisedAt: closedAt + second + 3 * minute + 1 })
    expect(town.written.faults.size).toBe(1)
  })

  it('lost in an outage at night, they are missed when the contactor closes in the evening and not before', () => {
    const town = createTown({ at: dawn - 60 * minute })
    const lamps = lampIds(12)
    town.register('pnl-1')
    for (const id of lamps) town.register(id, { cabinet: 'pnl-1', circuit: 'A', phase: 'L1', supply: 'switched' })
    town.pass(5 * minute, { 'pnl-1': closed, ...all(lamps, shining) })
    town.pass(30 * minute, { 'pnl-1': { ...closed, ...dead } })
    expect(town.fault('pnl-1', 'feeder_outage')).toMatchObject({ active: true, children: 13 })
    town.pass(30 * minute, { 'pnl-1': { ...open, ...dead } })
    town.story()
    // The supply is back by day, and nobody knows of the lamps.
    town.pass(dusk - dawn, { 'pnl-1': open })
    expect(town.isActive('pnl-1', 'feeder_outage')).toBe(false)
    expect(town.story().filter((line) => line.includes('raised') || line.includes('pju'))).toEqual([])
    const [gone = '', ...back] = lamps
    const closedAt = town.now
    town.pass(10 * minute, { 'pnl-1': closed, ...all(back, shining) })
    expect(town.story().filter((line) => line.includes('raised'))).toHaveLength(1)
    const row = town.written.faults.get(town.fault(gone, 'comm_loss')?.id ?? '')
    expect(row?.trail.at(-1)).toEqual({
      at: closedAt + second + 3 * minute + 1,
      event: 'raised',
      note: 'on its own',
    })
    expect(back.filter((id) => town.isActive(id, 'comm_loss'))).toEqual([])
  })

  it('lost together with their cabinet, which is back by day: the outage is over', () => {
    const town = createTown({ at: dawn - 60 * minute })
    const lamps = lampIds(12)
    town.register('pnl-1')
    for (const id of lamps) town.register(id, { cabinet: 'pnl-1', circuit: 'A', supply: 'switched' })
    town.pass(5 * minute, { 'pnl-1': closed, ...all(lamps, shining) })
    town.pass(4 * 60 * minute)
    // Daylight is no reason to believe that the supply is back.
    town.amend('retired', lamps[0] ?? '')
    town.pass(minute)
    expect(town.fault('pnl-1', 'feeder_outage')).toMatchObject({
      active: true,
      evidence: { affected: 11, lamps: 11 },
    })
    town.pass(5 * minute, { 'pnl-1': open })
    expect(town.isActive('pnl-1', 'feeder_outage')).toBe(false)
    expect(town.isActive('pnl-1', 'comm_loss')).toBe(false)
  })

  it('that are back with only some of their phases: the outage is not over', () => {
    const town = createTown({ at: noon })
    const lamps = lampIds(6)
    town.register('pnl-1')
    for (const id of lamps) town.register(id, { cabinet: 'pnl-1', circuit: 'A', supply: 'switched' })
    town.pass(2 * minute, { 'pnl-1': open, ...all(lamps, off) })
    town.pass(5 * minute, { 'pnl-1': { ...open, ...dead } })
    town.pass(5 * minute)
    town.pass(5 * minute, { 'pnl-1': { ...open, voltageL2V: 0 } })
    expect(town.fault('pnl-1', 'feeder_outage')).toMatchObject({ active: true, occurrences: 1 })
  })

  it('with batteries of their own, which tell that there is no voltage: not held against them at dusk', () => {
    const town = createTown({ at: dusk })
    const lamps = lampIds(10)
    town.register('pnl-1')
    for (const id of lamps) town.register(id, { cabinet: 'pnl-1', circuit: 'A', supply: 'switched' })
    const unlit = { dimPct: 0, powerW: 0, voltageV: 0 }
    town.pass(60 * minute, { 'pnl-1': open, ...all(lamps, unlit) })
    // Night by now. What they measured before comes after the word of the cabinet.
    town.report('pnl-1', closed)
    town.pass(2 * minute, { 'pnl-1': closed, ...all(lamps, unlit) })
    town.pass(10 * minute, { 'pnl-1': closed, ...all(lamps, shining) })
    expect(town.story()).toEqual([])
    // Another evening on which their voltage does not come.
    town.pass(10 * minute, { 'pnl-1': open, ...all(lamps, unlit) })
    town.report('pnl-1', closed)
    town.pass(5 * minute, { 'pnl-1': closed, ...all(lamps, unlit) })
    expect(inShort(town.story()).slice(0, 2)).toEqual([
      'raised pnl-1 feeder_outage',
      '4 times updated pnl-1 feeder_outage',
    ])
  })

  it('where nobody tells of the contactor, the night decides', () => {
    const town = createTown({ at: noon })
    town.register('pju-01', { supply: 'switched' })
    town.pass(minute, { 'pju-01': off })
    town.pass(8 * 60 * minute)
    const nightfall = createSun(city.centre).nightSince(town.now)
    expect(town.story()).toHaveLength(1)
    expect(town.fault('pju-01', 'comm_loss')?.raisedAt).toBe(nightfall + 3 * minute + 1)
  })

  it('the word of a cabinet that is older than their silence does not count by day', () => {
    const town = createTown({ at: dawn })
    const lamps = lampIds(6)
    town.register('pnl-1', { intervalS: 900 })
    for (const id of lamps) town.register(id, { cabinet: 'pnl-1', circuit: 'A', supply: 'switched' })
    town.report('pnl-1', closed)
    town.pass(2 * minute, all(lamps, shining))
    town.pass(13 * minute)
    town.report('pnl-1', open)
    town.pass(60 * minute, { 'pnl-1': open })
    expect(town.story()).toEqual([])
  })

  it('nor that of a cabinet that nobody hears any more', () => {
    const town = createTown({ at: dusk - 30 * minute })
    town.register('pnl-1')
    town.register('pju-01', { cabinet: 'pnl-1', supply: 'switched' })
    town.pass(2 * minute, { 'pnl-1': open, 'pju-01': off })
    // It closes at dusk, but its cabinet cannot say so.
    town.pass(90 * minute, { 'pju-01': shining })
    town.pass(4 * minute)
    expect(town.story().map((line) => line.replace(/^\S+ /, ''))).toEqual([
      'raised pnl-1 comm_loss',
      'raised pju-01 comm_loss',
    ])
  })

  it('their voltage is nobody’s concern while it is open', () => {
    const town = createTown({ at: noon })
    town.register('pnl-1')
    town.register('pju-01', { cabinet: 'pnl-1', supply: 'switched' })
    const reading = { dimPct: 0, powerW: 0, voltageV: 0 }
    town.pass(30 * minute, { 'pnl-1': open, 'pju-01': reading })
    expect(town.story()).toEqual([])
    town.pass(15 * minute, { 'pnl-1': closed, 'pju-01': reading })
    expect(town.story().map((line) => line.replace(/^\S+ /, ''))).toEqual(['raised pju-01 low_voltage'])
  })
})

describe('clocks', () => {
  it('a lamp whose clock begins in 2000 after every power cut is judged all the same', () => {
    const town = createTown({ at: night })
    town.register('pju-01')
    town.pass(3 * minute, { 'pju-01': shining })
    for (const uptimeMinutes of [30, 40]) {
      for (let i = 1; i <= uptimeMinutes; i++) {
        town.pass(minute)
        // It fails for a while, some time after its clock was set back.
        const fields = i < 10 || i > 20 ? shining : dark
        town.objects('pju-01', [{ ts: Date.UTC(2000, 0, 1) + i * minute, fields, faults: [] }])
      }
    }
    expect(town.story().map((line) => line.replace(/^\S+ /, ''))).toEqual([
      'raised pju-01 clock_drift',
      'raised pju-01 lamp_failure',
      'cleared pju-01 lamp_failure',
      'raised pju-01 lamp_failure #2',
      'raised pju-01 cycling_failure',
      'cleared pju-01 lamp_failure',
    ])
  })

  it('a backlog raises and clears nothing, but shows that the device lives', () => {
    const town = createTown({ at: night })
    town.register('pju-01')
    town.pass(2 * minute, { 'pju-01': shining })
    town.pass(30 * minute)
    expect(town.story()).toEqual(['4:01 raised pju-01 comm_loss'])
    const backlog = Array.from({ length: 25 }, (_, index) => ({
      ts: town.now - (30 - index) * minute,
      sentAt: town.now,
      fields: dark,
      faults: ['lamp_failure'],
    }))
    town.objects('pju-01', backlog)
    expect(town.story()).toEqual(['32:00 cleared pju-01 comm_loss'])
    town.objects('pju-01', [{ ts: town.now, sentAt: town.now, fields: shining, faults: [] }])
    expect(town.story()).toEqual([])
  })
})
