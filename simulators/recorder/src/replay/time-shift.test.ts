import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTimeShift } from './time-shift.ts'

const startedAt = Date.UTC(2026, 0, 1)
const now = Date.UTC(2026, 5, 1)
const atPace = createTimeShift({ startedAt, spanMs: 60_000, speed: 1, now })
const tenfold = createTimeShift({ startedAt, spanMs: 60_000, speed: 10, now })
const atOnce = createTimeShift({ startedAt, spanMs: 60_000, speed: Infinity, now })

function shifted(shift: (payload: string) => string, content: unknown): unknown {
  return JSON.parse(shift(JSON.stringify(content)))
}

test('at its pace the beginning is now, and all else keeps its distance', () => {
  expect(shifted(atPace, { ts: startedAt - 5_000, sentAt: startedAt + 10, seq: 7, powerW: 87 })).toEqual({
    ts: now - 5_000,
    sentAt: now + 10,
    seq: 7,
    powerW: 87,
  })
})

test('ten times as fast, the distances are a tenth', () => {
  expect(shifted(tenfold, [{ ts: startedAt }, { ts: startedAt + 20_000 }])).toEqual([{ ts: now }, { ts: now + 2_000 }])
})

test('at once, the end is now and nothing lies in the future', () => {
  expect(shifted(atOnce, { ts: startedAt })).toEqual({ ts: now - 60_000 })
  expect(shifted(atOnce, { ts: startedAt + 60_000 })).toEqual({ ts: now })
  const before = Date.now()
  const { sentAt } = shifted(atOnce, { ts: startedAt, sentAt: startedAt }) as { sentAt: number }
  expect(sentAt).toBeGreaterThanOrEqual(before)
})

test('a time in ISO 8601 stays one', () => {
  expect(shifted(atPace, { ts: '2026-01-01T07:00:01+07:00' })).toEqual({ ts: '2026-06-01T00:00:01.000Z' })
})

test('what came before another still does', () => {
  const times = fc.integer({ min: startedAt - 86_400_000, max: startedAt + 60_000 })
  fc.assert(
    fc.property(fc.constantFrom(atPace, tenfold, atOnce), times, times, (shift, a, b) => {
      const [first, second] = shifted(shift, [{ ts: a }, { ts: b }]) as { ts: number }[]
      expect(Math.sign((first?.ts ?? 0) - (second?.ts ?? 0)) * Math.sign(a - b)).toBeGreaterThanOrEqual(0)
    }),
  )
})

test.each(['no JSON', '{"ts":', '17', 'null', '{"online":true}', '{"ts":1700000000}', '{"ts":"soon"}', '[1,"a",null]'])(
  '%s says no time and stays as it is',
  (payload) => {
    expect(atPace(payload)).toBe(payload)
  },
)
