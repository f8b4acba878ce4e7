import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom, drift, jitter, keyOf, uniform } from './random.ts'

const key = fc.integer({ min: 0, max: 0xffff_ffff })
const time = fc.integer({ min: 0, max: 4e12 })

describe('hashes', () => {
  test('stay in their ranges and are the same every time', () => {
    fc.assert(
      fc.property(key, time, (key, t) => {
        expect(uniform(key, t)).toBeGreaterThanOrEqual(0)
        expect(uniform(key, t)).toBeLessThan(1)
        expect(Math.abs(jitter(key, t))).toBeLessThanOrEqual(1)
        expect(Math.abs(drift(key, t, 60_000))).toBeLessThanOrEqual(1)
        expect(uniform(key, t)).toBe(uniform(key, t))
      }),
    )
  })

  test('are spread evenly over consecutive times, also beyond 32 bits', () => {
    for (const start of [0, 1.75e12]) {
      const tenths = Array.from({ length: 10 }, () => 0)
      for (let t = start; t < start + 20_000; t++) {
        const tenth = Math.floor(uniform(keyOf(1, 'a'), t) * 10)
        tenths[tenth] = (tenths[tenth] ?? 0) + 1
      }
      for (const count of tenths) expect(Math.abs(count - 2_000)).toBeLessThan(200)
    }
  })

  test('differ between texts and seeds', () => {
    const keys = new Set<number>()
    for (const seed of [0, 1, 2 ** 40]) for (let n = 0; n < 1_000; n++) keys.add(keyOf(seed, `device-${n}`))
    expect(keys.size).toBe(3_000)
  })

  test('a drift moves in small steps', () => {
    for (let t = 0; t < 600_000; t += 1_000) {
      expect(Math.abs(drift(7, t + 1_000, 60_000) - drift(7, t, 60_000))).toBeLessThan(0.06)
    }
  })
})

describe('a generator', () => {
  test('repeats itself for a seed and a use, and only for those', () => {
    const draw = (seed: number, use: string) => Array.from({ length: 5 }, createRandom(seed, use).next)
    expect(draw(1, 'plan')).toEqual(draw(1, 'plan'))
    expect(draw(1, 'plan')).not.toEqual(draw(2, 'plan'))
    expect(draw(1, 'plan')).not.toEqual(draw(1, 'faults'))
  })

  test('draws weights in proportion and never one of weight 0', () => {
    const random = createRandom(1, 'weights')
    const counts = [0, 0, 0]
    for (let n = 0; n < 8_000; n++) {
      const index = random.weighted([3, 0, 1])
      counts[index] = (counts[index] ?? 0) + 1
    }
    expect(counts[1]).toBe(0)
    expect((counts[0] ?? 0) / 8_000).toBeCloseTo(0.75, 1)
    expect(random.weighted([0, 0])).toBe(-1)
  })

  test('waits as long as its mean, on the whole', () => {
    const random = createRandom(3, 'waits')
    let sum = 0
    for (let n = 0; n < 20_000; n++) sum += random.exponential(5)
    expect(sum / 20_000).toBeCloseTo(5, 0)
  })

  test('refuses to pick from nothing', () => {
    expect(() => createRandom(1, 'x').pick([])).toThrow('nothing to pick from')
  })
})
