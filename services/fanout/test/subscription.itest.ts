import { afterEach, describe, expect, test, vi } from 'vitest'
import { makeFault } from '@ronda/contracts/testing/make-fault'
import { within } from '../../../infra/testing/within.ts'
import { type Harness, startHarness } from './harness.ts'

let harness: Harness
afterEach(() => harness.end())

describe('snapshot, then live', () => {
  test('a snapshot of the open faults, then every event as it comes', async () => {
    harness = await startHarness()
    const { detector } = harness
    const [old] = await detector.raise({}, {})
    const room = await harness.watch()
    await room.caughtUp()
    expect(room.of('snapshot')).toHaveLength(1)
    expect(room.faults.size).toBe(2)
    expect(room.faults.get(old?.id ?? '')).toEqual(old)

    const [fresh] = await detector.raise({ severity: 'critical' })
    const acknowledged = await detector.change(fresh ?? makeFault(), 'acknowledged', { acknowledged: true })
    const closed = await detector.change(acknowledged, 'closed', { closedAt: 9, active: false })

    await vi.waitFor(() => expect(room.of('fault')).toHaveLength(3), within)
    expect(room.of('fault').map(({ event, fault }) => ({ event, fault }))).toEqual([
      { event: 'raised', fault: fresh },
      { event: 'acknowledged', fault: acknowledged },
      { event: 'closed', fault: closed },
    ])
    expect(room.faults.size).toBe(2)
  })

  test('without open faults the snapshot is one empty page', async () => {
    harness = await startHarness()
    const room = await harness.watch()
    await room.caughtUp()
    expect(room.of('snapshot')).toMatchObject([{ faults: [], more: false }])
  })

  test('1,200 faults come in pages of 500, and what happens meanwhile after them', async () => {
    harness = await startHarness()
    await harness.detector.raise(...Array.from({ length: 1_200 }, () => ({})))
    const room = await harness.watch()
    const [during] = await harness.detector.raise({})
    await vi.waitFor(() => expect(room.faults.has(during?.id ?? '')).toBe(true), within)
    const pages = room.of('snapshot')
    expect(pages.map(({ more }) => more)).toEqual([true, true, false])
    expect(pages.slice(0, 2).map(({ faults }) => faults.length)).toEqual([500, 500])
    expect(room.faults.size).toBe(1_201)
    // In the snapshot or after it, but once.
    expect((pages[2]?.faults.length ?? 0) + room.of('fault').length).toBe(201)
  })

  test('a second subscription takes the place of the first', async () => {
    harness = await startHarness()
    await harness.detector.raise({ district: 'serpong' }, { district: 'ciputat' })
    const room = await harness.watch({ districts: ['serpong'] })
    await room.caughtUp()
    room.subscribe({ districts: ['ciputat'] })
    await room.caughtUp()
    expect([...room.faults.values()].map(({ district }) => district)).toEqual(['ciputat'])
    const [, ciputat] = await harness.detector.raise({ district: 'serpong' }, { district: 'ciputat' })
    await vi.waitFor(() => expect(room.of('fault')).toHaveLength(1), within)
    expect(room.of('fault')[0]?.fault.id).toBe(ciputat?.id)
  })

  test('every receiver gets an event as the same bytes', async () => {
    harness = await startHarness()
    const rooms = await Promise.all(
      [{}, {}, { districts: ['b', 'a', 'a'] }, { districts: ['a', 'b'] }].map((filter) => harness.watch(filter)),
    )
    await Promise.all(rooms.map((room) => room.caughtUp()))
    await harness.detector.raise({ district: 'a' }, { district: 'b' })
    await vi.waitFor(() => {
      for (const room of rooms) expect(room.of('fault')).toHaveLength(2)
    }, within)
    const bytes = rooms.map((room) => room.raw.filter((each) => each.startsWith('{"type":"fault"')))
    expect(bytes[1]).toEqual(bytes[0])
    expect(bytes[3]).toEqual(bytes[2])
    // And after a break the same again.
    const resumed = await harness.watch({}, { resume: rooms[0]?.of('snapshot')[0]?.cursor ?? '' })
    await vi.waitFor(() => expect(resumed.of('fault')).toHaveLength(2), within)
    expect(resumed.raw.filter((each) => each.startsWith('{"type":"fault"'))).toEqual(bytes[0])
  })

  test('what a restarted detector says again is said once', async () => {
    harness = await startHarness()
    const { detector } = harness
    const room = await harness.watch()
    await room.caughtUp()
    const [fault] = await detector.raise({}, {})
    await detector.change(fault ?? makeFault(), 'closed', { closedAt: 5 })
    await detector.repeat(detector.events)
    const [last] = await detector.raise({})
    await vi.waitFor(() => expect(room.faults.has(last?.id ?? '')).toBe(true), within)
    expect(room.events()).toEqual(
      detector.events.map(({ event, fault: { id, revision } }) => `${event} ${id} ${revision}`),
    )
    expect(await harness.metric('repeated_events_total')).toBe(3)

    // Nor is it twice for those who come to a fanout that started in the middle of a repetition.
    await detector.repeat(detector.events.slice(1))
    await harness.restart()
    const late = await harness.watch()
    const resumed = await harness.watch({}, { resume: room.cursor ?? '', known: room })
    await Promise.all([late.caughtUp(), resumed.caughtUp()])
    await detector.repeat(detector.events)
    const [newest] = await detector.raise({})
    await vi.waitFor(() => {
      for (const each of [late, resumed]) expect(each.events()).toEqual([`raised ${newest?.id} 1`])
    }, within)
    expect([...late.faults.keys()].toSorted()).toEqual([...resumed.faults.keys()].toSorted())
    expect(late.faults.has(fault?.id ?? '')).toBe(false)
  })

  test('the status tells how far the detector is, and who is blind', async () => {
    harness = await startHarness({ limits: { statusMs: 50 } })
    const room = await harness.watch()
    await room.caughtUp()
    expect(room.of('status')[0]).toMatchObject({ logTime: 0, blind: [], simulated: false })
    const logTime = Date.now() - 5_000
    const blind = [{ source: 'broker', since: logTime - 1_000 }]
    await harness.backbone.commit({ writes: [{ bucket: 'system', key: 'detector', value: { logTime, blind } }] })
    await vi.waitFor(() => expect(room.of('status').at(-1)).toMatchObject({ logTime, blind }), within)
    const { lagMs, cursor } = room.of('status').at(-1) ?? { lagMs: 0, cursor: '' }
    expect(lagMs).toBeGreaterThanOrEqual(5_000)
    expect(lagMs).toBeLessThan(15_000)
    expect(cursor).toBe(room.of('snapshot')[0]?.cursor)
  })
})

describe('filters', () => {
  test('each list narrows, and an empty one admits all', async () => {
    harness = await startHarness()
    await harness.detector.raise(
      { district: 'serpong', kind: 'streetlight', severity: 'major', agency: 'dishub' },
      { district: 'serpong', kind: 'camera', severity: 'critical', agency: 'diskominfo' },
      { district: 'setu', kind: 'camera', severity: 'minor', agency: 'diskominfo' },
    )
    const sizes = await Promise.all(
      [
        {},
        { districts: ['serpong'] },
        { kinds: ['camera' as const], districts: ['serpong'] },
        { severities: ['minor' as const, 'major' as const] },
        { agencies: ['dishub'] },
        { agencies: ['nobody'] },
      ].map(async (filter) => {
        const room = await harness.watch(filter)
        await room.caughtUp()
        return room.faults.size
      }),
    )
    expect(sizes).toEqual([3, 2, 1, 2, 1, 0])
  })

  test('a fault that matches no more is told as removed, one that comes to match as what happened', async () => {
    harness = await startHarness()
    const { detector } = harness
    const [fault = makeFault()] = await detector.raise({ severity: 'critical' })
    const [critical, minor, all] = await Promise.all([
      harness.watch({ severities: ['critical'] }),
      harness.watch({ severities: ['minor'] }),
      harness.watch(),
    ])
    await Promise.all([critical.caughtUp(), minor.caughtUp(), all.caughtUp()])
    const { district, kind, severity, agency } = fault
    const before = { district, kind, severity, ...(agency === undefined ? {} : { agency }) }
    await detector.change(fault, 'updated', { severity: 'minor' }, before)
    await vi.waitFor(() => {
      expect(critical.events()).toEqual([`removed ${fault.id} 2`])
      expect(minor.events()).toEqual([`updated ${fault.id} 2`])
      expect(all.events()).toEqual([`updated ${fault.id} 2`])
    }, within)
    expect(critical.faults.size).toBe(0)
    expect(minor.faults.size).toBe(1)
  })
})
