// What an import would do, told before: nothing is written, the import then does the same, or nothing if it cannot.
import type { Device } from '@ronda/contracts/device'
import { ImportPreview } from '@ronda/contracts/device-import'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Harness, problem, startHarness } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
})
afterAll(() => harness.end())

const path = '/api/v1/devices/import'

async function preview(csv: string, query = ''): Promise<ImportPreview> {
  const { status, body } = await harness.request('POST', `${path}/preview${query}`, csv)
  expect(status).toBe(200)
  return ImportPreview.parse(body)
}

const importWith = (csv: string, basis: string) =>
  harness.request<string>('POST', `${path}?basis=${encodeURIComponent(basis)}`, csv)

test('each row is told value by value, and nothing is written before the import, which does the same', async () => {
  const { device } = await harness.register('look-1', { street: 'Jl. Lama', intervalS: 60 })
  await harness.register('look-2')
  const csv = [
    'id,kind,name,latitude,longitude,district,street,intervalS',
    'look-1,streetlight,look-1,-6.3,106.68,serpong,,30',
    'look-2,streetlight,look-2,-6.3,106.68,serpong,,',
    'look-3,camera,CCTV,-6.31,106.7,setu,Jl. Baru,',
  ].join('\n')
  const told = await preview(csv)
  expect(told).toMatchObject({
    counts: { registered: 1, updated: 1, unchanged: 1 },
    tokens: 1,
    problemCount: 0,
    problems: [],
  })
  expect(told.devices).toEqual([
    {
      line: 2,
      id: 'look-1',
      kind: 'streetlight',
      name: 'look-1',
      outcome: 'updated',
      token: false,
      changes: { street: { from: 'Jl. Lama' }, intervalS: { from: 60, to: 30 } },
    },
    { line: 3, id: 'look-2', kind: 'streetlight', name: 'look-2', outcome: 'unchanged', token: false, changes: {} },
    {
      line: 4,
      id: 'look-3',
      kind: 'camera',
      name: 'CCTV',
      outcome: 'registered',
      token: true,
      changes: expect.objectContaining({ street: { to: 'Jl. Baru' }, latitude: { to: -6.31 }, intervalS: { to: 60 } }),
    },
  ])
  expect((await harness.request('GET', '/api/v1/devices/look-3')).status).toBe(404)
  expect((await harness.request('GET', '/api/v1/devices/look-1')).body).toEqual(device)

  const { status, body } = await importWith(csv, told.basis)
  expect(status).toBe(200)
  const outcomes = body.trim().split('\n').slice(1)
  expect(outcomes.map((row) => [row.split(',')[0], row.split(',')[3]])).toEqual(
    told.devices.map(({ id, outcome }) => [id, outcome]),
  )
})

test('what would be done otherwise by now is not done', async () => {
  await harness.register('move-1')
  const csv = 'id,name\nmove-1,Other'
  const { basis } = await preview(csv)
  await harness.request('PATCH', '/api/v1/devices/move-1', { name: 'Meanwhile' })
  const late = await importWith(csv, basis)
  expect(problem(late)).toMatchObject({ status: 409, code: 'revision_conflict' })
  expect((await harness.request<Device>('GET', '/api/v1/devices/move-1')).body.name).toBe('Meanwhile')
  const again = await preview(csv)
  expect(again.devices[0]?.changes).toEqual({ name: { from: 'Meanwhile', to: 'Other' } })
  expect((await importWith('id,name\nmove-1,Forged', again.basis)).status).toBe(409)
  const reissuing = await harness.request('POST', `${path}?reissue=true&basis=${again.basis}`, csv)
  expect(reissuing.status).toBe(409)
  expect((await importWith(csv, again.basis)).status).toBe(200)
})

test('new tokens for known devices are told beforehand', async () => {
  await harness.register('again-1')
  expect(await preview('id\nagain-1', '?reissue=true')).toMatchObject({
    tokens: 1,
    devices: [{ id: 'again-1', outcome: 'updated', token: true, changes: {} }],
  })
})

test('everything that is wrong is told by its line, with what stands there and a code', async () => {
  await harness.register('gone-1')
  await harness.request('DELETE', '/api/v1/devices/gone-1')
  await harness.register('lamp-1')
  const csv = [
    'id,kind,name,latitude,longitude,district,agency,rules',
    'lamp-2,streetlight,Good,-6.3,106.68,serpong,,',
    'lamp-2,streetlight,Twice,-6.3,106.68,serpong,,',
    'lamp-3,streetlight,,north,106.68,kasemen,nasa,',
    'gone-1,streetlight,Gone,-6.3,106.68,serpong,,',
    'lamp-1,camera,Camera,-6.3,106.68,serpong,,',
    'lamp-4,streetlight,Short',
    'lamp-5,streetlight,Rules,-6.3,106.68,serpong,nasa,"{""video_loss"":{""enabled"":false}}"',
  ].join('\n')
  const { problemCount, problems, counts } = await preview(csv)
  expect(problemCount).toBe(problems.length)
  expect(problems.map(({ line, column, code, cell }) => [line, column, code, cell])).toEqual([
    [3, 'id', 'id_twice', 'lamp-2'],
    [4, 'name', 'value_missing', undefined],
    [4, 'latitude', 'value_invalid', 'north'],
    [5, 'id', 'device_retired', 'gone-1'],
    [6, 'kind', 'kind_differs', 'camera'],
    [7, undefined, 'row_malformed', undefined],
    [8, 'agency', 'agency_unknown', 'nasa'],
    [8, 'rules', 'rules_unfit', '{"video_loss":{"enabled":false}}'],
  ])
  expect(counts.registered).toBeGreaterThan(0)
  const refused = await harness.request('POST', path, csv)
  expect(problem(refused).problems).toHaveLength(problems.length)

  const headless = await preview('name,colour\nA,green\n')
  expect(headless.problems.map(({ line, column, code }) => [line, column, code])).toEqual([
    [1, 'id', 'column_missing'],
    [1, 'colour', 'column_unknown'],
  ])
  expect(headless.devices).toEqual([])
})

test('fifty thousand devices are previewed, and others have their turn meanwhile', async () => {
  const rows = Array.from({ length: 50_000 }, (_, i) => `many-${i},streetlight,M ${i},-6.3,106.68,ciputat`)
  const csv = `id,kind,name,latitude,longitude,district\n${rows.join('\n')}`
  let answered = 0
  const asked = preview(csv).finally(() => (answered += 1))
  let meanwhile = 0
  while (answered === 0) {
    expect((await harness.request('GET', '/healthz')).status).toBe(200)
    if (answered === 0) meanwhile += 1
  }
  expect((await asked).counts).toEqual({ registered: 50_000, updated: 0, unchanged: 0 })
  expect(meanwhile).toBeGreaterThan(20)
})
