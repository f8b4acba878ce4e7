import { expect, test, vi } from 'vitest'
import { createClock } from './clock.ts'

test('stamped time begins where it is told and runs as fast', () => {
  vi.useFakeTimers({ now: 1_000_000 })
  const clock = createClock({ scale: 60, stampedOrigin: 5_000_000, realOrigin: 1_000_000 })
  expect(clock.now()).toBe(5_000_000)
  vi.setSystemTime(1_000_100)
  expect(clock.now()).toBe(5_006_000)
  expect(clock.realMs(60_000)).toBe(1_000)
  expect(clock.simulated).toBe(true)
  vi.useRealTimers()
})

test('without a scale or a start it is the time of the system', () => {
  expect(createClock({ scale: 1, stampedOrigin: 7, realOrigin: 7 }).simulated).toBe(false)
})
