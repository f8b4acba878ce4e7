import { createClock } from '@ronda/runtime/clock'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { exampleCity, examplePlan } from '../test/example-city.ts'
import { createFaultBook } from './fault-book.ts'
import { type FaultKind, faultKindNames } from './fault-kinds.ts'
import { startFaultProcess } from './fault-process.ts'
import { createWorld } from './physics/world.ts'
import { createScheduler } from './scheduler.ts'
import { type Unit, createUnits } from './unit.ts'

const hourMs = 3_600_000
const noon = Date.UTC(2026, 5, 3, 5)

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
})
afterEach(() => {
  vi.useRealTimers()
})

function start(devices: number, perMinute: number, { seed = 1, startAt = noon } = {}) {
  const clock = createClock({ scale: 60, stampedOrigin: startAt, realOrigin: Date.now() })
  const world = createWorld(exampleCity.profile, seed)
  const units = createUnits(examplePlan(devices), seed, startAt)
  const book = createFaultBook(world)
  const shared: Unit[] = []
  startFaultProcess(perMinute, {
    units,
    world,
    seed,
    scheduler: createScheduler(clock),
    now: clock.now,
    inject(unit: Unit, kind: FaultKind) {
      const around = [unit, ...unit.behind, ...(unit.cabinet === undefined ? [] : [unit.cabinet])]
      shared.push(...around.filter(({ faults }) => Object.keys(faults).length > 0))
      book.inject(unit, kind, clock.now())
    },
    recover: (unit, kind) => book.recover(unit, kind, clock.now()),
  })
  return { book, shared, advance: (stampedMs: number) => vi.advanceTimersByTime(stampedMs / 60) }
}

test.each([
  ['by day', noon],
  ['at night', noon + 9 * hourMs],
])('300 devices have a handful of faults at start, and a few changes a minute, %s', (_when, startAt) => {
  const { book, advance } = start(300, 1.5, { startAt })
  expect(book.active).toBeGreaterThanOrEqual(8)
  expect(book.active).toBeLessThanOrEqual(30)
  const atStart = book.truth.length
  advance(4 * hourMs)
  const begun = book.truth.length - atStart
  const ended = book.truth.filter(({ until }) => until !== undefined).length
  expect((begun + ended) / 240).toBeGreaterThan(1.5)
  expect((begun + ended) / 240).toBeLessThan(5)
  expect(book.active).toBeGreaterThanOrEqual(5)
  expect(book.active).toBeLessThanOrEqual(40)
})

test('in a day every kind of fault occurs', () => {
  const { book, advance } = start(300, 1.5)
  advance(24 * hourMs)
  expect(new Set(book.truth.map(({ kind }) => kind))).toEqual(new Set(faultKindNames))
})

test('a device has one fault at a time, and none while its cabinet has one', () => {
  const { book, shared, advance } = start(300, 3)
  advance(6 * hourMs)
  expect(book.truth.length).toBeGreaterThan(500)
  expect(shared).toEqual([])
})

test('lamps fail while they burn and are mended at night; they burn by day by day', () => {
  const { book, advance } = start(300, 3)
  advance(24 * hourMs)
  const { sun } = createWorld(exampleCity.profile, 1)
  const timesOf = (kind: FaultKind) =>
    book.truth.filter((injection) => injection.kind === kind && injection.since > noon)
  const failures = timesOf('lamp_failure').flatMap(({ since, until }) =>
    until === undefined ? [since] : [since, until],
  )
  expect(failures.length).toBeGreaterThan(100)
  expect(failures.filter((t) => sun.altitude(t) > -6)).toEqual([])
  const burners = timesOf('day_burner').map(({ since }) => since)
  expect(burners.length).toBeGreaterThan(50)
  expect(burners.filter((t) => sun.altitude(t) < 6)).toEqual([])
})

test('one device is enough', () => {
  const { book, advance } = start(1, 0.2)
  advance(24 * hourMs)
  expect(book.truth.length).toBeGreaterThan(10)
})

test('the same seed brings the same faults', () => {
  const run = (seed: number) => {
    const { book, advance } = start(150, 1, { seed })
    advance(hourMs)
    return book.truth.map(({ deviceId, kind }) => `${deviceId} ${kind}`)
  }
  expect(run(1)).toEqual(run(1))
  expect(run(1)).not.toEqual(run(2))
})
