import { expect, test } from 'vitest'
import { createCityClock } from './city-clock.ts'

function makeClock(timeScale = 1) {
  let monotonic = 0
  const clock = createCityClock({ monotonic: () => monotonic, now: () => 5_000_000 + monotonic, timeScale })
  return { clock, pass: (ms: number) => (monotonic += ms) }
}

test('shows this machine’s time until the server has told its own', () => {
  const { clock, pass } = makeClock()
  expect(clock.now()).toBe(5_000_000)
  clock.set(1_000_000)
  pass(2_500)
  expect(clock.now()).toBe(1_002_500)
})

test('does not stutter with the network’s jitter, and follows a real difference', () => {
  const { clock, pass } = makeClock()
  clock.set(1_000_000)
  pass(5_000)
  clock.set(1_005_120)
  expect(clock.now()).toBe(1_005_000)
  clock.set(1_007_000)
  expect(clock.now()).toBe(1_007_000)
})

test('a simulated city’s time runs faster between two statuses', () => {
  const { clock, pass } = makeClock(60)
  clock.set(1_000_000)
  pass(1_000)
  expect(clock.now()).toBe(1_060_000)
  clock.set(1_070_000)
  expect(clock.now()).toBe(1_060_000)
})
