import { createClock } from '@ronda/runtime/clock'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createScheduler } from './scheduler.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Stamped time is ten times as fast as the real one, and began at 0. */
function fastClock() {
  return createClock({ scale: 10, stampedOrigin: 0, realOrigin: Date.now() })
}

test('tasks run in the order of their times, at their times, on the clock that is given', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 60 }), (times) => {
      const clock = fastClock()
      const scheduler = createScheduler(clock)
      const ran: number[] = []
      const lateMs: number[] = []
      for (const time of times) {
        scheduler.at(time, () => {
          ran.push(time)
          lateMs.push(clock.now() - time)
        })
      }
      vi.advanceTimersByTime(10_100)
      expect(ran).toEqual(times.toSorted((a, b) => a - b))
      expect(Math.min(0, ...lateMs)).toBe(0)
      // One real ms is ten stamped ones.
      expect(Math.max(0, ...lateMs)).toBeLessThanOrEqual(20)
    }),
  )
})

test('an earlier task overtakes the one that is waited for, and a cancelled one does not run', () => {
  const scheduler = createScheduler(fastClock())
  const ran: string[] = []
  scheduler.at(5_000, () => ran.push('late'))
  const cancelled = scheduler.at(2_000, () => ran.push('cancelled'))
  scheduler.at(1_000, () => ran.push('early'))
  cancelled.cancel()
  vi.advanceTimersByTime(110)
  expect(ran).toEqual(['early'])
  vi.advanceTimersByTime(400)
  expect(ran).toEqual(['early', 'late'])
})

test('a task may schedule the next, also for a time that has passed', () => {
  const scheduler = createScheduler(fastClock())
  let runs = 0
  const again = () => {
    runs += 1
    if (runs < 5) scheduler.at(0, again)
  }
  scheduler.at(0, again)
  vi.advanceTimersByTime(10)
  expect(runs).toBe(5)
})

test('a failing task does not keep the others from running', () => {
  const scheduler = createScheduler(fastClock())
  const ran: string[] = []
  scheduler.at(100, () => {
    throw new Error('a bug')
  })
  scheduler.at(200, () => ran.push('other'))
  expect(() => vi.advanceTimersByTime(10)).toThrow('a bug')
  vi.advanceTimersByTime(20)
  expect(ran).toEqual(['other'])
})

test('once stopped, nothing happens any more', () => {
  const scheduler = createScheduler(fastClock())
  scheduler.at(100, () => {
    throw new Error('must not run')
  })
  scheduler.stop()
  expect(() => vi.advanceTimersByTime(1_000)).not.toThrow()
  expect(vi.getTimerCount()).toBe(0)
})
