import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createBackOff } from './back-off.ts'

const limits = { failures: 5, windowMs: 60_000, firstMs: 1_000, longestMs: 60_000, mostEntries: 10 }

function start() {
  let at = 1_000
  const backOff = createBackOff(limits, () => at)
  return {
    backOff,
    wait: (ms: number) => void (at += ms),
    fail(times: number, who = 'a') {
      for (let i = 0; i < times; i++) backOff.failed(who)
    },
    /** How long it holds from now on, to the millisecond. */
    holdsForMs(who = 'a') {
      const from = at
      while (backOff.holds(who)) at++
      return at - from
    },
  }
}

test('four failures in a minute have no consequence, the fifth has, doubling up to a minute', () => {
  const { backOff, fail, holdsForMs } = start()
  fail(4)
  expect(backOff.holds('a')).toBe(false)
  const waits = Array.from({ length: 9 }, () => {
    fail(1)
    return holdsForMs()
  })
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000])
})

test('nobody else is held', () => {
  const { backOff, fail } = start()
  fail(50)
  expect(backOff.holds('a')).toBe(true)
  expect(backOff.holds('b')).toBe(false)
})

describe('it is forgiven', () => {
  test('by a success', () => {
    const { backOff, fail } = start()
    fail(7)
    backOff.succeeded('a')
    fail(4)
    expect(backOff.holds('a')).toBe(false)
  })

  test('by a minute without failures after the wait, and no earlier', () => {
    const { backOff, fail, wait, holdsForMs } = start()
    fail(11)
    expect(holdsForMs()).toBe(60_000)
    wait(59_000)
    fail(1)
    expect(holdsForMs()).toBe(60_000)
    wait(60_001)
    fail(4)
    expect(backOff.holds('a')).toBe(false)
  })
})

test('whoever makes up names takes no more memory than there are entries, and lets nobody go who fails on', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100), { maxLength: 300 }), (names) => {
      const { backOff, fail } = start()
      for (const name of names) {
        fail(1, `made-up-${name}`)
        fail(1, 'attacker')
        expect(backOff.size).toBeLessThanOrEqual(limits.mostEntries)
      }
      expect(backOff.holds('attacker')).toBe(names.length >= limits.failures)
    }),
  )
})
