import type { Fault, FaultPeriod, FaultRow } from '@ronda/contracts/fault'
import { makeFault } from '@ronda/contracts/testing/make-fault'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { standingPeriods } from './standing-periods.ts'

const span = { from: 0, to: 100 }

function row(given: Partial<Fault>, periods?: FaultPeriod[], droppedPeriods = 0): FaultRow {
  const fault = makeFault({ raisedAt: 0, ...given })
  const { raisedAt, clearedAt } = fault
  const held = periods ?? [clearedAt === undefined ? { raisedAt } : { raisedAt, clearedAt }]
  return { fault, trail: [], periods: held, droppedPeriods }
}

/** `standing from-to`, with the faults' codes. */
const said = (...[heard, faults]: [[number, number][], FaultRow[]]) =>
  standingPeriods(
    heard.map(([from, to]) => ({ from, to })),
    faults,
    span,
  ).map(({ from, to, standing, faults: of }) => [`${standing} ${from}-${to}`, ...of.map(({ code }) => code)].join(' '))

describe('a device was', () => {
  test('unheard where nothing was heard of it, to the edges', () => {
    expect(said([], [])).toEqual(['unheard 0-100'])
    expect(
      said(
        [
          [20, 60],
          [50, 80],
        ],
        [],
      ),
    ).toEqual(['unheard 0-20', 'working 20-80', 'unheard 80-100'])
    expect(said([[-50, 300]], [])).toEqual(['working 0-100'])
  })

  test('faulty while a fault held, also where it was not heard meanwhile', () => {
    const fault = row({ raisedAt: 40, active: false, clearedAt: 70, closedAt: 95 })
    expect(said([[0, 60]], [fault])).toEqual(['working 0-40', 'faulty 40-70 lamp_failure', 'unheard 70-100'])
  })

  test('silent when it was missed, whatever else was wrong with it', () => {
    const faults = [row({ raisedAt: 30 }), row({ code: 'comm_loss', raisedAt: 50, active: false, clearedAt: 80 })]
    expect(said([[0, 100]], faults)).toEqual([
      'working 0-30',
      'faulty 30-50 lamp_failure',
      'silent 50-80 comm_loss',
      'faulty 80-100 lamp_failure',
    ])
  })

  test('well between two times of the same fault, however late somebody answers', () => {
    const again = row({ raisedAt: 10, occurrences: 2 }, [{ raisedAt: 10, clearedAt: 20 }, { raisedAt: 90 }])
    expect(said([[0, 100]], [again])).toEqual([
      'working 0-10',
      'faulty 10-20 lamp_failure',
      'working 20-90',
      'faulty 90-100 lamp_failure',
    ])
  })

  test('faulty all the while of a fault that came and went more often than is kept', () => {
    const often = row({ raisedAt: 10, occurrences: 30 }, [{ raisedAt: 70, clearedAt: 80 }], 29)
    expect(said([[0, 100]], [often])).toEqual(['working 0-10', 'faulty 10-80 lamp_failure', 'working 80-100'])
  })

  test('no longer faulty when somebody has closed the fault, though it held', () => {
    const closed = row({ raisedAt: 10, active: true, closedAt: 30 })
    expect(said([[0, 100]], [closed])).toEqual(['working 0-10', 'faulty 10-30 lamp_failure', 'working 30-100'])
  })

  test('faulty once with all that was wrong, each named once', () => {
    const faults = [
      row({ raisedAt: 10, clearedAt: 60, active: false }),
      row({ code: 'door_open', raisedAt: 20, clearedAt: 30, active: false }),
    ]
    expect(said([[0, 100]], faults)).toEqual(['working 0-10', 'faulty 10-60 lamp_failure door_open', 'working 60-100'])
  })
})

test('periods cover the whole time, one after the other, and no two in a row are alike', () => {
  const time = fc.integer({ min: -50, max: 150 })
  const spans = fc.array(fc.tuple(time, time), { maxLength: 8 })
  const faults = fc.array(fc.tuple(time, time, fc.constantFrom('lamp_failure', 'comm_loss')), { maxLength: 6 })
  fc.assert(
    fc.property(spans, faults, (heard, held) => {
      const rows = held.map(([a, b, code]) =>
        row({ code, raisedAt: Math.min(a, b), clearedAt: Math.max(a, b), active: false }),
      )
      const found = standingPeriods(
        heard.map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) })),
        rows,
        span,
      )
      expect(found.flatMap(({ from, to }) => [from, to])).toEqual([
        span.from,
        ...found.slice(1).flatMap(({ from }) => [from, from]),
        span.to,
      ])
      expect(found.slice(1).every(({ standing }, i) => standing !== found[i]?.standing)).toBe(true)
      for (const { from, to, standing } of found) {
        expect(to).toBeGreaterThan(from)
        const at = (from + to) / 2
        const isSilent = rows.some(
          ({ fault }) => fault.code === 'comm_loss' && fault.raisedAt <= from && (fault.clearedAt ?? 0) >= to,
        )
        if (isSilent) expect(standing).toBe('silent')
        if (standing === 'working')
          expect(heard.some(([a, b]) => Math.min(a, b) <= at && Math.max(a, b) >= at)).toBe(true)
      }
    }),
  )
})
