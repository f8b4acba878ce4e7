import { randomUUID } from 'node:crypto'
import type { Fault, FaultRow, TrailEntry } from '@ronda/contracts/fault'
import type { Verdict } from '@ronda/contracts/action'
import { within } from '../../../infra/testing/within.ts'
import { archiveKey } from '../src/fault-archive.ts'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Harness, problem, startHarness, topicOf } from './harness.ts'

let harness: Harness
beforeEach(async () => {
  harness = await startHarness()
})
afterEach(() => harness.end())

const camera = (id: string, payload: object) =>
  harness.publish(topicOf(id, 'telemetry', 'camera'), { ts: Date.now(), sentAt: Date.now(), ...payload })

async function openFaults(query = ''): Promise<Fault[]> {
  return (await harness.request<{ faults: Fault[] }>('GET', `/api/v1/faults?${query}`)).body.faults
}

async function raiseOn(id: string, district = 'serpong'): Promise<Fault> {
  await harness.register(id, { kind: 'camera', district, agency: 'diskominfo' })
  await camera(id, { signalLoss: true, fps: 0 })
  return vi.waitFor(async () => {
    const [fault] = await openFaults(`device=${id}`)
    if (fault === undefined) throw new Error('not yet')
    return fault
  }, within)
}

const act = (id: string, body: object, key = randomUUID()) =>
  harness.request<Verdict>('POST', `/api/v1/faults/${id}/acknowledge`, body, {
    'idempotency-key': key,
    authorization: `Bearer ${harness.adminToken}`,
  })

describe('faults', () => {
  test('what the device reports is raised, listed and told with its trail', async () => {
    const fault = await raiseOn('cctv-1')
    expect(fault).toMatchObject({
      code: 'video_loss',
      severity: 'critical',
      deviceId: 'cctv-1',
      kind: 'camera',
      district: 'serpong',
      agency: 'diskominfo',
      active: true,
      acknowledged: false,
      occurrences: 1,
    })
    expect(fault.id).toBe(`${fault.uid}.video_loss.${fault.raisedAt.toString(36)}`)
    const { body } = await harness.request<{ fault: Fault; trail: TrailEntry[] }>('GET', `/api/v1/faults/${fault.id}`)
    expect(body).toEqual({
      fault,
      trail: [{ at: fault.raisedAt, event: 'raised' }],
      periods: [{ raisedAt: fault.raisedAt }],
      droppedPeriods: 0,
      measures: [{ field: 'fps' }],
    })
    expect(problem(await harness.request('GET', '/api/v1/faults/none.such.0')).code).toBe('not_found')
  })

  test('are found by what they are', async () => {
    await raiseOn('cctv-1', 'serpong')
    const other = await raiseOn('cctv-2', 'setu')
    expect(await openFaults()).toHaveLength(2)
    expect(await openFaults('district=setu')).toEqual([other])
    for (const none of [
      'district=ciputat',
      'kind=streetlight',
      'severity=minor',
      'acknowledged=true',
      'active=false',
      'state=closed',
    ]) {
      expect(await openFaults(none), none).toEqual([])
    }
    expect(
      await openFaults('agency=diskominfo&severity=critical&kind=camera&active=true&acknowledged=false'),
    ).toHaveLength(2)
    const first = await harness.request<{ faults: Fault[]; next?: string }>('GET', '/api/v1/faults?limit=1')
    const second = await openFaults(`limit=1&cursor=${first.body.next}`)
    expect([...first.body.faults, ...second].map(({ deviceId }) => deviceId).toSorted()).toEqual(['cctv-1', 'cctv-2'])
    expect((await harness.request('GET', '/api/v1/faults?severity=terrible')).status).toBe(400)
  })
})

describe('acknowledging', () => {
  test('is done once, told the same when it is asked again, and refused to who comes second', async () => {
    const fault = await raiseOn('cctv-1')
    const key = randomUUID()
    const first = await act(fault.id, { expectedRevision: fault.revision, note: 'on our way' }, key)
    expect(first).toMatchObject({
      status: 200,
      body: { done: true, fault: { acknowledged: true, acknowledgedBy: 'admin' } },
    })
    expect((await act(fault.id, { expectedRevision: fault.revision, note: 'on our way' }, key)).body).toEqual(
      first.body,
    )
    const second = await act(fault.id, {})
    expect(second.status).toBe(409)
    expect(problem(second)).toMatchObject({
      type: 'about:blank',
      title: expect.any(String),
      status: 409,
      done: false,
      by: 'admin',
      fault: { id: fault.id, acknowledged: true },
      code: 'already_acknowledged',
      detail: expect.stringContaining('admin was first'),
    })
    const { body } = await harness.request<{ trail: TrailEntry[] }>('GET', `/api/v1/faults/${fault.id}`)
    expect(body.trail.map(({ event, by, note }) => [event, by, note])).toEqual([
      ['raised', undefined, undefined],
      ['acknowledged', 'admin', 'on our way'],
    ])
  })

  test('of another fault with the same key is another action', async () => {
    const [first, second] = [await raiseOn('cctv-1'), await raiseOn('cctv-2')]
    const key = randomUUID()
    expect((await act(first.id, {}, key)).body).toMatchObject({ done: true, fault: { id: first.id } })
    expect((await act(second.id, {}, key)).body).toMatchObject({ done: true, fault: { id: second.id } })
    expect(await openFaults('acknowledged=false')).toEqual([])
  })

  test('of two at once one is first', async () => {
    const fault = await raiseOn('cctv-1')
    const answers = await Promise.all([act(fault.id, {}), act(fault.id, {})])
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
  })

  test('of another revision, of no fault, by nobody', async () => {
    const fault = await raiseOn('cctv-1')
    expect(problem(await act(fault.id, { expectedRevision: 99 })).code).toBe('revision_conflict')
    expect(problem(await act('none.such.0', {})).code).toBe('fault_not_found')
    expect(problem(await act(fault.id, { expectedRevision: 'x' })).code).toBe('validation_failed')
    expect((await harness.request('POST', `/api/v1/faults/${fault.id}/explode`, {})).status).toBe(404)
    expect(
      (await harness.request('POST', `/api/v1/faults/${fault.id}/acknowledge`, {}, { authorization: '' })).status,
    ).toBe(401)
  })
})

test('a retired device: its fault is closed and found among the closed', async () => {
  const fault = await raiseOn('cctv-1')
  await harness.request('DELETE', '/api/v1/devices/cctv-1')
  await vi.waitFor(async () => expect(await openFaults()).toEqual([]), within)
  const closed = await openFaults('state=closed')
  expect(closed).toMatchObject([{ id: fault.id, active: false }])
  expect(closed[0]?.closedAt).toBeGreaterThanOrEqual(fault.raisedAt)
  const { body } = await harness.request<{ trail: TrailEntry[] }>('GET', `/api/v1/faults/${fault.id}`)
  expect(body.trail.at(-1)).toMatchObject({ event: 'closed', note: 'retired' })
})

test('closed faults come in pages, the newest first, and each is found by its id', async () => {
  const { uid, ...fault } = await raiseOn('cctv-1')
  const closed = Array.from({ length: 1_200 }, (_, i): FaultRow => {
    const [raisedAt, closedAt] = [1_000 + i, 1_000_000 + i]
    const id = `${uid}.video_loss.${raisedAt.toString(36)}`
    const severity = i % 2 === 0 ? 'minor' : 'major'
    return {
      fault: { ...fault, id, uid, raisedAt, closedAt, severity },
      trail: [],
      periods: [{ raisedAt, clearedAt: closedAt }],
      droppedPeriods: 0,
    }
  })
  await harness.backbone.commit({
    writes: closed.map((value) => ({
      bucket: 'fault-archive',
      key: archiveKey(value.fault.closedAt ?? 0, value.fault.id),
      value,
    })),
  })
  const found: Fault[] = []
  let cursor = ''
  do {
    const query = `state=closed&severity=minor&limit=250&from=1000100&to=1001100${cursor}`
    const page = await harness.request<{ faults: Fault[]; next?: string }>('GET', `/api/v1/faults?${query}`)
    found.push(...page.body.faults)
    cursor = page.body.next === undefined ? '' : `&cursor=${page.body.next}`
  } while (cursor !== '')
  expect(found.map(({ closedAt }) => closedAt)).toEqual(Array.from({ length: 500 }, (_, i) => 1_001_098 - 2 * i))
  for (const { fault: each } of [closed[0], closed[700], closed[1_199]].filter((row) => row !== undefined)) {
    const { body } = await harness.request<FaultRow>('GET', `/api/v1/faults/${each.id}`)
    expect(body.fault).toEqual(each)
  }
  for (const unknown of ['a.b.0', `${uid}.video_loss.0`, `${uid}.video_loss.zzzzzzzzz`]) {
    expect(problem(await harness.request('GET', `/api/v1/faults/${unknown}`)).code).toBe('not_found')
  }
})

test('a fault that comes back is opened again and leaves the archive', async () => {
  const fault = await raiseOn('cctv-1')
  await act(fault.id, {})
  const minute = 60_000
  const seen = (minutes: number, payload: object) =>
    harness.publish(
      topicOf('cctv-1', 'telemetry', 'camera'),
      { ts: Date.now() + minutes * minute, ...payload },
      { receivedAt: Date.now() + minutes * minute },
    )
  for (const minutes of [1, 2, 3]) await seen(minutes, { signalLoss: false, fps: 25 })
  await vi.waitFor(async () => expect(await openFaults('state=closed')).toMatchObject([{ id: fault.id }]), within)
  expect(await openFaults()).toEqual([])

  for (const minutes of [4, 5]) await seen(minutes, { signalLoss: true, fps: 0 })
  await vi.waitFor(async () => expect(await openFaults()).toMatchObject([{ id: fault.id, occurrences: 2 }]), within)
  expect(await openFaults('state=closed')).toEqual([])
})

test('after a restart the same faults are there, none twice, and events go on', async () => {
  const fault = await raiseOn('cctv-1')
  await harness.restart()
  expect(await openFaults()).toEqual([fault])
  await camera('cctv-1', { signalLoss: true, fps: 0 })
  await raiseOn('cctv-2')
  expect(await openFaults()).toHaveLength(2)
  const events = await harness.backbone.stream('faults').read(0, { records: 100, bytes: 1e6 })
  expect(events).toHaveLength(2)
})

describe('readiness', () => {
  test('says what does not work', async () => {
    const { status, body } = await harness.request<{
      ready: boolean
      checks: { name: string; ok: boolean; reason?: string }[]
    }>('GET', '/readyz')
    expect(status).toBe(503)
    expect(body.checks.filter(({ ok }) => !ok)).toEqual([
      { name: 'broker', ok: false, reason: expect.stringContaining('heartbeat') },
    ])
  })
})
