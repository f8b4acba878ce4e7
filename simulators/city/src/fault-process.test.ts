import { createClock } from '@ronda/runtime/clock'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { exampleCity, examplePlan } from '../test/example-city.ts'
import { createFaultBook } from './fault-book.ts'
import { type FaultKind, factsOf, faultKindNames } from './fault-kinds.ts'
import { around, startFaultProcess } from './fault-process.ts'
import { createWorld } from './physics/world.ts'
import { createScheduler } from './scheduler.ts'
import { type Subject, createUnits } from './unit.ts'

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
  const units = createUnits(examplePlan(devices), seed)
  const book = createFaultBook(world)
  const shared: Subject[] = []
  const struck: { subject: Subject; kind: FaultKind }[] = []
  startFaultProcess(perMinute, {
    units,
    world,
    seed,
    scheduler: createScheduler(clock),
    now: clock.now,
    inject(subject, kind) {
      shared.push(...around(subject).filter(({ faults }) => Object.keys(faults).length > 0))
      struck.push({ subject, kind })
      book.inject(subject, kind, clock.now())
    },
    recover: (subject, kind) => book.recover(subject, kind, clock.now()),
  })
  return { book, shared, struck, advance: (stampedMs: number) => vi.advanceTimersByTime(stampedMs / 60) }
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

test('a device has one fault at a time, and none while its cabinet or its uplink has one', () => {
  const { book, shared, advance } = start(300, 3)
  advance(6 * hourMs)
  expect(book.truth.length).toBeGreaterThan(500)
  expect(shared).toEqual([])
})

test('what can be seen by night or by day only begins then, and is mended then', () => {
  const { book, advance } = start(300, 3)
  advance(48 * hourMs)
  const { sun } = createWorld(exampleCity.profile, 1)
  const timesOf = (seen: string) =>
    book.truth
      .filter(({ kind, since }) => factsOf(kind).seen === seen && since > noon)
      .flatMap(({ since, until }) => (until === undefined ? [since] : [since, until]))
  const [byNight, byDay] = [timesOf('by night'), timesOf('by day')]
  expect(byNight.length).toBeGreaterThan(1_000)
  expect(byNight.filter((t) => sun.altitude(t) > -6)).toEqual([])
  expect(byDay.length).toBeGreaterThan(200)
  expect(byDay.filter((t) => sun.altitude(t) < 6)).toEqual([])
})

test('an uplink is that of ten devices or more', () => {
  const { struck, advance } = start(300, 3)
  advance(48 * hourMs)
  const behind = struck.flatMap(({ subject, kind }) => (kind === 'uplink_outage' ? [subject.behind.length] : []))
  expect(behind.length).toBeGreaterThan(10)
  expect(behind.filter((devices) => devices < 10)).toEqual([])
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
