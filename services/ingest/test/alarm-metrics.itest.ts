// The alarm figures of a real ingest: what its detector decides, over restarts, for each filter and period.
import type { AlarmMetrics } from '@ronda/contracts/alarm-metrics'
import type { Fault } from '@ronda/contracts/fault'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import { type Harness, problem, startHarness, topicOf } from './harness.ts'

const minute = 60_000

let harness: Harness
/** ms UTC when the test began. */
let began: number
beforeEach(async () => {
  began = Date.now()
  harness = await startHarness()
})
afterEach(() => harness.end())

const ask = (query = '') => harness.request<AlarmMetrics>('GET', `/api/v1/alarm-metrics?${query}`)

async function figures(query = ''): Promise<AlarmMetrics> {
  const { status, body } = await ask(query)
  expect(status).toBe(200)
  return body
}

/** What a camera says, at a time of the log; ms after the test began. */
function camera(id: string, afterMs: number, payload: object): Promise<void> {
  const at = began + afterMs
  return harness.publish(topicOf(id, 'telemetry', 'camera'), { ts: at, ...payload }, { receivedAt: at })
}
const fails = (id: string, afterMs: number) => camera(id, afterMs, { signalLoss: true, fps: 0 })
const works = (id: string, afterMs: number) => camera(id, afterMs, { signalLoss: false, fps: 25 })

async function install(id: string, district = 'serpong', agency = 'diskominfo'): Promise<void> {
  await harness.register(id, { kind: 'camera', district, agency })
}

async function faultOf(id: string): Promise<Fault> {
  return vi.waitFor(async () => {
    const { body } = await harness.request<{ faults: Fault[] }>('GET', `/api/v1/faults?device=${id}`)
    const [fault] = body.faults
    if (fault === undefined) throw new Error('not yet')
    return fault
  }, within)
}

/** The figures as soon as so many were announced. */
const announced = (count: number) =>
  vi.waitFor(async () => {
    const found = await figures()
    expect(found.announced).toBe(count)
    return found
  }, within)

describe('the alarm figures', () => {
  test('of nothing', async () => {
    const found = await figures()
    expect(found).toMatchObject({
      announced: 0,
      perHour: { value: 0, atMost: 6, met: true },
      floods: { count: 0, since: null, share: { below: 0.01, met: true } },
      topDevices: { share: { met: null }, devices: [] },
      priorities: { met: null },
      toAcknowledge: { count: 0, medianMs: null },
      open: { faults: 0, standing: 0, stale: { value: 0, below: 5, met: true }, shelved: 0, overdue: 0 },
      agencies: [],
    })
    expect(found.to - found.from).toBeLessThan(minute)
  })

  test('of a fault that is announced, acknowledged and repaired, also after a restart', async () => {
    await install('cctv-1')
    await fails('cctv-1', 0)
    const fault = await faultOf('cctv-1')
    await harness.request('POST', `/api/v1/faults/${fault.id}/acknowledge`, {})
    for (const minutes of [1, 2, 3, 4]) await works('cctv-1', minutes * minute)
    await vi.waitFor(async () => expect(await figures()).toMatchObject({ toRepair: { count: 1 } }), within)
    const found = await figures()
    expect(found).toMatchObject({
      announced: 1,
      perTenMinutes: { peak: 1, latest: 1 },
      topDevices: { devices: [{ deviceId: 'cctv-1', announced: 1, share: 1 }] },
      topRules: { rules: [{ code: 'video_loss', announced: 1, share: 1 }] },
      toAcknowledge: { count: 1 },
      open: { faults: 0, standing: 0 },
      agencies: [{ agency: 'diskominfo', announced: 1, toRepair: { count: 1 } }],
      kinds: [{ kind: 'camera', announced: 1 }],
    })
    expect(found.priorities.split).toContainEqual({ priority: 'high', announced: 1, share: 1, target: 0.05 })
    // Cleared by the frames of two minutes.
    expect(found.toRepair.medianMs).toBeGreaterThanOrEqual(2 * minute)

    await harness.restart()
    const at = `from=${found.from}&to=${found.to}`
    expect(await figures(at)).toEqual(found)
    await works('cctv-1', 5 * minute)
    await fails('cctv-1', 20 * minute)
    expect(await announced(2)).toMatchObject({ open: { standing: 1 } })
  })

  test('count what is shelved apart, and what comes off its shelf once more', async () => {
    await install('cctv-1')
    await fails('cctv-1', 0)
    const { id } = await faultOf('cctv-1')
    await harness.request('POST', `/api/v1/faults/${id}/shelve`, { reason: 'a new mast', durationMin: 30 })
    expect(await announced(1)).toMatchObject({ open: { faults: 1, standing: 0, shelved: 1 } })
    await harness.request('POST', `/api/v1/faults/${id}/unshelve`, {})
    expect(await announced(2)).toMatchObject({ open: { faults: 1, standing: 1, shelved: 0 } })
  })

  test('count what nobody answers in time against its agency', async () => {
    await install('cctv-1')
    await fails('cctv-1', 0)
    await announced(1)
    for (let minutes = 1; minutes <= 30; minutes++) await fails('cctv-1', minutes * minute)
    await vi.waitFor(async () => {
      const { open, agencies } = await figures()
      expect(open).toMatchObject({ standing: 1, overdue: 1 })
      expect(agencies).toMatchObject([{ agency: 'diskominfo', standing: 1, overdue: 1 }])
    }, within)
  })

  test('are those of the filter', async () => {
    await install('cctv-1', 'serpong')
    await install('cctv-2', 'setu')
    await install('cctv-3', 'setu', 'dishub')
    for (const id of ['cctv-1', 'cctv-2', 'cctv-3']) await fails(id, 0)
    await announced(3)
    const counted = async (query: string) => {
      const { announced: count, open } = await figures(query)
      return [count, open.standing]
    }
    expect(await counted('district=setu')).toEqual([2, 2])
    expect(await counted('agency=dishub')).toEqual([1, 1])
    expect(await counted('agency=dishub&district=serpong')).toEqual([0, 0])
    expect(await counted('kind=camera&severity=critical')).toEqual([3, 3])
    expect(await counted('severity=minor')).toEqual([0, 0])
    expect((await figures()).districts.map((row) => [row.district, row.announced])).toEqual([
      ['serpong', 1],
      ['setu', 2],
    ])
  })

  test('have a flood from the eleventh on, and are those of the period', async () => {
    const ids = Array.from({ length: 11 }, (_, index) => `cctv-${index}`)
    for (const id of ids) await install(id)
    for (const [index, id] of ids.entries()) await fails(id, 5 * minute + index * 1_000)
    const { floods } = await announced(11)
    expect(floods).toMatchObject({ count: 1, since: began + 5 * minute + 10_000 })

    const until = (ms: number) => `from=${began}&to=${began + ms}`
    expect(await figures(until(5 * minute + 9_999))).toMatchObject({ announced: 10, floods: { count: 0, since: null } })
    expect(await figures(until(5 * minute))).toMatchObject({ announced: 1, open: { standing: 11 } })
    const iso = `from=${new Date(began + 5 * minute).toISOString()}&to=${new Date(began + 5 * minute + 1_000).toISOString()}`
    expect(await figures(iso)).toMatchObject({ announced: 1, perTenMinutes: { peak: 2 } })

    // Ten minutes later fewer than five are left.
    await harness.publish(topicOf('cctv-0', 'telemetry', 'camera'), {}, { receivedAt: began + 20 * minute })
    await vi.waitFor(async () => expect((await figures()).floods.since).toBeNull(), within)
    expect((await figures()).floods).toMatchObject({ count: 1, longestMs: 10 * minute - 4_000, share: { met: false } })
  })

  test('are refused to nobody in particular, and for periods that are none', async () => {
    expect((await harness.request('GET', '/api/v1/alarm-metrics', undefined, { authorization: '' })).status).toBe(401)
    for (const wrong of ['from=2&to=1', 'from=0&to=2764800000', 'from=yesterday', 'severity=terrible']) {
      const answer = await ask(wrong)
      expect(answer.status, wrong).toBe(400)
      expect(problem(answer).code).toBe('validation_failed')
    }
  })
})
