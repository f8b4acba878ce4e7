import type { HeldNotice } from '@ronda/contracts/receiver'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { afterFailure, delayAfter, whatIsDue } from './back-off.ts'
import { defaultLimits } from './limits.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

test.each([
  [1, 5_000],
  [2, 10_000],
  [3, 20_000],
  [8, 640_000],
  [9, 15 * minuteMs],
  [100, 15 * minuteMs],
])('after failure %i it waits %i ms, a fifth more or less', (n, delayMs) => {
  expect(delayAfter(n, defaultLimits, 0.5)).toBe(delayMs)
  expect(delayAfter(n, defaultLimits, 0)).toBe(delayMs * 0.8)
  expect(delayAfter(n, defaultLimits, 1)).toBe(delayMs * 1.2)
})

describe('after a failure', () => {
  const now = 100 * hourMs
  const at = { now, random: 0.5 }
  const first = { isFresh: true, attempts: 1, firstAt: now, retryAfterMs: undefined }

  test('one bad notice slows nothing but itself', () => {
    expect(afterFailure(first, 0, defaultLimits, at)).toEqual({ failures: 1, notBefore: now, nextAt: now + 5_000 })
  })

  test('two new ones in a row slow the receiver down, more with each', () => {
    expect(afterFailure(first, 1, defaultLimits, at)).toMatchObject({ failures: 2, notBefore: now + 5_000 })
    expect(afterFailure(first, 2, defaultLimits, at)).toMatchObject({ failures: 3, notBefore: now + 10_000 })
    expect(afterFailure(first, 50, defaultLimits, at)).toMatchObject({ failures: 51, notBefore: now + 15 * minuteMs })
  })

  test('one that failed before says nothing new about the receiver', () => {
    const again = { ...first, isFresh: false, attempts: 2 }
    expect(afterFailure(again, 1, defaultLimits, at)).toEqual({ failures: 1, notBefore: now, nextAt: now + 10_000 })
    expect(afterFailure(again, 3, defaultLimits, at)).toMatchObject({ failures: 3, notBefore: now + 10_000 })
  })

  test.each([
    [60_000, 60_000],
    [hourMs, hourMs],
    [24 * hourMs, hourMs],
    [1, 0],
  ])('asked to wait %i ms it sends nothing for %i ms', (retryAfterMs, waitMs) => {
    const { notBefore, nextAt } = afterFailure({ ...first, retryAfterMs }, 0, defaultLimits, at)
    expect(Math.round((notBefore - now) / 10)).toBe(Math.round(waitMs / 10))
    expect(nextAt).toBe(now + Math.max(5_000, waitMs))
  })

  test.each([
    [24 * hourMs - 15 * minuteMs, true],
    [24 * hourMs - 15 * minuteMs + 1, false],
  ])('%i ms after the first attempt it is tried again: %s', (agoMs, isTried) => {
    const late = { ...first, isFresh: false, attempts: 90, firstAt: now - agoMs }
    expect(afterFailure(late, 1, defaultLimits, at).nextAt !== undefined).toBe(isTried)
  })

  test('some hundred attempts fill the day', () => {
    let [attempts, time] = [0, 0]
    for (let next: number | undefined = 0; next !== undefined; attempts++) {
      time = next
      const failure = { isFresh: attempts === 0, attempts: attempts + 1, firstAt: 0, retryAfterMs: undefined }
      next = afterFailure(failure, 0, defaultLimits, { now: time, random: 0.5 }).nextAt
    }
    expect(attempts).toBe(103)
    expect(time).toBeGreaterThan(23.5 * hourMs)
  })
})

function heldOf(faultId: string | undefined, nextAt: number): HeldNotice {
  const notice = { deliveryId: `${faultId}`, event: 'raised' as const, faultId, at: 0, body: '' }
  return { notice, attempts: 1, firstAt: 0, nextAt, redelivered: false }
}

describe('what is due at 100', () => {
  const calm = { failures: 0, notBefore: 0 }
  const failing = { failures: 3, notBefore: 90 }
  const none = new Map<string, HeldNotice>()
  const due = new Map([['a', heldOf('f1', 99)]])
  const later = new Map([['a', heldOf('f1', 101)]])

  test.each([
    ['nothing there', calm, none, false, { type: 'nothing', until: Infinity }],
    ['a new one', calm, none, true, { type: 'fresh' }],
    ['one put aside', calm, due, false, { type: 'held', key: 'a' }],
    ['one put aside that is not due', calm, later, false, { type: 'nothing', until: 101 }],
    ['the older one first', calm, due, true, { type: 'held', key: 'a' }],
    ['a new one beside one that is not due', calm, later, true, { type: 'fresh' }],
    ['of a receiver that fails, the new one', failing, due, true, { type: 'fresh' }],
    ['of a receiver that fails, with none new', failing, due, false, { type: 'held', key: 'a' }],
    ['in its pause, nothing', { ...failing, notBefore: 130 }, due, true, { type: 'nothing', until: 130 }],
    [
      'in its pause with nothing to send',
      { ...failing, notBefore: 130 },
      none,
      false,
      { type: 'nothing', until: Infinity },
    ],
  ] as const)('%s', (_, cursor, held, hasFresh, expected) => {
    expect(whatIsDue({ cursor, held, hasFresh }, 100)).toEqual(expected)
  })

  test('the second of a fault waits for the first, whatever its time', () => {
    const held = new Map([
      ['a', heldOf('f1', 150)],
      ['b', heldOf('f1', 0)],
      ['c', heldOf(undefined, 120)],
    ])
    expect(whatIsDue({ cursor: calm, held, hasFresh: false }, 100)).toEqual({ type: 'nothing', until: 120 })
    expect(whatIsDue({ cursor: calm, held, hasFresh: false }, 150)).toEqual({ type: 'held', key: 'c' })
    held.delete('c')
    expect(whatIsDue({ cursor: calm, held, hasFresh: false }, 150)).toEqual({ type: 'held', key: 'a' })
  })

  test('a notice is never due before another one of its fault', () => {
    const faults = fc.array(fc.tuple(fc.constantFrom('f1', 'f2', 'f3', undefined), fc.nat(200)), { maxLength: 20 })
    fc.assert(
      fc.property(faults, fc.boolean(), fc.nat(3), (rows, hasFresh, failures) => {
        const held = new Map(
          rows.map(([faultId, nextAt], index) => [String(index).padStart(2, '0'), heldOf(faultId, nextAt)]),
        )
        const what = whatIsDue({ cursor: { failures, notBefore: 0 }, held, hasFresh }, 100)
        if (what.type !== 'held') return
        const chosen = held.get(what.key)
        const before = [...held].filter(
          ([key, { notice }]) => key < what.key && notice.faultId === chosen?.notice.faultId,
        )
        expect(chosen?.nextAt).toBeLessThanOrEqual(100)
        expect(chosen?.notice.faultId === undefined ? [] : before).toEqual([])
      }),
    )
  })
})
