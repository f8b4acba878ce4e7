import { isNews } from '@ronda/contracts/fault'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type DecodedEvent, advance } from './fault-event.ts'
import { createRecentEvents } from './recent-events.ts'

/** The n-th event ever said, at a place in the stream. */
function eventAt(ordinal: number, said: number, epoch = 'e'): DecodedEvent {
  return {
    position: ordinal * 10,
    ordinal,
    source: { epoch, position: Math.floor(said / 3), n: said % 3 },
    name: 'raised',
    faultId: String(said),
    revision: 1,
    closed: false,
    attributes: { district: 'd', kind: 'camera', severity: 'minor', active: true, overdue: false, occurrences: 1 },
    before: undefined,
    faultJson: '{}',
  }
}

const start = { position: 0, ordinal: 0, seen: undefined }

describe('news', () => {
  test('is what comes from a later position, or from the same with a greater n', () => {
    const seen = { epoch: 'e', position: 5, n: 1 }
    expect(isNews(undefined, seen)).toBe(true)
    expect(isNews(seen, seen)).toBe(false)
    expect(isNews(seen, { ...seen, n: 2 })).toBe(true)
    expect(isNews(seen, { ...seen, n: 0 })).toBe(false)
    expect(isNews(seen, { ...seen, position: 6, n: 0 })).toBe(true)
    expect(isNews(seen, { ...seen, position: 4, n: 9 })).toBe(false)
    expect(isNews(seen, { epoch: 'made anew', position: 1, n: 0 })).toBe(true)
  })

  test('however often a detector goes back and says again, each event is news once, wherever a reader begins', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ more: fc.integer({ min: 1, max: 9 }), back: fc.nat(12) }), { minLength: 1, maxLength: 8 }),
        fc.nat(60),
        (runs, begin) => {
          const stream: DecodedEvent[] = []
          let next = 0
          for (const { more, back } of runs) {
            const from = Math.max(0, next - back)
            for (let said = from; said < next + more; said++) stream.push(eventAt(stream.length + 1, said))
            next += more
          }
          const whole = advance(start, stream)
          expect(whole.news.map(({ faultId }) => faultId)).toEqual(Array.from({ length: next }, (_, i) => String(i)))

          // In two parts it is the same.
          const first = advance(start, stream.slice(0, begin))
          const rest = advance(first.place, stream.slice(begin))
          expect([...first.news, ...rest.news]).toEqual(whole.news)
          expect(rest.place).toEqual(whole.place)
        },
      ),
    )
  })
})

describe('recent events', () => {
  test('gives what follows a place that it has, and nothing for one that it has not', () => {
    const events = Array.from({ length: 30 }, (_, i) => eventAt(i + 1, i))
    const recent = createRecentEvents(10)
    for (let i = 0; i < 30; i += 3) recent.push(events.slice(i, i + 3))
    const placeAt = (ordinal: number) => ({ position: ordinal * 10, ordinal, seen: undefined })
    expect(recent.after(placeAt(27), 100)).toEqual(events.slice(27))
    expect(recent.after(placeAt(27), 2)).toEqual(events.slice(27, 29))
    expect(recent.after(placeAt(30), 100)).toEqual([])
    expect(recent.after(placeAt(21), 100)).toEqual(events.slice(21))
    expect(recent.after(placeAt(1), 100)).toBeUndefined()
    expect(recent.after(placeAt(31), 100)).toBeUndefined()
    expect(recent.after({ ...placeAt(27), position: 271 }, 100)).toBeUndefined()
    expect(createRecentEvents(10).after(start, 100)).toBeUndefined()
  })
})
