import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Timer, createTimer, createTimers } from './timers.ts'

function setUp() {
  const timers = createTimers()
  const rung: string[] = []
  let time = 0
  const timer = (key: string, ring?: () => void, rank: Parameters<typeof createTimer>[0] = 'delay'): Timer =>
    createTimer(rank, key, () => {
      rung.push(`${time} ${key}`)
      ring?.()
    })
  const run = (until: number) => timers.run(until, (due) => (time = due))
  return { timers, rung, timer, run }
}

describe('timers', () => {
  it('ring in order of due time, up to and including the present', () => {
    const { timers, rung, timer, run } = setUp()
    timers.set(timer('late'), 30)
    timers.set(timer('early'), 10)
    timers.set(timer('now'), 20)
    expect(timers.next).toBeLessThanOrEqual(10)
    run(20)
    expect(rung).toEqual(['10 early', '20 now'])
    expect(timers.next).toBe(30)
  })

  it('of one moment ring by rank and key, whenever they were set', () => {
    const { timers, rung, timer, run } = setUp()
    timers.set(timer('b'), 10)
    timers.set(timer('a'), 10)
    timers.set(timer('z', undefined, 'source'), 10)
    run(10)
    expect(rung).toEqual(['10 z', '10 a', '10 b'])
  })

  it('ring once at the time they were set to last', () => {
    const { timers, rung, timer, run } = setUp()
    const [later, sooner, twice] = [timer('later'), timer('sooner'), timer('twice')]
    timers.set(later, 10)
    timers.set(later, 40)
    timers.set(sooner, 30)
    timers.set(sooner, 20)
    timers.set(twice, 30)
    timers.set(twice, 20)
    timers.set(twice, 30)
    run(100)
    expect(rung).toEqual(['20 sooner', '30 twice', '40 later'])
  })

  it('do not ring when cancelled, and may be set again', () => {
    const { timers, rung, timer, run } = setUp()
    const each = timer('a')
    timers.set(each, 10)
    timers.cancel(each)
    run(10)
    timers.set(each, 20)
    run(20)
    expect(rung).toEqual(['20 a'])
  })

  it('that are set while others ring still ring in their turn', () => {
    const { timers, rung, timer, run } = setUp()
    const next = timer('next')
    timers.set(
      timer('first', () => timers.set(next, 15)),
      10,
    )
    timers.set(timer('last'), 20)
    run(20)
    expect(rung).toEqual(['10 first', '15 next', '20 last'])
  })

  it('ring as a sorted list would, in one second or over many', () => {
    const sets = fc.array(fc.tuple(fc.nat(9), fc.integer({ min: 1, max: 50 })), { maxLength: 60 })
    const step = fc.constantFrom(1, 30, 700, 1_000, 90_000)
    fc.assert(
      fc.property(sets, fc.array(fc.nat(9)), fc.nat(40), step, (list, cancelled, from, ms) => {
        const { timers, rung, timer, run } = setUp()
        run(from * ms)
        const all = Array.from({ length: 10 }, (_, index) => timer(`${index}`))
        const expected = new Map<string, number>()
        for (const [index, steps] of list) {
          const each = all[index]
          if (each === undefined) continue
          const due = steps * ms
          timers.set(each, due)
          expected.set(each.key, due)
        }
        for (const index of cancelled) {
          const each = all[index]
          if (each !== undefined) timers.cancel(each)
          expected.delete(`${index}`)
        }
        const wrongNext: number[] = []
        for (let until = 0; until <= 50; until += 7) {
          run(until * ms)
          const least = Math.min(...[...expected.values()].filter((due) => due > until * ms))
          if (timers.next <= until * ms || timers.next > least) wrongNext.push(until)
        }
        run(50 * ms)
        expect(wrongNext).toEqual([])
        expect(rung).toEqual(
          [...expected]
            .toSorted(([a, dueA], [b, dueB]) => dueA - dueB || (a < b ? -1 : 1))
            .map(([key, due]) => `${due} ${key}`),
        )
      }),
    )
  })
})
