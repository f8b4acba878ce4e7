// The alarm figures as control rooms hear them.
import type { AlarmMetrics } from '@ronda/contracts/alarm-metrics'
import type { Fault } from '@ronda/contracts/fault'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import type { ControlRoom } from './control-room.ts'
import { makeFault } from '@ronda/contracts/testing/make-fault'
import { type Harness, type HarnessOptions, startHarness } from './harness.ts'

const minute = 60_000
const hour = 60 * minute
const start = Date.parse('2026-03-10T20:00:00+07:00')
const never = 600_000

let harness: Harness
afterEach(() => harness.end())

async function begin(options: HarnessOptions['limits'] = {}): Promise<void> {
  harness = await startHarness({ limits: options })
  await logTime(start)
}

/** How far the detector has decided. */
async function logTime(at: number): Promise<void> {
  await harness.backbone.commit({
    writes: [{ bucket: 'system', key: 'detector', value: { logTime: at, blind: [] } }],
  })
}

const announced = (at: number, given: Partial<Fault> = {}): Partial<Fault> => ({
  raisedAt: at,
  updatedAt: at,
  announcedAt: at,
  ...given,
})

const latest = (room: ControlRoom) => room.of('alarm-metrics').at(-1)

async function hears(room: ControlRoom, expected: object): Promise<AlarmMetrics> {
  await vi.waitFor(() => expect(latest(room)).toMatchObject(expected), within)
  const figures = latest(room)
  if (figures === undefined) throw new Error('it heard nothing')
  return figures
}

const rawOf = (room: ControlRoom) => room.raw.filter((each) => each.startsWith('{"type":"alarm-metrics"'))

describe('alarm figures', () => {
  test('are told when a reader has caught up, for its filter, and then when they change', async () => {
    await begin({ alarmMetricsMs: 20 })
    const [mine, theirs, all, another] = await Promise.all([
      harness.watch({ agencies: ['dishub'] }),
      harness.watch({ agencies: ['diskominfo'] }),
      harness.watch(),
      harness.watch({ districts: [], agencies: ['dishub', 'dishub'] }),
    ])
    for (const room of [mine, theirs, all, another]) {
      await room.caughtUp()
      expect(room.of('alarm-metrics')).toHaveLength(1)
      expect(latest(room)).toMatchObject({ announced: 0, open: { standing: 0 } })
    }
    const [first] = await harness.detector.raise(
      announced(start + 1),
      announced(start + 2),
      announced(start + 3, { agency: 'diskominfo', severity: 'critical' }),
    )
    await hears(mine, { announced: 2, open: { standing: 2 } })
    await hears(another, { announced: 2 })
    await hears(theirs, { announced: 1, open: { standing: 1 } })
    await hears(all, { announced: 3, open: { standing: 3 }, agencies: [{ announced: 2 }, { announced: 1 }] })

    const at = { updatedAt: start + 1 + 4 * minute }
    await harness.detector.change(first ?? makeFault(), 'acknowledged', { ...at, acknowledged: true })
    await hears(mine, { toAcknowledge: { count: 1, medianMs: 4 * minute } })
    await hears(another, { toAcknowledge: { count: 1 } })
    expect(rawOf(another)).toEqual(rawOf(mine))
    expect(latest(theirs)).toMatchObject({ toAcknowledge: { count: 0 } })
  })

  test('are not told again while they are the same', async () => {
    await begin({ alarmMetricsMs: 20, statusMs: 50 })
    const room = await harness.watch()
    await harness.detector.raise(announced(start))
    await hears(room, { announced: 1, open: { standing: 1 } })
    const heard = room.of('alarm-metrics').length
    const statuses = room.of('status').length
    await logTime(start + minute)
    // Long enough for several looks.
    await vi.waitFor(() => expect(room.of('status').length).toBeGreaterThan(statuses + 3), within)
    expect(room.of('alarm-metrics')).toHaveLength(heard)
  })

  test('are not computed anew for whoever joins others', async () => {
    await begin({ alarmMetricsMs: never })
    const first = await harness.watch()
    await first.caughtUp()
    await harness.detector.raise(announced(start))
    await vi.waitFor(() => expect(first.of('fault')).toHaveLength(1), within)
    const [second, narrower] = [await harness.watch(), await harness.watch({ kinds: ['streetlight'] })]
    await Promise.all([second.caughtUp(), narrower.caughtUp()])
    expect(rawOf(second)).toEqual(rawOf(first))
    await hears(narrower, { announced: 1 })
  })

  test('follow log time: what is a day old leaves, what stands grows stale', async () => {
    await begin({ alarmMetricsMs: 20 })
    const room = await harness.watch()
    await harness.detector.raise(...Array.from({ length: 11 }, () => announced(start)))
    await hears(room, { announced: 11, floods: { count: 1, since: start }, open: { stale: { value: 0, met: true } } })
    await logTime(start + 10 * minute)
    await hears(room, { announced: 11, floods: { count: 1, since: null, longestMs: 10 * minute } })
    await logTime(start + 24 * hour)
    await hears(room, { announced: 0, open: { standing: 11, stale: { value: 0 } } })
    await logTime(start + 24 * hour + 1)
    const { open } = await hears(room, { open: { stale: { value: 11 } } })
    expect(open).toMatchObject({ standing: 11, stale: { below: 5, met: false } })
  })

  test('are the same after a restart', async () => {
    await begin({ alarmMetricsMs: 20 })
    const room = await harness.watch()
    // Older than what is looked at, in the hour before, and of the day.
    for (const ago of [26 * hour, 24.5 * hour, 23 * hour]) await harness.detector.raise(announced(start - ago))
    const { from, to, ...before } = await hears(room, { announced: 1, open: { faults: 3 } })
    expect({ from, to }).toEqual({ from: start - 24 * hour, to: start })
    await harness.restart()
    const later = await harness.watch()
    await later.caughtUp()
    expect(latest(later)).toEqual({ from, to, ...before })
    await harness.detector.raise(announced(start))
    await hears(later, { announced: 2, open: { faults: 4 } })
  })

  test('of more than is kept are those of a shorter time, and say so', async () => {
    await begin({ alarmMetricsMs: 20, maxAlarmNotes: 10 })
    const room = await harness.watch()
    for (let second = 1; second <= 100; second++) await harness.detector.raise(announced(start + second * 1_000))
    const { announced: count, from, to } = await hears(room, { to: start + 100_000, open: { standing: 100 } })
    expect(count).toBeGreaterThanOrEqual(10)
    expect(count).toBeLessThan(20)
    expect(from).toBe(to - count * 1_000)
  })

  test('of a slow reader wait for it, and what waits is bounded', async () => {
    const maxQueuedBytes = 128 * 1024
    await begin({ alarmMetricsMs: 20, maxQueuedBytes })
    const [slow, fast] = [await harness.watch(), await harness.watch()]
    await Promise.all([slow.caughtUp(), fast.caughtUp()])
    slow.ws.pause()
    const evidence = { note: 'x'.repeat(8_000) }
    let most = 0
    for (let commit = 1; commit <= 40; commit++) {
      await harness.detector.raise(...Array.from({ length: 50 }, () => announced(start + commit, { evidence })))
      await vi.waitFor(() => expect(fast.of('fault')).toHaveLength(50 * commit), within)
      most = Math.max(most, await harness.metric('queued_bytes'))
    }
    expect(await harness.metric('catching_up_readers')).toBe(1)
    expect(most).toBeLessThan(maxQueuedBytes + 100_000)
    await hears(fast, { announced: 2_000 })
    slow.ws.resume()
    await hears(slow, { announced: 2_000 })
  })

  test('are gauges too', async () => {
    await begin()
    const room = await harness.watch()
    await room.caughtUp()
    await harness.detector.raise(
      announced(start - 25 * hour),
      announced(start, { overdue: true }),
      announced(start, { shelvedUntil: start + hour }),
      ...Array.from({ length: 11 }, () => announced(start, { active: false })),
    )
    await vi.waitFor(() => expect(room.of('fault')).toHaveLength(14), within)
    const gauge = (state: string) => harness.metric(`faults{state="${state}"}`)
    expect(await Promise.all(['standing', 'stale', 'shelved', 'overdue'].map(gauge))).toEqual([2, 1, 1, 1])
    await vi.waitFor(async () => expect(await harness.metric('alarm_flood')).toBe(1), within)
    await logTime(start + 10 * minute)
    await vi.waitFor(async () => expect(await harness.metric('alarm_flood')).toBe(0), within)
  })
})
