import type { Device } from '@ronda/contracts/device'
import { decodeJson, decodeRecord } from '@ronda/backbone/record-codec'
import type { RegistryChange } from '@ronda/contracts/record'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import { type Harness, problem, startHarness } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
})
afterAll(() => harness.end())

const header = 'id,kind,name,latitude,longitude,district,nominalPowerW'

const importCsv = (csv: string) => harness.request<string>('POST', '/api/v1/devices/import', csv)

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

  test('loses by a patch what null takes away; what every device has cannot be taken', async () => {
    const { device } = await harness.register('null-1', { street: 'Jl. Astek', nominalPowerW: 90, tags: ['old'] })
    const gone = { street: null, nominalPowerW: null, tags: null }
    const { street: _street, nominalPowerW: _power, tags: _tags, ...rest } = device
    expect((await harness.request('PATCH', '/api/v1/devices/null-1', gone)).body).toEqual({ ...rest, revision: 2 })
    for (const name of ['name', 'latitude', 'district', 'intervalS', 'enabled']) {
      const refused = await harness.request('PATCH', '/api/v1/devices/null-1', { [name]: null })
      expect(problem(refused).code).toBe('validation_failed')
    }
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

describe('rules of a device', () => {
  const low = { low_voltage: { limits: { lowBelow: 0.8 }, severity: 'major' } }

  test('are registered, in the log, changed as a whole and exported', async () => {
    const { device } = await harness.register('rule-1', { rules: { low_voltage: { limits: { lowBelow: 0.8 } } } })
    expect(device.rules).toEqual({ low_voltage: { limits: { lowBelow: 0.8 } } })
    const patched = await harness.request<Device>('PATCH', '/api/v1/devices/rule-1', { rules: low })
    expect(patched.body.rules).toEqual(low)
    expect((await changesInLog('rule-1')).at(-1)?.device.rules).toEqual(low)
    const exported = await harness.request<string>('GET', '/api/v1/devices/export')
    expect((await importCsv(exported.body)).body).not.toMatch(/registered|updated/)
    expect((await importCsv('id,rules\nrule-1,')).body).toMatch(/updated/)
    expect((await harness.request<Device>('GET', '/api/v1/devices/rule-1')).body.rules).toBeUndefined()
  })

  test('that do not fit are refused with everything that is wrong', async () => {
    await harness.register('rule-2')
    const rules = { video_loss: { enabled: false }, low_voltage: { limits: { lowBelow: 0.95, under: 3 } } }
    const refused = await harness.request('PATCH', '/api/v1/devices/rule-2', { rules })
    expect(refused.status).toBe(400)
    expect(problem(refused).problems).toEqual([
      expect.stringMatching(/^rules\.video_loss: there is no such rule for a streetlight/),
      expect.stringMatching(/^rules\.low_voltage\.limits\.under: there is no such limit/),
      expect.stringMatching(/^rules\.low_voltage\.limits: lowBelow \(0\.95\) is above fineAbove \(0\.92\)/),
    ])
    const lines = ['id,rules', 'rule-2,off', `rule-2,"${JSON.stringify(rules).replaceAll('"', '""')}"`]
    expect(problem(await importCsv(lines.join('\n'))).problems).toEqual([
      expect.stringMatching(/^line 2: rules: /),
      expect.stringMatching(/^line 3: rules\.video_loss: /),
      expect.stringMatching(/^line 3: rules\.low_voltage\.limits\.under: /),
      expect.stringMatching(/^line 3: rules\.low_voltage\.limits: /),
    ])
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
      expect.stringMatching(/^line 3: id: half-1 is on line 2 already/),
      expect.stringMatching(/^line 4: district: kasemen/),
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

  test('are found by words of their id, name, street or pole', async () => {
    await harness.register('find-1', { name: 'PJU Jl. Astek 7', pole: 'SRP-0042' })
    await harness.register('find-2', { name: 'PJU Jl. Astek 8', street: 'Jl. Astek Raya' })
    const found = async (search: string) => {
      const { body } = await harness.request<{ devices: Device[] }>('GET', `/api/v1/devices?search=${search}`)
      return body.devices.map(({ id }) => id)
    }
    expect(await found('ASTEK')).toEqual(['find-1', 'find-2'])
    expect(await found('find%20srp-0042')).toEqual(['find-1'])
    expect(await found('astek%20raya')).toEqual(['find-2'])
    expect(await found('astek%20nowhere')).toEqual([])
  })

  test('a known device keeps what the file does not state, and loses what an empty cell takes away', async () => {
    const stated = { cabinet: 'cab-1', gateway: 'gw-1', intervalS: 20, enabled: false, tags: ['old'] }
    const { device } = await harness.register('keep-1', stated)
    const renamed = await importCsv('id,name\nkeep-1,Renamed')
    expect(renamed.body).toMatch(/\nkeep-1,[a-z0-9]{10},2,updated,\n$/)
    const { body } = await harness.request<Device>('GET', '/api/v1/devices/keep-1')
    expect(body).toEqual({ ...device, name: 'Renamed', revision: 2 })

    await importCsv('id,cabinet,enabled,intervalS,name\nkeep-1,,,,')
    const { cabinet: _gone, ...rest } = body
    expect((await harness.request('GET', '/api/v1/devices/keep-1')).body).toEqual({ ...rest, revision: 3 })
  })

  test('a new device needs what every device has', async () => {
    const answer = await importCsv('id,enabled\nbare-1,true')
    expect(answer.status).toBe(400)
    for (const name of ['kind', 'name', 'latitude', 'longitude', 'district']) {
      expect(problem(answer).problems?.join('\n')).toContain(`line 2: ${name}: `)
    }
  })

  test('another kind, a retired one, a wrong id: each is told by its line', async () => {
    await harness.register('odd-1')
    await harness.register('odd-2')
    await harness.request('DELETE', '/api/v1/devices/odd-2')
    expect(problem(await importCsv('id,kind\nodd-1,camera\nodd-2,streetlight\nODD 3,camera')).problems).toEqual([
      'line 2: kind: odd-1 is a streetlight',
      'line 3: id: odd-2 is retired',
      expect.stringMatching(/^line 4: id: /),
      ...Array.from({ length: 4 }, () => expect.stringMatching(/^line 4: /)),
    ])
  })

  test('whose tokens were never told get new ones, the old ones end', async () => {
    const csv = `${header}\nlost-1,streetlight,L,-6.3,106.68,serpong,90`
    const tokenOf = (body: string) => body.trim().split(',').at(-1)
    const lost = tokenOf((await importCsv(csv)).body)
    expect(tokenOf((await importCsv(csv)).body)).toBe('')
    const { status, body } = await harness.request<string>('POST', '/api/v1/devices/import?reissue=true', csv)
    expect(status).toBe(200)
    expect(body).toMatch(/\nlost-1,[a-z0-9]{10},2,updated,[\w-]{43}\n$/)
    const send = (token: string | undefined) =>
      harness.request('POST', '/api/v1/telemetry', [{ device: 'lost-1', payload: { powerW: 90 } }], {
        authorization: `Bearer ${token}`,
      })
    await vi.waitFor(async () => expect((await send(tokenOf(body))).status).toBe(202), within)
    expect((await send(lost)).status).toBe(401)
  })

  test('of two files at once with the same devices one is imported', async () => {
    const csv = [header, ...Array.from({ length: 600 }, (_, i) => `race-${i},camera,R,-6.3,106.68,serpong,`)].join('\n')
    const answers = await Promise.all([importCsv(csv), importCsv(csv)])
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
    expect(answers.find(({ status }) => status === 200)?.body.match(/registered/g)).toHaveLength(600)
  })

  test('twenty thousand in one file: with one wrong row none of them, then all', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => `mass-${i},streetlight,M ${i},-6.3,106.68,ciputat,90`)
    const wrong = rows.with(12_345, 'mass-12345,streetlight,M,-6.3,106.68,kasemen,90').with(19_999, 'mass-x,lamp,,,,,')
    const refused = await importCsv([header, ...wrong].join('\n'))
    expect(refused.status).toBe(400)
    expect(problem(refused).problems?.[0]).toMatch(/^line 12347: district: kasemen/)
    expect(
      problem(refused)
        .problems?.slice(1)
        .every((each) => each.startsWith('line 20001: ')),
    ).toBe(true)
    const before = await harness.backbone.bucket('devices').list({ after: 'mass-', before: 'mass-a' })
    expect(before).toEqual([])

    const { status, body } = await importCsv([header, ...rows].join('\n'))
    expect(status).toBe(200)
    expect(body.match(/registered,[\w-]{43}\n/g)).toHaveLength(20_000)
    const { registry, log } = { registry: harness.backbone.stream('registry'), log: harness.backbone.stream('log') }
    await vi.waitFor(async () => {
      const [newest] = await registry.readLast(1)
      const payloads = (await log.readLast(500)).map(({ record }) => decodeRecord(record).payload)
      expect(payloads.some((payload) => newest !== undefined && Buffer.compare(payload, newest.record) === 0)).toBe(
        true,
      )
    }, within)
    expect((await importCsv([header, ...rows].join('\n'))).body.match(/unchanged,\n/g)).toHaveLength(20_000)
    const exported = await harness.request<string>('GET', '/api/v1/devices/export')
    expect(exported.body.match(/^mass-/gm)).toHaveLength(20_000)
  })
})
