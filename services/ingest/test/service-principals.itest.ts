// Service principals over the API, and the audit trail of who made them.
import { matchesIssued } from '@ronda/access/issued-token'
import type { AuditEntry } from '@ronda/contracts/audit'
import type { ServicePrincipal } from '@ronda/contracts/service-principal'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Harness, problem, startHarness } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
})
afterAll(() => harness.end())

const path = '/api/v1/service-principals'
const dashboard = { description: 'The dashboard of the agency', filters: ['tangsel/v1/camera/+/event'] }

interface WithToken {
  service: ServicePrincipal
  token: string
}

async function create(id: string, more: object = {}): Promise<WithToken> {
  const { status, body } = await harness.request<WithToken>('POST', path, { id, ...dashboard, ...more })
  expect(status).toBe(201)
  return body
}

async function rowOf(id: string) {
  const row = await harness.backbone.bucket('service-principals').get(id)
  if (row === undefined) throw new Error(`no service ${id}`)
  return row.value
}

test('a service is created, found, changed and removed; its id is free again', async () => {
  const { service, token } = await create('life-1', { expiresAt: 2_000_000_000_000 })
  expect(service).toMatchObject({ id: 'life-1', ...dashboard, enabled: true, revision: 1 })
  expect(matchesIssued(await rowOf('life-1'), token, Date.now())).toBe('current')
  expect((await harness.request('GET', `${path}/life-1`)).body).toEqual(service)

  const changed = await harness.request<ServicePrincipal>('PATCH', `${path}/life-1`, { enabled: false, revision: 1 })
  expect(changed.body).toEqual({ ...service, enabled: false, revision: 2 })
  const unlimited = await harness.request<ServicePrincipal>('PATCH', `${path}/life-1`, { expiresAt: null })
  const { expiresAt: _gone, ...rest } = service
  expect(unlimited.body).toEqual({ ...rest, enabled: false, revision: 3 })
  const stale = await harness.request('PATCH', `${path}/life-1`, { enabled: true, revision: 2 })
  expect(problem(stale)).toMatchObject({ status: 409, code: 'revision_conflict' })
  expect(matchesIssued(await rowOf('life-1'), token, Date.now())).toBe('current')

  expect(problem(await harness.request('POST', path, { id: 'life-1', ...dashboard })).code).toBe('service_exists')
  expect((await harness.request('DELETE', `${path}/life-1`)).status).toBe(204)
  for (const method of ['GET', 'DELETE']) {
    expect(problem(await harness.request(method, `${path}/life-1`)).code).toBe('not_found')
  }
  const again = await create('life-1')
  expect(again.service.revision).toBe(1)
  expect(matchesIssued(await rowOf('life-1'), token, Date.now())).toBeUndefined()
})

test('its token is told once, and followed by another with or without an overlap', async () => {
  const { token: first } = await create('turn-1')
  const rotate = async (body?: unknown) =>
    (await harness.request<{ id: string; token: string }>('POST', `${path}/turn-1/token`, body)).body.token
  const second = await rotate({ overlapS: 60 })
  const overlapping = await rowOf('turn-1')
  expect(matchesIssued(overlapping, first, Date.now())).toBe('previous')
  expect(matchesIssued(overlapping, second, Date.now())).toBe('current')
  const third = await rotate()
  const turned = await rowOf('turn-1')
  expect([first, second, third].map((token) => matchesIssued(turned, token, Date.now()))).toEqual([
    undefined,
    undefined,
    'current',
  ])
  const all = JSON.stringify([
    (await harness.request('GET', `${path}/turn-1`)).body,
    (await harness.request('GET', path)).body,
    (await harness.request('GET', '/api/v1/audit')).body,
    turned,
  ])
  for (const secret of [first, second, third]) expect(all).not.toContain(secret)
})

test('they are listed in pages', async () => {
  for (const id of ['page-1', 'page-2', 'page-3']) await create(id)
  const first = await harness.request<{ services: ServicePrincipal[]; next?: string }>(
    'GET',
    `${path}?cursor=page-&limit=2`,
  )
  expect(first.body.services.map(({ id }) => id)).toEqual(['page-1', 'page-2'])
  const second = await harness.request<{ services: ServicePrincipal[] }>('GET', `${path}?cursor=${first.body.next}`)
  expect(second.body.services[0]?.id).toBe('page-3')
})

test('it may read topics of this city only, and none that speak to devices', async () => {
  const refused = async (method: string, to: string, body: unknown) => problem(await harness.request(method, to, body))
  await create('narrow-1')
  const elsewhere = { filters: ['tangsel/v1/+/+/telemetry', 'serang/v1/+/+/telemetry'] }
  const misfits = [expect.stringMatching(/serang\/v1\/\+\/\+\/telemetry is of another city/)]
  expect(await refused('POST', path, { id: 'far-1', ...dashboard, ...elsewhere })).toMatchObject({ problems: misfits })
  expect(await refused('PATCH', `${path}/narrow-1`, elsewhere)).toMatchObject({ problems: misfits })
  for (const filter of ['#', 'tangsel/v1/+/+/command', '+/v1/+/+/telemetry', '$SYS/+']) {
    const { code } = await refused('PATCH', `${path}/narrow-1`, { filters: [filter] })
    expect(code, filter).toBe('validation_failed')
  }
  expect((await rowOf('narrow-1')).service.filters).toEqual(dashboard.filters)
})

describe('the audit trail', () => {
  interface Page {
    entries: (AuditEntry & { cursor: string })[]
    next?: string
  }
  const read = async (query = '') => (await harness.request<Page>('GET', `/api/v1/audit${query}`)).body
  const told = ({ entries }: Page) => entries.map(({ who, did, what }) => `${who} ${did}: ${what}`)

  test('has who did what to what, in the order it was done', async () => {
    const before = (await read()).entries.at(-1)?.cursor ?? '0'
    await create('told-1')
    await harness.request('PATCH', `${path}/told-1`, { enabled: false })
    await harness.request('POST', `${path}/told-1/token`)
    await harness.request('DELETE', `${path}/told-1`)
    await harness.register('told-1')
    await harness.request('PATCH', '/api/v1/devices/told-1', { name: 'Renamed' })
    await harness.request('POST', '/api/v1/devices/told-1/token')
    await harness.request('POST', '/api/v1/devices/told-1/replace', {})
    await harness.request('POST', '/api/v1/devices/import', 'id,name\ntold-1,Told')
    await harness.request('DELETE', '/api/v1/devices/told-1')
    await harness.request('DELETE', '/api/v1/devices/told-1')
    const page = await read(`?cursor=${before}`)
    expect(told(page)).toEqual([
      expect.stringMatching(/^admin read the audit trail: /),
      'admin created a service principal: told-1',
      'admin changed a service principal: told-1',
      'admin issued a token to a service principal: told-1',
      'admin removed a service principal: told-1',
      'admin registered a device: told-1',
      'admin changed a device: told-1',
      'admin issued a token to a device: told-1',
      'admin replaced a device: told-1',
      'admin imported devices: 0 registered, 1 updated, 0 tokens',
      'admin retired a device: told-1',
    ])
    expect(page.next).toBeUndefined()
  })

  test('is read from its end or from a cursor on, page by page, and that is told as well', async () => {
    for (let n = 0; n < 25; n++) await create(`many-${n}`)
    const newest = await read('?limit=10')
    expect(told(newest)).toEqual(
      Array.from({ length: 10 }, (_, n) => `admin created a service principal: many-${n + 15}`),
    )
    const after = newest.entries[0]?.cursor
    const first = await read(`?limit=10&cursor=${after}`)
    expect(told(first)[8]).toBe('admin created a service principal: many-24')
    expect(told(first)[9]).toBe('admin read the audit trail: its end')

    const all: string[] = []
    let cursor: string | undefined = '0'
    while (cursor !== undefined) {
      const page: Page = await read(`?limit=10&cursor=${cursor}`)
      all.push(...told(page))
      cursor = page.next
    }
    expect(all.filter((each) => each.includes('many-'))).toHaveLength(25)
    expect(all.at(-1)).toMatch(/^admin read the audit trail: after \d+$/)
  })

  test('names an operator as such', async () => {
    await harness.request(
      'POST',
      path,
      { id: 'signed-1', ...dashboard },
      await harness.signIn('administrator', 'admin'),
    )
    expect(told(await read()).at(-1)).toBe('operator:admin created a service principal: signed-1')
  })
})
