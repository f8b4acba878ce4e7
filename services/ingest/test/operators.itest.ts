// What operators do to faults, over HTTP and with the detector's thread: two at once, across restarts, and as log time
// passes. Log time is what records say: a message that was received later takes it there.
import type { Verdict } from '@ronda/contracts/action'
import type { Fault, FaultEvent, FaultRow } from '@ronda/contracts/fault'
import type { MaintenanceWindow } from '@ronda/contracts/maintenance'
import { randomUUID } from 'node:crypto'
import { decodeJson } from '@ronda/backbone/record-codec'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import { type Answer, type Harness, problem, startHarness, topicOf } from './harness.ts'

const minute = 60_000

let harness: Harness
beforeEach(async () => {
  harness = await startHarness()
})
afterEach(() => harness.end())

/** A message of a camera, received so many ms from now. */
const camera = (id: string, payload: object, inMs = 0) => {
  const receivedAt = Date.now() + inMs
  return harness.publish(topicOf(id, 'telemetry', 'camera'), { ts: receivedAt, ...payload }, { receivedAt })
}
const broken = { signalLoss: true, fps: 0 }

async function faultsWith(query: string): Promise<Fault[]> {
  return (await harness.request<{ faults: Fault[] }>('GET', `/api/v1/faults?${query}`)).body.faults
}

async function raiseOn(id: string): Promise<Fault> {
  await harness.register(id, { kind: 'camera', agency: 'diskominfo' })
  await camera(id, broken)
  return vi.waitFor(async () => {
    const [fault] = await faultsWith(`device=${id}`)
    if (fault === undefined) throw new Error('not yet')
    return fault
  }, within)
}

/** Asks until it is decided: a detector that is just starting takes longer than a request waits. */
async function ask(method: string, path: string, body: object, headers: Record<string, string> = {}) {
  const key = randomUUID()
  return vi.waitFor(async () => {
    const answer = await harness.request<Verdict>(method, path, body, { 'idempotency-key': key, ...auth(headers) })
    expect(answer.status).not.toBe(202)
    return answer
  }, within)
}

const auth = (headers: Record<string, string>) =>
  Object.keys(headers).length > 0 ? headers : { authorization: `Bearer ${harness.adminToken}` }

const act = (fault: Fault, action: string, body: object, headers?: Record<string, string>) =>
  ask('POST', `/api/v1/faults/${fault.id}/${action}`, body, headers)

async function rowOf({ id }: Fault): Promise<FaultRow> {
  return (await harness.request<FaultRow>('GET', `/api/v1/faults/${id}`)).body
}

async function eventsOf({ id }: Fault): Promise<string[]> {
  const entries = await harness.backbone.stream('faults').read(0, { records: 1_000, bytes: 1e7 })
  // The stream's only writer is the detector.
  const events = entries.map(({ record }) => decodeJson(record) as FaultEvent)
  return events.filter(({ fault }) => fault.id === id).map(({ event }) => event)
}

describe('two operators at once', () => {
  test.each([
    ['assign', { assignee: 'Tim 3' }],
    ['shelve', { reason: 'menunggu suku cadang', durationMin: 30 }],
    ['close', { reason: 'sensor salah' }],
  ])('%s: one is done, the other is told who was first', async (action, body) => {
    const fault = await raiseOn('cctv-1')
    const [sari, budi] = [await harness.signIn('supervisor', 'Sari'), await harness.signIn('supervisor', 'Budi')]
    const seen = { ...body, expectedRevision: fault.revision }
    const answers: Answer<Verdict>[] = await Promise.all([sari, budi].map((who) => act(fault, action, seen, who)))
    const done = answers.findIndex(({ status }) => status === 200)
    const [first, second] = done === 0 ? ['Sari', answers[1]] : ['Budi', answers[0]]
    expect(done).toBeGreaterThanOrEqual(0)
    expect(problem(second as Answer)).toMatchObject({
      status: 409,
      code: action === 'close' ? 'already_closed' : 'revision_conflict',
      by: first,
      detail: expect.stringContaining(`${first} was first`),
      fault: { id: fault.id, revision: fault.revision + 1 },
    })
    const { trail } = await rowOf(fault)
    expect(trail.filter(({ by }) => by !== undefined).map(({ by }) => by)).toEqual([first])
  })
})

test('what is asked is checked action by action', async () => {
  const fault = await raiseOn('cctv-1')
  const wrong: [string, object][] = [
    ['acknowledge', { reason: 'x' }],
    ['assign', {}],
    ['assign', { assignee: ' ' }],
    ['comment', {}],
    ['shelve', { durationMin: 30 }],
    ['shelve', { reason: 'x' }],
    ['shelve', { reason: 'x', durationMin: 30, until: Date.now() + minute }],
    ['shelve', { reason: 'x', durationMin: 7 * 1_440 + 1 }],
    ['shelve', { reason: 'x', durationMin: 30, note: 'y' }],
    ['unshelve', { until: 1 }],
    ['close', { note: 'x' }],
  ]
  for (const [action, body] of wrong) {
    const answer = await act(fault, action, body)
    expect([answer.status, problem(answer).code], `${action} ${JSON.stringify(body)}`).toEqual([
      400,
      'validation_failed',
    ])
  }
  const tooLong = await act(fault, 'shelve', { reason: 'x', until: Date.now() + 8 * 24 * 60 * minute })
  expect(problem(tooLong)).toMatchObject({ status: 422, code: 'shelving_invalid', fault: { id: fault.id } })
  expect(problem(await act(fault, 'unshelve', {}))).toMatchObject({ status: 409, code: 'not_shelved' })
  expect(await eventsOf(fault)).toEqual(['raised'])
})

test('a shelved fault is found as such, also after a restart, and comes back in its time', async () => {
  const fault = await raiseOn('cctv-1')
  expect(await act(fault, 'shelve', { reason: 'menunggu suku cadang', durationMin: 5 })).toMatchObject({ status: 200 })
  expect(await faultsWith('shelved=true')).toMatchObject([{ id: fault.id }])
  expect(await faultsWith('shelved=false')).toEqual([])
  await harness.restart()
  await camera('cctv-1', broken, 4 * minute)
  await camera('cctv-1', broken, 6 * minute)
  await vi.waitFor(async () => expect(await faultsWith('shelved=false')).toMatchObject([{ id: fault.id }]), within)
  expect(await eventsOf(fault)).toEqual(['raised', 'shelved', 'unshelved', 'raised'])
  const { trail, periods } = await rowOf(fault)
  expect(trail.slice(1)).toMatchObject([
    { event: 'shelved', by: 'admin', note: 'menunggu suku cadang', until: expect.any(Number) },
    { event: 'unshelved' },
    { event: 'raised', note: 'unshelved' },
  ])
  expect(periods).toEqual([{ raisedAt: fault.raisedAt }])
})

test('a fault that is not answered in time is overdue, also across a restart; a late answer counts as one', async () => {
  const fault = await raiseOn('cctv-1')
  expect(fault.dueAt).toEqual({ response: fault.raisedAt + 15 * minute, repair: fault.raisedAt + 240 * minute })
  await harness.restart()
  expect(await faultsWith('overdue=true')).toEqual([])
  await camera('cctv-1', broken, 16 * minute)
  await vi.waitFor(async () => expect(await faultsWith('overdue=true')).toMatchObject([{ id: fault.id }]), within)
  expect(await eventsOf(fault)).toEqual(['raised', 'overdue'])
  const { body } = await act(fault, 'acknowledge', { note: 'tim sudah jalan' })
  expect(body).toMatchObject({ fault: { overdue: false, missed: { response: true } } })
  expect(await faultsWith('overdue=false')).toMatchObject([{ id: fault.id }])
})

test('what is for supervisors is refused where it is decided', async () => {
  const fault = await raiseOn('cctv-1')
  const [operator, supervisor] = [await harness.signIn('operator', 'Sari'), await harness.signIn('supervisor', 'Budi')]
  for (const [action, body] of [
    ['close', { reason: 'sensor salah' }],
    ['shelve', { reason: 'suku cadang', durationMin: 48 * 60 }],
  ] as const) {
    const refused = await act(fault, action, body, operator)
    expect(problem(refused)).toMatchObject({ status: 403, code: 'supervisor_needed', fault: { id: fault.id } })
  }
  const shelved = await act(fault, 'shelve', { reason: 'suku cadang', durationMin: 48 * 60 }, supervisor)
  expect(shelved).toMatchObject({ status: 200, body: { done: true } })
  expect((await act(fault, 'close', { reason: 'sensor salah' }, supervisor)).status).toBe(200)
})

describe('maintenance', () => {
  const plan = (body: object, headers?: Record<string, string>) =>
    ask('POST', '/api/v1/maintenance', { reason: 'ganti kamera', owner: 'Tim 3', ...body }, headers)
  const windows = async (query = '') =>
    (await harness.request<{ windows: MaintenanceWindow[] }>('GET', `/api/v1/maintenance?${query}`)).body.windows

  test('is planned, listed, changed and ended; what it holds is announced then', async () => {
    await harness.register('cctv-1', { kind: 'camera', agency: 'diskominfo' })
    const budi = await harness.signIn('supervisor', 'Budi')
    const to = Date.now() + 60 * minute
    const { status, body } = await plan({ target: { kind: 'device', id: 'cctv-1' }, to }, budi)
    const window = body.window as MaintenanceWindow
    expect(status).toBe(200)
    expect(await windows('state=running&target=cctv-1')).toEqual([window])
    expect(await windows('state=planned')).toEqual([])

    await camera('cctv-1', broken)
    const fault = await vi.waitFor(async () => {
      const [held] = await faultsWith('shelved=true')
      if (held === undefined) throw new Error('not yet')
      return held
    }, within)
    expect(fault).toMatchObject({ maintenance: window.id, shelvedUntil: to })
    expect(fault).not.toHaveProperty('dueAt')
    await harness.restart()

    const path = `/api/v1/maintenance/${window.id}`
    const changed = await ask('PATCH', path, { to: to + minute, expectedRevision: 1 })
    expect(changed).toMatchObject({ status: 200, body: { window: { revision: 2, to: to + minute } } })
    const late = await ask('PATCH', path, { to: to + 2 * minute, expectedRevision: 1 }, budi)
    expect(problem(late)).toMatchObject({ status: 409, code: 'revision_conflict', by: 'admin' })
    expect(await faultsWith('shelved=true')).toMatchObject([{ shelvedUntil: to + minute }])

    expect((await ask('POST', `${path}/end`, { note: 'selesai' }, budi)).status).toBe(200)
    expect(await faultsWith('shelved=false')).toMatchObject([{ id: fault.id, maintenance: window.id }])
    expect(await eventsOf(fault)).toEqual(['raised', 'shelved', 'unshelved', 'raised'])
    expect((await harness.request<MaintenanceWindow>('GET', path)).body.history).toMatchObject([
      { event: 'planned', by: 'Budi', to },
      { event: 'changed', by: 'admin', to: to + minute },
      { event: 'ended', by: 'Budi', note: 'selesai' },
    ])
    expect(problem(await ask('POST', `${path}/end`, {})).code).toBe('maintenance_not_found')
    await vi.waitFor(async () => expect(await windows('state=over')).toHaveLength(1), within)
  })

  test('that cannot be is refused, and says why', async () => {
    const now = Date.now()
    const district = { kind: 'district', id: 'serpong' }
    const refusals: [object, number, string][] = [
      [{ target: district }, 400, 'validation_failed'],
      [{ target: district, to: now + minute, from: now, whatever: 1 }, 400, 'validation_failed'],
      [{ target: { kind: 'street', id: 'x' }, to: now + minute }, 400, 'validation_failed'],
      [{ target: district, to: now - minute }, 422, 'maintenance_invalid'],
      [{ target: district, from: now - minute, to: now + 60 * minute }, 422, 'maintenance_invalid'],
      [{ target: district, to: now + 31 * 24 * 60 * minute }, 422, 'maintenance_invalid'],
      [{ target: { kind: 'district', id: 'bekasi' }, to: now + minute }, 404, 'maintenance_target_unknown'],
      [{ target: { kind: 'device', id: 'nobody' }, to: now + minute }, 404, 'maintenance_target_unknown'],
    ]
    for (const [body, status, code] of refusals) {
      const answer = await plan(body)
      expect([answer.status, problem(answer).code], JSON.stringify(body)).toEqual([status, code])
    }
    expect(await windows()).toEqual([])
    expect((await plan({ target: district, to: now + minute }, { authorization: '' })).status).toBe(401)
    expect(problem(await harness.request('GET', '/api/v1/maintenance/none')).code).toBe('not_found')
    expect(problem(await ask('PATCH', '/api/v1/maintenance/none', { to: now })).code).toBe('maintenance_not_found')
  })
})
