import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createPacer } from './pacer.ts'

/** Enough that only the rate counts. */
const plenty = 10_000

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

test('turns come in order, at the rate that is given', () => {
  const pacer = createPacer(200, plenty)
  const ran: number[] = []
  for (let n = 0; n < 1_000; n++) pacer.whenItsTurn(() => ran.push(n))
  expect(ran).toEqual([])
  vi.advanceTimersByTime(1_000)
  expect(ran.length).toBeGreaterThan(180)
  expect(ran.length).toBeLessThanOrEqual(202)
  vi.advanceTimersByTime(4_100)
  expect(ran).toEqual(Array.from({ length: 1_000 }, (_, n) => n))
})

test('a slow rate is kept as well, and the first goes at once', () => {
  const pacer = createPacer(2, plenty)
  let ran = 0
  for (let n = 0; n < 10; n++) pacer.whenItsTurn(() => (ran += 1))
  vi.advanceTimersByTime(1)
  expect(ran).toBe(1)
  vi.advanceTimersByTime(2_030)
  expect(ran).toBe(5)
})

test('a rest is not saved up', () => {
  const pacer = createPacer(100, plenty)
  pacer.whenItsTurn(() => {})
  vi.advanceTimersByTime(60_000)
  let ran = 0
  for (let n = 0; n < 100; n++) pacer.whenItsTurn(() => (ran += 1))
  vi.advanceTimersByTime(1)
  expect(ran).toBeLessThanOrEqual(11)
})

test('a turn that is given up takes nobody else’s place', () => {
  const pacer = createPacer(10, plenty)
  const ran: string[] = []
  const turns = ['a', 'b', 'c'].map((name) => pacer.whenItsTurn(() => ran.push(name)))
  turns[0]?.cancel()
  vi.advanceTimersByTime(1)
  expect(ran).toEqual(['b'])
  vi.advanceTimersByTime(130)
  expect(ran).toEqual(['b', 'c'])
})

test('so many at once, and the next when one is done', () => {
  const pacer = createPacer(1_000, 2)
  const running: (() => void)[] = []
  for (let n = 0; n < 5; n++) pacer.whenItsTurn((done) => running.push(done))
  vi.advanceTimersByTime(1_000)
  expect(running).toHaveLength(2)
  // Saying it twice is not two turns.
  running[0]?.()
  running[0]?.()
  vi.advanceTimersByTime(1_000)
  expect(running).toHaveLength(3)
  for (const done of running) done()
  vi.advanceTimersByTime(1_000)
  expect(running).toHaveLength(5)
})

test('once stopped, nobody gets a turn', () => {
  const pacer = createPacer(10, plenty)
  let ran = 0
  pacer.whenItsTurn(() => (ran += 1))
  pacer.stop()
  vi.advanceTimersByTime(1_000)
  expect(ran).toBe(0)
  expect(vi.getTimerCount()).toBe(0)
})
