// A lamp that flags a failure now and then, and is well in between: two good reports clear it.
import { describe, expect, it } from 'vitest'
import { createTown, minute, night, restored, second, shining } from '../test/town.ts'
import { maxPeriods } from './periods.ts'

function flickering() {
  const town = createTown({ at: night })
  town.register('pju-1', { intervalS: 10 })
  const report = (at: number, flag: boolean) => {
    town.pass(night + at - town.now)
    town.report('pju-1', shining, flag ? ['lamp_failure'] : [])
  }
  return {
    town,
    report,
    /** A raise at a time, and two good reports right after it. */
    flip(at: number) {
      report(at, true)
      report(at + 1_000, false)
      report(at + 2_000, false)
    },
    /** Good reports each 5 s, from one time to another. */
    calm(from: number, to: number) {
      for (let at = from; at <= to; at += 5_000) report(at, false)
    },
    fault: () => town.fault('pju-1', 'lamp_failure'),
    row: () => [...town.written.faults.values()][0],
    events: () => town.story().map((line) => line.replace(' pju-1 lamp_failure', '')),
  }
}

describe('a fault that comes and goes', () => {
  it.each([
    { third: 60_000, chattering: true },
    { third: 60_001, chattering: false },
  ])('with its third raise after $third ms is chattering: $chattering', ({ third, chattering }) => {
    const { flip, report, fault } = flickering()
    flip(0)
    flip(30_000)
    report(third, true)
    expect(fault()?.evidence.chattering === true).toBe(chattering)
  })

  it('is held as one, says how often at most every 10 s, and clears after a good minute', () => {
    const { town, flip, calm, fault, row, events } = flickering()
    for (let i = 0; i < 12; i++) flip(i * 4_000)
    expect(fault()).toMatchObject({ active: true })
    calm(50_000, 150_000)
    expect(events()).toEqual([
      '0:00 raised',
      '0:02 cleared',
      '0:04 raised #2',
      '0:06 cleared',
      '0:08 raised #3',
      '0:18 updated',
      '0:28 updated',
      '0:38 updated',
      '0:48 updated',
      '1:46 cleared',
    ])
    expect(fault()).toMatchObject({ active: false, occurrences: 12, evidence: { chattering: true } })
    expect(row()?.periods).toHaveLength(12)
    expect(row()?.periods.at(-1)).toEqual({ raisedAt: night + 44_000, clearedAt: night + 46_000 })
    expect(town.events.filter(({ event }) => event === 'updated').map(({ fault: f }) => f.occurrences)).toEqual([
      5, 7, 10, 12,
    ])
    expect(row()?.trail.map(({ event }) => event)).not.toContain('updated')
  })

  it('is not cleared while one report in the minute is bad', () => {
    const { flip, calm, report, fault } = flickering()
    for (let i = 0; i < 3; i++) flip(i * 4_000)
    calm(15_000, 65_000)
    report(69_999, true)
    expect(fault()).toMatchObject({ active: true, evidence: { chattering: true } })
    report(71_000, false)
    report(72_000, false)
    calm(75_000, 131_000)
    expect(fault()).toMatchObject({ active: true })
    calm(132_000, 132_000)
    expect(fault()).toMatchObject({ active: false })
  })

  it('that falls silent is not cleared for it', () => {
    const { town, flip, calm, fault } = flickering()
    for (let i = 0; i < 3; i++) flip(i * 4_000)
    town.pass(10 * minute)
    expect(fault()).toMatchObject({ active: true })
    const from = town.now - night
    calm(from + second, from + 56 * second)
    expect(fault()).toMatchObject({ active: true })
    calm(from + 61 * second, from + 61 * second)
    expect(fault()).toMatchObject({ active: false })
  })

  it('goes on so after a restart in the middle of it', () => {
    const { town, flip } = flickering()
    for (let i = 0; i < 4; i++) flip(i * 4_000)
    const engine = restored(town.written)
    const from = town.now
    const report = (at: number) =>
      engine.step({
        type: 'telemetry',
        position: 1e6 + at,
        receivedAt: from + at,
        deviceId: 'pju-1',
        source: 'broker',
        session: { connectedAt: night, number: 1 },
        retain: false,
        objects: [{ ts: from + at, fields: shining, faults: [] }],
      })
    for (let at = 0; at <= 60_000; at += 1_000) {
      engine.step({
        type: 'heartbeat',
        position: 1e6 + at - 500,
        receivedAt: from + at,
        source: 'broker',
        accepting: true,
      })
      report(at)
    }
    expect(engine.takeEffects().events.map(({ event, fault }) => [event, fault.occurrences])).toEqual([
      ['updated', 4],
      ['cleared', 4],
    ])
  })

  it('keeps its newest periods, and counts the others', () => {
    const { flip, row } = flickering()
    for (let i = 0; i < maxPeriods + 5; i++) flip(i * 90_000)
    expect(row()?.fault).toMatchObject({ occurrences: maxPeriods + 5 })
    expect(row()).toMatchObject({ droppedPeriods: 5 })
    expect(row()?.periods).toHaveLength(maxPeriods)
    expect(row()?.periods[0]).toEqual({ raisedAt: night + 5 * 90_000, clearedAt: night + 5 * 90_000 + 2_000 })
  })
})
