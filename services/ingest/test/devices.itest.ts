import type { Device } from '@ronda/contracts/device'
import { decodeJson, decodeRecord } from '@ronda/backbone/record-codec'
import type { RegistryChange } from '@ronda/contracts/record'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Harness, problem, startHarness, within } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
})
afterAll(() => harness.end())

const header = 'id,kind,name,latitude,longitude,district,nominalPowerW'

async function changesInLog(id: string): Promise<RegistryChange[]> {
  const entries = await harness.backbone.stream('log').read(0, { records: 100_000, bytes: 1e8 })
  return entries
    .map(({ record }) => decodeRecord(record))
    .filter(({ type }) => type === 'registry')
    .map(({ payload }) => decodeJson(payload) as RegistryChange)
    .filter(({ device }) => device.id === id)
}

describe('one device', () => {
  test('is registered, found, changed and retired; the log hears of each step in order', async () => {
    const { device, token } = await harness.register('life-1', { tags: ['new'] })
    expect(device).toMatchObject({ id: 'life-1', revision: 1, enabled: true, supply: 'permanent', tags: ['new'] })
    expect(token).toMatch(/^[\w-]{43}$/)
    expect((await harness.request('GET', '/api/v1/devices/life-1')).body).toEqual(device)

    const patched = await harness.request<Device>('PATCH', '/api/v1/devices/life-1', { name: 'New name', revision: 1 })
    expect(patched.body).toMatchObject({ name: 'New name', revision: 2, uid: device.uid, tags: ['new'] })
    const stale = await harness.request('PATCH', '/api/v1/devices/life-1', { name: 'Too late', revision: 1 })
    expect(stale.status).toBe(409)
    expect(problem(stale).code).toBe('revision_conflict')

    expect((await harness.request<Device>('DELETE', '/api/v1/devices/life-1')).body.retiredAt).toBeGreaterThan(0)
    expect(problem(await harness.request('PATCH', '/api/v1/devices/life-1', { name: 'Gone' })).code).toBe(
      'device_retired',
    )
    const again = { id: 'life-1', kind: 'camera', name: 'x', latitude: 0, longitude: 0, district: 'serpong' }
    expect(problem(await harness.request('POST', '/api/v1/devices', again)).code).toBe('device_exists')

    await vi.waitFor(async () => {
      expect(
        (await changesInLog('life-1')).map(({ change, device: { revision }, by }) => `${change} ${revision} ${by}`),
      ).toEqual(['registered 1 admin', 'updated 2 admin', 'retired 3 admin'])
    }, within)
  })

  test('gets a new token, or is replaced by new hardware; no answer but that one has the token', async () => {
    const { device, token } = await harness.register('token-1', { serial: 'A1' })
    const rotated = await harness.request<{ id: string; token: string }>('POST', '/api/v1/devices/token-1/token')
    expect(rotated.body.token).not.toBe(token)
    const replaced = await harness.request<{ device: Device; token: string }>(
      'POST',
      '/api/v1/devices/token-1/replace',
      { serial: 'B2' },
    )
    expect(replaced.body.device).toMatchObject({ uid: device.uid, serial: 'B2', revision: 3 })
    expect(replaced.body.device.installedAt).toBeGreaterThan(0)
    const all = JSON.stringify([
      (await harness.request('GET', '/api/v1/devices/token-1')).body,
      (await harness.request('GET', '/api/v1/devices/export')).body,
      await harness.backbone.bucket('devices').get('token-1'),
      await changesInLog('token-1'),
    ])
    for (const secret of [token, rotated.body.token, replaced.body.token]) expect(all).not.toContain(secret)
  })

  test('that does not fit is refused with everything that is wrong', async () => {
    const answer = await harness.request('POST', '/api/v1/devices', { id: 'X', kind: 'lamp', colour: 'green' })
    expect(answer.status).toBe(400)
    const { code, problems = [] } = problem(answer)
    expect(code).toBe('validation_failed')
    for (const name of ['id', 'kind', 'name', 'latitude']) expect(problems.join('\n')).toContain(name)
    const elsewhere = {
      id: 'pju-x',
      kind: 'streetlight',
      name: 'x',
      latitude: 0,
      longitude: 0,
      district: 'kasemen',
      agency: 'nasa',
    }
    const { problems: misfits } = problem(await harness.request('POST', '/api/v1/devices', elsewhere))
    expect(misfits).toEqual([
      expect.stringMatching(/^district: kasemen is none of/),
      expect.stringMatching(/^agency: nasa/),
    ])
    expect(problem(await harness.request('GET', '/api/v1/devices/none-such')).code).toBe('not_found')
  })
})

test('a registration is in the log before it is told, so that no message can come first', async () => {
  await harness.register('first-1')
  expect(await changesInLog('first-1')).toHaveLength(1)
})

describe('many devices', () => {
  test('are imported: new ones with their tokens, known ones when they differ; and exported alike', async () => {
    const rows = ['bulk-1,streetlight,One,-6.3,106.68,serpong,90', 'bulk-2,streetlight,Two,-6.3,106.68,setu,']
    const first = await harness.request<string>('POST', '/api/v1/devices/import', [header, ...rows].join('\n'))
    expect(first.status).toBe(200)
    expect(first.body).toMatch(/^id,uid,revision,outcome,token\nbulk-1,[a-z0-9]{10},1,registered,[\w-]{43}\nbulk-2,/)
    const second = await harness.request<string>(
      'POST',
      '/api/v1/devices/import',
      [header, rows[0], 'bulk-2,streetlight,Two B,-6.3,106.68,setu,60'].join('\n'),
    )
    expect(second.body).toMatch(/\nbulk-1,[a-z0-9]{10},1,unchanged,\nbulk-2,[a-z0-9]{10},2,updated,\n$/)
    const exported = (await harness.request<string>('GET', '/api/v1/devices/export')).body
    const again = await harness.request<string>('POST', '/api/v1/devices/import', exported)
    expect(again.status).toBe(200)
    expect(again.body).not.toMatch(/registered|updated/)
  })

  test('with one fault in the file none is imported, and each fault is told', async () => {
    const csv = [
      header,
      'half-1,streetlight,Good,-6.3,106.68,serpong,90',
      'half-1,streetlight,Twice,-6.3,106.68,serpong,90',
      'half-2,streetlight,Elsewhere,-6.3,106.68,kasemen,90',
    ].join('\n')
    const answer = await harness.request('POST', '/api/v1/devices/import', csv)
    expect(answer.status).toBe(400)
    expect(problem(answer).problems).toEqual([
      expect.stringMatching(/^line 4: district: kasemen/),
      expect.stringMatching(/^line 3: id: half-1 is on line 2 already/),
    ])
    expect((await harness.request('GET', '/api/v1/devices/half-1')).status).toBe(404)
  })

  test('are listed in pages and by what they are', async () => {
    const rows = Array.from(
      { length: 25 },
      (_, i) => `page-${String(i).padStart(2, '0')},camera,C,-6.3,106.68,pamulang,`,
    )
    await harness.request('POST', '/api/v1/devices/import', [header, ...rows].join('\n'))
    const found: string[] = []
    let cursor: string | undefined
    do {
      const query: string = `kind=camera&district=pamulang&limit=10${cursor === undefined ? '' : `&cursor=${cursor}`}`
      const { body } = await harness.request<{ devices: Device[]; next?: string }>('GET', `/api/v1/devices?${query}`)
      expect(body.devices.length).toBeLessThanOrEqual(10)
      found.push(...body.devices.map(({ id }) => id))
      cursor = body.next
    } while (cursor !== undefined)
    expect(found).toEqual(rows.map((row) => row.split(',')[0]))
  })

  test('ten thousand in one file', async () => {
    const rows = Array.from({ length: 10_000 }, (_, i) => `mass-${i},streetlight,M ${i},-6.3,106.68,ciputat,90`)
    const { status, body } = await harness.request<string>(
      'POST',
      '/api/v1/devices/import',
      [header, ...rows].join('\n'),
    )
    expect(status).toBe(200)
    expect(body.trim().split('\n')).toHaveLength(10_001)
    await vi.waitFor(async () => expect(await changesInLog('mass-9999')).toHaveLength(1), within)
  })
})
