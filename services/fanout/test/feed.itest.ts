// What depends on one of two being ahead of the other, brought about step by step.
import type { Backbone } from '@ronda/backbone/backbone'
import { openEmbeddedBackbone } from '@ronda/backbone/embedded/embedded'
import { systemClock } from '@ronda/runtime/clock'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import { createAlarmBoard } from '../src/alarm-board.ts'
import { createAlarmMessages } from '../src/alarm-messages.ts'
import { createCursorCodec, filterTagOf } from '../src/cursor.ts'
import { createDetectorWatch } from '../src/detector-watch.ts'
import { createFeed } from '../src/feed.ts'
import { defaultLimits } from '../src/limits.ts'
import { createMetrics } from '../src/metrics.ts'
import type { Outlet } from '../src/outlet.ts'
import { createSubscribers } from '../src/subscribers.ts'
import { createTestDetector } from './detector.ts'

const everything = { districts: [], kinds: [], severities: [], agencies: [] }
const tag = filterTagOf(everything)

function openBackbone(): Backbone {
  const dir = mkdtempSync(join(tmpdir(), 'ronda-feed-'))
  const backbone = openEmbeddedBackbone({ dir, reserveBytes: 0, maxLogBytes: 1e9, now: Date.now })
  onTestFinished(async () => {
    await backbone.close()
    rmSync(dir, { recursive: true, force: true })
  })
  return backbone
}

/** All of fanout between the stream and the sockets; it follows the stream only when it is told to. */
function assemble(backbone: Backbone) {
  const limits = { ...defaultLimits, recentEvents: 4 }
  const cursors = createCursorCodec({ faults: backbone.stream('faults').epoch, log: backbone.stream('log').epoch })
  const feed = createFeed({ backbone, recentEvents: limits.recentEvents, onRepeated: () => {} })
  const detector = createDetectorWatch(backbone, systemClock)
  const board = createAlarmBoard({ backbone, openFaults: feed.openFaults, maxNotes: 10, logTime: () => 0, beganAt: 0 })
  const alarms = createAlarmMessages(board)
  const subscribers = createSubscribers({ feed, cursors, detector, alarms, limits, metrics: createMetrics() })
  const stop = new AbortController()
  return {
    feed,
    cursors,
    subscribers,
    /** `type` of each message, and of an event its fault. */
    subscribe(resume?: string): string[] {
      const told: string[] = []
      subscribers.subscribe(outletInto(told), everything, resume)
      return told
    },
    follow() {
      const following = feed.follow(stop.signal, subscribers.deliver)
      onTestFinished(async () => {
        stop.abort()
        await following
      })
    },
  }
}

/** A connection whose socket takes everything. */
function outletInto(told: string[]): Outlet {
  return {
    write(frames) {
      for (const [, type, faultId] of frames
        .toString('utf8')
        .matchAll(/"type":"([\w-]+)"(?:.*?"fault":\{"id":"(\w+))?/g))
        told.push(faultId === undefined ? String(type) : `fault ${Number(faultId)}`)
    },
    clogged: false,
    queuedBytes: 0,
  }
}

const numberOf = (fault: { uid: string } | undefined) => Number(fault?.uid)

test('rows that are newer than the place from which they were to be followed: the view ends up at both', async () => {
  const real = openBackbone()
  const detector = createTestDetector(real)
  const [before] = await detector.raise({})
  const backbone: Backbone = {
    ...real,
    bucket(name) {
      const bucket = real.bucket(name)
      return {
        ...bucket,
        async list(options) {
          // Between the look at the head and the rows.
          if (name === 'faults' && options?.after === undefined) await detector.raise({}, {})
          return bucket.list(options)
        },
      }
    },
  }
  const { feed } = assemble(backbone)
  await feed.load()
  expect(before).toBeDefined()
  expect(feed.openFaults.size).toBe(3)
  expect(feed.place).toMatchObject({ position: (await real.stream('faults').head()).position, ordinal: 3 })
})

test('a cursor of another fanout that is ahead waits for the view, and loses and doubles nothing', async () => {
  const backbone = openBackbone()
  const detector = createTestDetector(backbone)
  const { feed, cursors, subscribe, follow } = assemble(backbone)
  await feed.load()
  await detector.raise({}, {})
  const ahead = assemble(backbone)
  await ahead.feed.load()
  const cursor = cursors.at(ahead.feed.place, tag)
  expect(feed.place.position).toBeLessThan(ahead.feed.place.position)

  const told = subscribe(cursor)
  const [next] = await detector.raise({})
  expect(told).toEqual([])
  follow()
  await vi.waitFor(
    () => expect(told.toSorted()).toEqual(['alarm-metrics', `fault ${numberOf(next)}`, 'status']),
    within,
  )
})

test('a replay goes no farther than the view, where it goes live', async () => {
  const backbone = openBackbone()
  const detector = createTestDetector(backbone)
  const { feed, cursors, subscribe, subscribers, follow } = assemble(backbone)
  const start = cursors.at({ ...(await backbone.stream('faults').head()), seen: undefined }, tag)
  const known = await detector.raise({}, {}, {}, {}, {}, {}, {}, {})
  await feed.load()
  const unknown = await detector.raise({}, {})

  const told = subscribe(start)
  await vi.waitFor(() => expect(subscribers.count()).toEqual({ live: 1, behind: 0 }), within)
  const replayed = known.map((fault) => `fault ${numberOf(fault)}`)
  expect(told).toEqual([...replayed, 'alarm-metrics', 'status'])
  follow()
  const after = unknown.map((fault) => `fault ${numberOf(fault)}`)
  await vi.waitFor(() => expect(told).toEqual([...replayed, 'alarm-metrics', 'status', ...after]), within)
})
