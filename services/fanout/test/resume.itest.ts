import type { Fault } from '@ronda/contracts/fault'
import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import type { ControlRoom } from './control-room.ts'
import { makeFault } from '@ronda/contracts/testing/make-fault'
import { type Harness, startHarness } from './harness.ts'

let harness: Harness
afterEach(() => harness.end())

/** The events of the detector as a control room lists its own. */
function said(): string[] {
  return harness.detector.events.map(({ event, fault }) => `${event} ${fault.id} ${fault.revision}`)
}

/** The open faults after so many of the detector's events. */
function openAfter(events: number): Iterable<Fault> {
  const open = new Map<string, Fault>()
  for (const { fault } of harness.detector.events.slice(0, events)) {
    if (fault.closedAt === undefined) open.set(fault.id, fault)
    else open.delete(fault.id)
  }
  return open.values()
}

function revisions(faults: Iterable<Fault>): string[] {
  return Array.from(faults, ({ id, revision }) => `${id} ${revision}`).toSorted()
}

async function leave(room: ControlRoom): Promise<void> {
  room.ws.terminate()
  await room.closed
}

describe('resume', () => {
  test('replays exactly what was missed', async () => {
    harness = await startHarness()
    const { detector } = harness
    const room = await harness.watch()
    await room.caughtUp()
    const [fault = makeFault()] = await detector.raise({})
    await vi.waitFor(() => expect(room.of('fault')).toHaveLength(1), within)
    await leave(room)
    await detector.change(fault, 'acknowledged', { acknowledged: true })
    await detector.raise({}, {})

    const back = await harness.watch({}, { resume: room.cursor ?? '', known: room })
    await back.caughtUp()

    expect(back.of('snapshot')).toEqual([])
    expect([...room.events(), ...back.events()]).toEqual(said())
  })

  test('with nothing missed there is nothing but how it stands', async () => {
    harness = await startHarness()
    await harness.detector.raise({})
    const room = await harness.watch()
    await room.caughtUp()
    const back = await harness.watch({}, { resume: room.cursor ?? '', known: room })
    await back.caughtUp()
    expect(back.messages.map(({ type }) => type)).toEqual(['alarm-metrics', 'status'])
  })

  test('across a restart of fanout', async () => {
    harness = await startHarness()
    const room = await harness.watch({ districts: ['serpong'] })
    await room.caughtUp()
    await harness.detector.raise({ district: 'serpong' }, { district: 'setu' })
    await vi.waitFor(() => expect(room.of('fault')).toHaveLength(1), within)
    const [first] = room.events()
    await harness.restart()
    expect(await room.closed).toMatchObject({ code: 1001 })
    const [, missed] = await harness.detector.raise({ district: 'setu' }, { district: 'serpong' })

    const back = await harness.watch({ districts: ['serpong'] }, { resume: room.cursor ?? '', known: room })
    await back.caughtUp()

    expect(room.events()).toEqual([first])
    expect(back.events()).toEqual([`raised ${missed?.id} 1`])
    expect(back.faults.size).toBe(2)
  })

  test('farther back than what is in memory, from the stream', async () => {
    harness = await startHarness({ limits: { recentEvents: 10 } })
    const room = await harness.watch()
    await room.caughtUp()
    await leave(room)
    for (let i = 0; i < 40; i++) await harness.detector.raise(...Array.from({ length: 25 }, () => ({})))
    const back = await harness.watch({}, { resume: room.cursor ?? '', known: room })
    await back.caughtUp()
    expect(back.of('gap')).toEqual([])
    expect(back.events()).toEqual(said())
  })

  test('another filter, or half a snapshot, begins with a snapshot', async () => {
    harness = await startHarness()
    await harness.detector.raise(...Array.from({ length: 600 }, () => ({})))
    const room = await harness.watch()
    await room.caughtUp()
    const [firstPage] = room.of('snapshot')
    const narrower = await harness.watch({ districts: ['serpong'] }, { resume: room.cursor ?? '' })
    const cutOff = await harness.watch({}, { resume: firstPage?.cursor ?? '' })
    await Promise.all([narrower.caughtUp(), cutOff.caughtUp()])
    for (const each of [narrower, cutOff]) {
      expect(each.messages.map(({ type }) => type)).toEqual(['snapshot', 'snapshot', 'alarm-metrics', 'status'])
      expect(each.faults.size).toBe(600)
    }
  })
})

describe('gap, then a snapshot', () => {
  /** What a subscription with a cursor that cannot be resumed from is told. */
  async function answerTo(since: string) {
    const room = await harness.watch({}, { resume: since })
    await room.caughtUp()
    return {
      types: room.messages.map(({ type }) => type),
      since: room.of('gap')[0]?.since,
      faults: revisions(room.faults.values()),
    }
  }

  async function gapSince(since: string): Promise<Awaited<ReturnType<typeof answerTo>>> {
    const rows = await harness.backbone.bucket('faults').list()
    return {
      types: ['gap', 'snapshot', 'alarm-metrics', 'status'],
      since,
      faults: revisions(rows.map(({ value }) => value.fault)),
    }
  }

  async function cursorNow(): Promise<string> {
    const room = await harness.watch()
    await room.caughtUp()
    await leave(room)
    return room.cursor ?? ''
  }

  test('what is no cursor', async () => {
    harness = await startHarness()
    await harness.detector.raise({})
    expect(await answerTo('”rubbish“')).toEqual(await gapSince('”rubbish“'))
  })

  test('a cursor of another data directory', async () => {
    const other = await startHarness()
    harness = other
    await other.detector.raise({}, {})
    const cursor = await cursorNow()
    await other.end()
    harness = await startHarness()
    await harness.detector.raise({}, {}, {})
    expect(await answerTo(cursor)).toEqual(await gapSince(cursor))
  })

  test('a cursor ahead of the stream', async () => {
    harness = await startHarness()
    await harness.detector.raise({})
    const [, ordinal, ...rest] = (await cursorNow()).split('.')
    const ahead = ['zzzzzz', ordinal, ...rest].join('.')
    expect(await answerTo(ahead)).toEqual(await gapSince(ahead))
  })

  test('events that were trimmed, since the first or since one in the middle', async () => {
    harness = await startHarness({ limits: { recentEvents: 2 } })
    const atStart = await cursorNow()
    await harness.detector.raise({})
    const inMiddle = await cursorNow()
    for (let i = 0; i < 10; i++) await harness.detector.raise({})
    await vi.waitFor(async () => expect(await harness.metric('feed_lag_events')).toBe(0), within)
    await harness.backbone.stream('faults').trim({ before: Infinity, maxBytes: 0 })
    expect(await answerTo(atStart)).toEqual(await gapSince(atStart))
    expect(await answerTo(inMiddle)).toEqual(await gapSince(inMiddle))
  })

  test('more events than are replayed', async () => {
    harness = await startHarness({ limits: { maxReplayEvents: 20 } })
    const cursor = await cursorNow()
    await harness.detector.raise(...Array.from({ length: 21 }, () => ({})))
    expect(await answerTo(cursor)).toEqual(await gapSince(cursor))
  })
})

describe('while events flow', () => {
  test('whenever a connection breaks, nothing is missed and nothing comes twice', async () => {
    harness = await startHarness({ limits: { recentEvents: 64 } })
    const { detector, backbone } = harness
    let running = true

    /** Raises, changes and closes faults, single and in crowds, until it is told to stop. */
    async function flow(): Promise<void> {
      const open = await detector.raise({}, {}, {})
      for (let i = 0; running; i++) {
        if (open.length < 400)
          open.push(...(await detector.raise(...Array.from({ length: 1 + (i % 7) ** 2 }, () => ({})))))
        const index = (i * 7) % open.length
        const changed = await detector.change(open[index] ?? makeFault(), 'updated', { occurrences: i + 2 })
        if (i % 3 === 0) {
          await detector.change(changed, 'closed', { closedAt: i + 1 })
          open.splice(index, 1)
        } else open[index] = changed
      }
    }
    const flowing = flow()

    const addresses = [harness.url, await harness.startAnother()]
    const headers = { authorization: `Bearer ${harness.adminToken}` }

    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ listenFor: fc.nat(40), awayFor: fc.nat(80), to: fc.nat(1) }), {
          minLength: 2,
          maxLength: 6,
        }),
        async (breaks) => {
          let room = await harness.enter()
          room.subscribe()
          await room.caughtUp()
          const heard: string[] = []
          for (const { listenFor, awayFor, to } of breaks) {
            const target = room.of('fault').length + listenFor
            await vi.waitFor(() => expect(room.of('fault').length).toBeGreaterThanOrEqual(target), within)
            await leave(room)
            expect(room.of('gap')).toEqual([])
            heard.push(...room.events())
            const away = detector.events.length + awayFor
            await vi.waitFor(() => expect(detector.events.length).toBeGreaterThanOrEqual(away), within)
            const at = addresses[to] ?? harness.url
            const cursor = room.cursor ?? ''
            room = await harness.enter({ known: room, headers, at })
            room.subscribe({}, cursor)
          }
          await room.caughtUp()
          await leave(room)
          heard.push(...room.events())

          const from = said().indexOf(heard[0] ?? '')
          const to = from + heard.length
          expect(heard).toEqual(said().slice(from, to))
          expect(revisions(room.faults.values())).toEqual(revisions(openAfter(to)))
        },
      ),
      // A run depends on the timing too, so a smaller one proves nothing.
      { numRuns: 10, endOnFailure: true },
    )

    const last = await harness.enter()
    last.subscribe()
    await last.caughtUp()
    running = false
    await flowing
    const rows = await backbone.bucket('faults').list()
    await vi.waitFor(
      () => expect(revisions(last.faults.values())).toEqual(revisions(rows.map(({ value }) => value.fault))),
      within,
    )
  })

  test('a snapshot and the events after it make what the bucket says, whenever it is taken', async () => {
    harness = await startHarness()
    const { detector } = harness
    await detector.raise(...Array.from({ length: 1_500 }, () => ({})))
    const rooms: ControlRoom[] = []
    for (let i = 0; i < 20; i++) {
      const [fault = makeFault()] = await detector.raise({}, {})
      const room = await harness.enter()
      room.subscribe()
      rooms.push(room)
      await detector.change(fault, 'closed', { closedAt: 1 })
    }
    await Promise.all(rooms.map((room) => room.caughtUp()))
    const rows = await harness.backbone.bucket('faults').list()
    const expected = rows.map(({ key }) => key).toSorted()
    await vi.waitFor(() => {
      for (const room of rooms) expect([...room.faults.keys()].toSorted()).toEqual(expected)
    }, within)
    expect(await harness.metric('gaps_total')).toBe(0)
  })
})
