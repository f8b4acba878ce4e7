import type { DevicePlaces } from '@ronda/contracts/device-places'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Harness, problem, startHarness } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
})
afterAll(() => harness.end())

const path = '/api/v1/device-places'
const ask = (headers?: Record<string, string>) => harness.request<DevicePlaces>('GET', path, undefined, headers)

/** One device as the columns tell it. */
function rowOf({ kinds, districts, ...columns }: DevicePlaces, id: string) {
  const at = columns.id.indexOf(id)
  return {
    name: columns.name[at],
    kind: kinds[columns.kind[at] ?? -1],
    district: districts[columns.district[at] ?? -1],
    cabinet: columns.id[columns.cabinet[at] ?? -1],
    latitude: (columns.latitudeE5[at] ?? 0) / 1e5,
    longitude: (columns.longitudeE5[at] ?? 0) / 1e5,
  }
}

test('tells where each device is that is not retired, behind which cabinet', async () => {
  const at = { latitude: -6.301234, longitude: 106.698766, district: 'setu' }
  await harness.register('place-cabinet', { kind: 'cabinet', name: 'Panel', ...at })
  await harness.register('place-lamp', { cabinet: 'place-cabinet', name: 'Lamp', district: 'serpong' })
  await harness.register('place-lost', { cabinet: 'place-unknown', name: 'Lost' })
  await harness.register('place-gone')
  await harness.request('DELETE', '/api/v1/devices/place-gone')

  const { status, body } = await ask()
  expect(status).toBe(200)
  expect(body.id).toEqual(body.id.toSorted())
  expect(body.id).not.toContain('place-gone')
  expect(rowOf(body, 'place-cabinet')).toEqual({
    name: 'Panel',
    kind: 'cabinet',
    district: 'setu',
    cabinet: undefined,
    latitude: -6.30123,
    longitude: 106.69877,
  })
  expect(rowOf(body, 'place-lamp')).toMatchObject({
    kind: 'streetlight',
    district: 'serpong',
    cabinet: 'place-cabinet',
  })
  expect(rowOf(body, 'place-lost').cabinet).toBeUndefined()
})

test('is not sent again while the registry is as it was', async () => {
  await harness.register('tag-1')
  const first = await ask()
  const etag = first.headers.get('etag') ?? ''
  expect(etag).toBe(`"${first.body.revision}"`)
  expect((await ask({ ...bearer(), 'if-none-match': etag })).status).toBe(304)

  await harness.request('PATCH', '/api/v1/devices/tag-1', { name: 'Elsewhere' })
  const next = await ask({ ...bearer(), 'if-none-match': etag })
  expect(next.status).toBe(200)
  expect(next.headers.get('etag')).not.toBe(etag)
  expect(rowOf(next.body, 'tag-1').name).toBe('Elsewhere')
})

test('comes compressed to whom takes it so', async () => {
  const plain = await fetch(`${harness.url}${path}`, { headers: { ...bearer(), 'accept-encoding': 'identity' } })
  expect(plain.headers.get('content-encoding')).toBeNull()
  const packed = await fetch(`${harness.url}${path}`, { headers: { ...bearer(), 'accept-encoding': 'gzip, br' } })
  expect(packed.headers.get('content-encoding')).toBe('gzip')
  expect(await packed.json()).toEqual(await plain.json())
})

test('is for operators', async () => {
  expect(problem(await ask({ authorization: 'Bearer nobody' })).code).toBe('unauthenticated')
})

const bearer = () => ({ authorization: `Bearer ${harness.adminToken}` })
