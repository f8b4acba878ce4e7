// What must hold whatever happens: the same log gives the same events however the engine was stopped and started on
// the way, a device has one open fault of a code, and time does not go back.
import { isDeepStrictEqual } from 'node:util'
import { type Fault, type FaultEvent, type FaultRow, isAnnouncement } from '@ronda/contracts/fault'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { feedAll, inputsOf, life } from '../test/lives.ts'
import {
  type Written,
  city,
  createTown,
  dark,
  minute,
  restored,
  second,
  shining,
  throughBytes,
  write,
} from '../test/town.ts'
import { createEngine } from './engine.ts'
import { maxPeriods } from './periods.ts'
import { missedAt } from './targets.ts'

function nothingWritten(): Written {
  return { state: new Map(), faults: new Map(), archive: new Map(), windows: new Map() }
}

function sorted(written: Written) {
  const byKey = <T>(map: Map<string, T>) => [...map].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return {
    state: byKey(written.state),
    faults: byKey(written.faults),
    archive: byKey(written.archive),
    windows: byKey(written.windows),
  }
}

describe('the same log', () => {
  it('gives the same events and rows wherever effects are taken and the engine is restored', () => {
    fc.assert(
      fc.property(life, fc.array(fc.tuple(fc.nat(), fc.boolean()), { maxLength: 6 }), (lived, cuts) => {
        const inputs = inputsOf(lived)
        const straight = createEngine({ city, epoch: 'e' })
        feedAll(straight, inputs)
        const whole = straight.takeEffects()
        const wholeWritten = nothingWritten()
        write(wholeWritten, whole)

        const stops = new Map(cuts.map(([place, restart]) => [place % inputs.length, restart]))
        const events: FaultEvent[] = []
        const written = nothingWritten()
        let engine = createEngine({ city, epoch: 'e' })
        const take = () => {
          const effects = engine.takeEffects()
          events.push(...effects.events)
          write(written, effects)
        }
        for (const [index, input] of inputs.entries()) {
          engine.step(input)
          const restart = stops.get(index)
          if (restart === undefined) continue
          take()
          if (restart) engine = restored(written)
        }
        take()
        expect(events).toEqual(whole.events)
        expect(sorted(written)).toEqual(sorted(wholeWritten))
      }),
      { numRuns: 100 },
    )
  })

  it('is passed over as far as the written state has seen it', () => {
    fc.assert(
      fc.property(life, fc.nat(), fc.nat(), (lived, place, back) => {
        const inputs = inputsOf(lived)
        const cut = place % inputs.length
        const engine = createEngine({ city, epoch: 'e' })
        feedAll(engine, inputs.slice(0, cut))
        const written = nothingWritten()
        write(written, engine.takeEffects())
        const again = restored(written)
        // The cursor was left behind.
        feedAll(again, inputs.slice(Math.max(0, cut - (back % 50)), cut))
        expect(again.takeEffects()).toEqual(engine.takeEffects())
        feedAll(again, inputs.slice(cut))
        feedAll(engine, inputs.slice(cut))
        expect(again.takeEffects().events).toEqual(engine.takeEffects().events)
      }),
      { numRuns: 50 },
    )
  })
})

/**
 * What is wrong with an event, given the fault of its device and code before it: the open one, or the closed one that
 * is suppressed.
 */
function problemsOf({ event, fault, entry }: FaultEvent, before: Fault | undefined): string[] {
  const isOrderly = fault.closedAt === undefined || (!fault.active && fault.acknowledged)
  const wasSuppressed = before?.closedAt !== undefined
  const isNews = isAnnouncement({ event, fault })
  const laws: [law: string, holds: boolean][] = [
    ['begins with a raise', before !== undefined || event === 'raised'],
    ['one open fault of a device and code', before === undefined || before.id === fault.id],
    ['every revision is told', before === undefined || fault.revision === before.revision + 1],
    ['id', fault.id === `${fault.uid}.${fault.code}.${fault.raisedAt.toString(36)}`],
    ['active or cleared', fault.active === (fault.clearedAt === undefined)],
    ['acknowledged by someone', fault.acknowledged === (fault.acknowledgedBy !== undefined)],
    ['closed by the event that says so', wasSuppressed || (fault.closedAt !== undefined) === (event === 'closed')],
    ['suppressed until it clears', !wasSuppressed || event === 'cleared'],
    [
      'closed when cleared and acknowledged, by an operator, or retired',
      wasSuppressed || isOrderly || entry.by !== undefined || entry.note === 'retired',
    ],
    ['updated now', fault.updatedAt === entry.at],
    ['shelved until later', fault.closedAt !== undefined || (fault.shelvedUntil ?? Infinity) > entry.at],
    ['what is news is active and told since when', !isNews || (fault.active && fault.announcedAt !== undefined)],
    ['a consequence is not announced', fault.parentId === undefined || fault.announcedAt === undefined],
    ['due when it was announced', fault.dueAt === undefined || fault.announcedAt !== undefined],
    ['overdue when something is missed, and it says what', !fault.overdue || missedAt(fault, entry.at) !== undefined],
    ['what is overdue says what is missed', !fault.overdue || Object.keys(fault.missed ?? {}).length > 0],
    ['overdue is told by its event', !fault.overdue || before?.overdue === true || event === 'overdue'],
  ]
  return laws.filter(([, holds]) => !holds).map(([law]) => `${law}: ${event} ${fault.id}`)
}

function problemsOfRow({ fault, periods, droppedPeriods }: FaultRow): string[] {
  const times = periods.flatMap(({ raisedAt, clearedAt = Infinity }) => [raisedAt, clearedAt])
  const isChattering = fault.active && fault.evidence.chattering === true
  const isRunning = periods.at(-1)?.clearedAt === undefined
  const laws: [law: string, holds: boolean][] = [
    ['periods one after the other', times.every((time, index) => index === 0 || time >= (times[index - 1] ?? 0))],
    ['the newest periods', periods.length > 0 && periods.length <= maxPeriods],
    ['a period for every raise', isChattering || periods.length + droppedPeriods === fault.occurrences],
    ['the newest runs while it is active', isChattering || isRunning === fault.active],
  ]
  return laws.filter(([, holds]) => !holds).map(([law]) => `${law}: ${fault.id}`)
}

describe('whatever happens', () => {
  it('faults live by the rules, time and positions only go on, rows are plain data', () => {
    fc.assert(
      fc.property(life, (lived) => {
        const engine = createEngine({ city, epoch: 'e' })
        const open = new Map<string, Fault>()
        const problems: string[] = []
        let time = 0
        for (const input of inputsOf(lived)) {
          engine.step(input)
          const { events, state, faults } = engine.takeEffects()
          for (const [n, event] of events.entries()) {
            const { source, fault, entry } = event
            if (source.position !== input.position || source.n !== n) problems.push(`out of place: ${fault.id}`)
            if (entry.at < time) problems.push(`back in time: ${fault.id}`)
            time = entry.at
            const key = `${fault.uid} ${fault.code}`
            problems.push(...problemsOf(event, open.get(key)))
            if (fault.closedAt === undefined || fault.active) open.set(key, fault)
            else open.delete(key)
          }
          for (const row of faults.values()) problems.push(...problemsOfRow(row))
          for (const fault of open.values()) {
            const isMissed = missedAt(fault, engine.logTime) !== undefined
            if (fault.overdue !== isMissed) problems.push(`overdue ${fault.overdue}: ${fault.id}`)
            const isOver = fault.closedAt === undefined && (fault.shelvedUntil ?? Infinity) <= engine.logTime
            if (isOver) problems.push(`shelved for too long: ${fault.id}`)
          }
          if (engine.logTime < Math.max(time, input.receivedAt)) problems.push(`time stands still at ${input.position}`)
          time = engine.logTime
          const rows = state.filter(({ value }) => value !== undefined)
          if (!isDeepStrictEqual(throughBytes(rows), rows)) problems.push(`not plain: ${JSON.stringify(rows)}`)
          if (new Set(state.map(({ key }) => key)).size !== state.length) problems.push('a key twice')
        }
        const all = [...open.values()].filter(({ closedAt }) => closedAt === undefined)
        for (const { id, children } of all) {
          const counted = all.filter(({ parentId }) => parentId === id).length
          if (counted !== children) problems.push(`${id} has ${counted} consequences, not ${children}`)
        }
        expect(problems).toEqual([])
      }),
      { numRuns: 100 },
    )
  })
})

describe('deliveries', () => {
  /** Stretches of one state each, long enough to raise and to clear. */
  const stretches = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 6, max: 12 })), { minLength: 1, maxLength: 5 })

  function readingsOf(stretch: readonly (readonly [boolean, number])[]) {
    return stretch.flatMap(([isDark, count]) => Array.from({ length: count }, () => (isDark ? dark : shining)))
  }

  it('that are repeated change nothing at all', () => {
    fc.assert(
      fc.property(stretches, fc.infiniteStream(fc.nat(4)), (stretch, repeats) => {
        const [once, often] = [createTown(), createTown()]
        for (const town of [once, often]) town.register('pju-1')
        const sent: number[] = []
        for (const fields of readingsOf(stretch)) {
          once.pass(minute)
          often.pass(minute)
          sent.push(once.now)
          once.report('pju-1', fields)
          often.report('pju-1', fields)
          // Any of the last few is delivered again, however it was meant then.
          const back = repeats.next().value ?? 0
          const ts = sent.at(-1 - back)
          if (ts !== undefined) often.objects('pju-1', [{ ts, fields: dark, faults: ['lamp_failure'] }])
        }
        expect(often.story()).toEqual(once.story())
      }),
      { numRuns: 20 },
    )
  })

  it('in another order within the window end with the same faults', () => {
    fc.assert(
      fc.property(stretches, fc.infiniteStream(fc.nat(3)), (stretch, delays) => {
        const [inOrder, mixed] = [createTown(), createTown()]
        for (const town of [inOrder, mixed]) town.register('pju-1')
        const messages = readingsOf(stretch).map((fields, index) => ({ ts: inOrder.now + index * 20 * second, fields }))
        const shuffled = messages
          .map((message, index) => ({ message, at: index + (delays.next().value ?? 0) }))
          .toSorted((a, b) => a.at - b.at)
          .map(({ message }) => message)
        for (const [town, list] of [
          [inOrder, messages],
          [mixed, shuffled],
        ] as const) {
          for (const { ts, fields } of list) {
            town.pass(20 * second)
            town.objects('pju-1', [{ ts, fields, faults: [] }])
          }
        }
        expect(mixed.isActive('pju-1', 'lamp_failure')).toBe(inOrder.isActive('pju-1', 'lamp_failure'))
      }),
      { numRuns: 20 },
    )
  })
})
