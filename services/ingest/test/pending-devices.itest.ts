// Devices that a gateway speaks for before anybody has registered them: seen, approved, dismissed, and bounded.
import { openDeviceDirectory } from '@ronda/backbone/device-directory'
import type { Device } from '@ronda/contracts/device'
import type { PendingDevice } from '@ronda/contracts/pending-device'
import { createLog } from '@ronda/runtime/log'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import { mostPending, openPendingDevices } from '../src/pending-devices.ts'
import { type Harness, problem, startHarness, topicOf } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
  await harness.register('gw-1', { kind: 'gateway' })
  await harness.register('gw-2', { kind: 'gateway' })
  await harness.register('pju-0')
})
afterAll(() => harness.end())

const path = '/api/v1/pending-devices'
const stated = { name: 'Found', latitude: -6.3, longitude: 106.68, district: 'serpong' }

interface Page {
  pendingDevices: PendingDevice[]
  next?: string
}

const list = async (query = '') => (await harness.request<Page>('GET', `${path}${query}`)).body
const idsOf = ({ pendingDevices }: Page) => pendingDevices.map(({ id }) => id)

function bring(id: string, more: { by?: string; kind?: string; receivedAt?: number; topic?: string } = {}) {
  const { by = 'gw-1', kind = 'streetlight', receivedAt = Date.now(), topic = topicOf(id, 'telemetry', kind) } = more
  return harness.publish(topic, { powerW: 1 }, { principal: `device:${by}`, receivedAt })
}

const approve = (id: string, more: object = {}) =>
  harness.request<{ device: Device; token: string }>('POST', `${path}/${id}/approve`, { ...stated, ...more })

test('what a gateway brings is pending: since when, until when, how often, by which gateway', async () => {
  await bring('seen-1', { receivedAt: 1_000 })
  await bring('seen-1', { receivedAt: 3_000, by: 'gw-2' })
  await bring('seen-2', { receivedAt: 2_000, kind: 'camera' })
  await harness.settled()
  await bring('seen-1', { receivedAt: 4_000 })
  await harness.settled()
  const seen = [
    { id: 'seen-1', kind: 'streetlight', gateway: 'gw-1', firstSeenAt: 1_000, lastSeenAt: 4_000, messages: 3 },
    { id: 'seen-2', kind: 'camera', gateway: 'gw-1', firstSeenAt: 2_000, lastSeenAt: 2_000, messages: 1 },
  ]
  expect(await list('?cursor=seen-&limit=2')).toEqual({ pendingDevices: seen })
  expect(await list('?cursor=seen-&limit=1')).toEqual({ pendingDevices: seen.slice(0, 1), next: 'seen-1' })
  expect(await list('?gateway=gw-2')).toEqual({ pendingDevices: [] })
  await harness.restart()
  expect(await list('?cursor=seen-')).toEqual({ pendingDevices: seen })
})

test('what others bring, or a gateway on a topic of no device of this city, is not', async () => {
  await bring('alien-1', { by: 'pju-0' })
  await bring('alien-2', { by: 'none-such' })
  await bring('alien-3', { topic: 'serang/v1/streetlight/alien-3/telemetry' })
  await bring('alien-4', { topic: 'tangsel/v1/streetlight/alien-4/command' })
  await bring('alien-5', { topic: 'tangsel/v1/lamp/alien-5/telemetry' })
  await harness.publish(topicOf('alien-6'), { powerW: 1 }, { principal: 'admin' })
  await harness.settled()
  expect(idsOf(await list()).filter((id) => id.startsWith('alien-'))).toEqual([])
})

test('approved it is registered with its gateway, and its messages of the waiting time can be sent again', async () => {
  await bring('found-1')
  await bring('found-2', { kind: 'camera' })
  await harness.settled()
  const { status, headers, body } = await approve('found-1', { street: 'Jl. Raya' })
  expect(status).toBe(201)
  expect(headers.get('cache-control')).toBe('no-store')
  expect(body.device).toMatchObject({
    id: 'found-1',
    kind: 'streetlight',
    gateway: 'gw-1',
    street: 'Jl. Raya',
    revision: 1,
  })
  expect(body.token).toMatch(/^[\w-]{43}$/)
  expect((await approve('found-2', { gateway: 'gw-2' })).body.device).toMatchObject({ kind: 'camera', gateway: 'gw-2' })
  expect(idsOf(await list()).filter((id) => id.startsWith('found-'))).toEqual([])
  expect(problem(await approve('found-1')).code).toBe('not_found')

  const { deadLetters } = (
    await harness.request<{ deadLetters: { cursor: string; device: string }[] }>(
      'GET',
      '/api/v1/dead-letters?limit=500',
    )
  ).body
  const cursors = deadLetters.filter(({ device }) => device === 'found-1').map(({ cursor }) => cursor)
  const replayed = await harness.request('POST', '/api/v1/dead-letters/replay', { cursors })
  expect(replayed.body).toMatchObject({ replayed: 1, skipped: 0, accepted: 1 })
  await harness.settled()
  const latest = await harness.request('GET', '/api/v1/devices/found-1/latest')
  expect(JSON.stringify(latest.body)).toContain('"powerW":1')
})

test('what does not fit is refused, and stays pending', async () => {
  await bring('misfit-1')
  await harness.settled()
  expect(problem(await approve('misfit-1', { district: 'kasemen' })).code).toBe('validation_failed')
  for (const more of [{ id: 'other-1' }, { kind: 'camera' }]) {
    expect(problem(await approve('misfit-1', more)).code).toBe('validation_failed')
  }
  expect(idsOf(await list())).toContain('misfit-1')
})

test('registered in any other way it is pending no more', async () => {
  for (const id of ['other-1', 'other-2', 'other-3']) await bring(id)
  await harness.settled()
  await harness.register('other-1')
  await harness.request(
    'POST',
    '/api/v1/devices/import',
    'id,kind,name,latitude,longitude,district\nother-2,streetlight,Two,-6.3,106.68,setu',
  )
  expect(idsOf(await list()).filter((id) => id.startsWith('other-'))).toEqual(['other-3'])
})

test('registered while its row is written it is taken away again', async () => {
  const stopped = new AbortController()
  const { backbone } = harness
  const devices = await openDeviceDirectory(backbone, { signal: stopped.signal })
  const log = createLog('pending-test', 'error')
  const pending = await openPendingDevices({ backbone, devices, city: 'tangsel', signal: stopped.signal, log })
  const sightings = ['race-1', 'race-2'].map((id) => ({ id, kind: 'camera', gateway: 'gw-1', at: 1 }) as const)
  const writes = await pending.writesOf(sightings)
  await harness.register('race-1', { kind: 'camera' })
  await backbone.commit({ writes })
  await pending.settle(sightings)
  expect(idsOf(await list()).filter((id) => id.startsWith('race-'))).toEqual(['race-2'])
  stopped.abort()
  await Promise.all([devices.followed, pending.followed])
})

test('a row that outlived the registration of its device goes with the try to approve it', async () => {
  await harness.register('late-1')
  const late = {
    id: 'late-1',
    kind: 'streetlight',
    gateway: 'gw-1',
    firstSeenAt: 1,
    lastSeenAt: 1,
    messages: 1,
  } as const
  await harness.backbone.commit({ writes: [{ bucket: 'pending-devices', key: 'late-1', value: late }] })
  const refused = await approve('late-1')
  expect(problem(refused)).toMatchObject({ status: 409, code: 'device_exists' })
  expect(idsOf(await list())).not.toContain('late-1')
})

test('dismissed it is gone until its gateway speaks for it again', async () => {
  await bring('gone-1')
  await harness.settled()
  expect((await harness.request('DELETE', `${path}/gone-1`)).status).toBe(204)
  expect(problem(await harness.request('DELETE', `${path}/gone-1`)).code).toBe('not_found')
  expect(idsOf(await list())).not.toContain('gone-1')
  await bring('gone-1')
  await harness.settled()
  expect((await list('?cursor=gone-')).pendingDevices[0]).toMatchObject({ id: 'gone-1', messages: 1 })
  const { entries } = (await harness.request<{ entries: object[] }>('GET', '/api/v1/audit')).body
  expect(entries).toContainEqual(
    expect.objectContaining({ who: 'admin', did: 'dismissed a pending device', what: 'gone-1' }),
  )
})

test('no more are kept than fit; those that are known are kept up, and dismissing makes room', async () => {
  const pending = idsOf(await list()).length
  const writes = Array.from({ length: mostPending - pending }, (_, n) => {
    const id = `full-${String(n).padStart(5, '0')}`
    const value = { id, kind: 'streetlight', gateway: 'gw-1', firstSeenAt: 1, lastSeenAt: 1, messages: 1 } as const
    return { bucket: 'pending-devices', key: id, value } as const
  })
  await harness.backbone.commit({ writes })
  await harness.restart()
  await bring('too-many-1')
  await bring('full-00000')
  await harness.settled()
  expect(idsOf(await list('?cursor=full-99999'))).not.toContain('too-many-1')
  expect((await list('?cursor=full-&limit=1')).pendingDevices[0]).toMatchObject({ id: 'full-00000', messages: 2 })
  const { deadLetters } = (
    await harness.request<{ deadLetters: { device: string }[] }>('GET', '/api/v1/dead-letters?limit=500')
  ).body
  expect(deadLetters.map(({ device }) => device)).toContain('too-many-1')

  await harness.request('DELETE', `${path}/full-00001`)
  await vi.waitFor(async () => {
    await bring('too-many-1')
    await harness.settled()
    expect(idsOf(await list('?cursor=full-99999'))).toContain('too-many-1')
  }, within)
})
