// Receivers of webhooks over the API, and what they are told when all is well.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuditEntry } from '@ronda/contracts/audit'
import type { Delivery, Receiver } from '@ronda/contracts/receiver'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { isInstalled } from '../../../infra/testing/servers.ts'
import { within } from '../../../infra/testing/within.ts'
import { type FaultWriter, createFaultWriter } from '../src/testing/faults.ts'
import { type Harness, problem, startHarness, topicOf } from './harness.ts'
import { refuse, startReceiver, toldOf, verifies } from './receiver.ts'

const path = '/api/v1/receivers'

let harness: Harness
let faults: FaultWriter
beforeAll(async () => {
  harness = await startHarness(
    {},
    {
      webhooks: {
        resolve(host, _options, callback) {
          callback(null, [{ address: host === 'metadata.example.id' ? '169.254.169.254' : '127.0.0.1', family: 4 }])
        },
      },
    },
  )
  faults = createFaultWriter(harness.backbone)
})
afterAll(() => harness.end())

interface WithSecret {
  receiver: Receiver
  secret: string
}

async function create(id: string, url: string, more: object = {}): Promise<WithSecret> {
  const stated = { id, description: 'Complaints', url, ...more }
  const { status, body } = await harness.request<WithSecret>('POST', path, stated)
  expect(status, JSON.stringify(body)).toBe(201)
  return body
}

const deliveriesOf = async (id: string, query = '') =>
  (await harness.request<{ deliveries: Delivery[]; next?: string }>('GET', `${path}/${id}/deliveries${query}`)).body

test('a receiver is created, found, changed and removed; its id is free again, with another secret', async () => {
  const url = 'http://127.0.0.1:9/hooks'
  const { receiver, secret } = await create('life-1', url, { filter: { districts: ['serpong'] } })
  expect(receiver).toMatchObject({ id: 'life-1', url, enabled: true, revision: 1, createdBy: 'admin' })
  expect(receiver.filter).toEqual({
    districts: ['serpong'],
    kinds: [],
    severities: [],
    agencies: [],
    events: [],
    announcementsOnly: true,
  })
  const state = { behind: 0, waiting: 0, deadLetters: 0 }
  expect((await harness.request('GET', `${path}/life-1`)).body).toEqual({ ...receiver, state })
  const all = await harness.request<{ receivers: Receiver[] }>('GET', path)
  expect(all.body.receivers).toContainEqual(receiver)

  const patched = await harness.request<Receiver>('PATCH', `${path}/life-1`, { enabled: false, revision: 1 })
  expect(patched.body).toEqual({ ...receiver, enabled: false, revision: 2 })
  const stale = await harness.request('PATCH', `${path}/life-1`, { enabled: true, revision: 1 })
  expect(problem(stale)).toMatchObject({ status: 409, code: 'revision_conflict' })
  const twice = await harness.request('POST', path, { id: 'life-1', description: 'Again', url })
  expect(problem(twice).code).toBe('receiver_exists')

  expect((await harness.request('DELETE', `${path}/life-1`)).status).toBe(204)
  for (const [method, sub] of [
    ['GET', ''],
    ['DELETE', ''],
    ['POST', '/test'],
    ['GET', '/deliveries'],
    ['POST', '/redeliver'],
  ]) {
    expect(problem(await harness.request(method ?? '', `${path}/life-1${sub}`)).code, sub).toBe('not_found')
  }
  const again = await create('life-1', url)
  expect(again.receiver.revision).toBe(1)
  expect(again.secret).not.toBe(secret)
  await harness.request('DELETE', `${path}/life-1`)
})

test('whoever is no administrator has no business here', async () => {
  const refused = await harness.request('GET', path, undefined, await harness.signIn('supervisor'))
  expect(problem(refused).code).toBe('forbidden')
})

test.each([
  ['ftp://work.example.id/', /http or https/],
  ['http://10.0.0.7/', /not loopback/],
  ['https://user:word@work.example.id/', /user name or password/],
  ['https://169.254.169.254/', /link-local/],
  ['https://metadata.example.id/', /link-local/],
])('the address %s is refused', async (url, why) => {
  const answer = await harness.request('POST', path, { id: 'bad-1', description: 'Bad', url })
  expect(problem(answer)).toMatchObject({ code: 'validation_failed', problems: [expect.stringMatching(why)] })
})

test('it is told of what is raised from now on, signed, in order, and of its end', async () => {
  await faults.raise({ name: 'before' })
  const receiver = await startReceiver()
  const { secret } = await create('told-1', receiver.url, { filter: { districts: ['setu'] } })
  const setu = { district: 'setu' }
  const [one, two] = await faults.raise({ name: 'one', ...setu }, { name: 'two', ...setu })
  await faults.raise({ name: 'elsewhere' }, { name: 'child', parentId: one?.id ?? '', ...setu })
  if (one === undefined || two === undefined) throw new Error('no faults')
  const next = { ...one, revision: 2, updatedAt: 5 }
  await faults.write(['acknowledged', { ...next, acknowledged: true }], ['overdue', two])
  await faults.write(['cleared', { ...next, active: false }], ['closed', { ...next, active: false, closedAt: 9 }])
  const arrivals = await receiver.has(5)
  expect(toldOf(arrivals)).toEqual(['raised one', 'raised two', 'overdue two', 'cleared one', 'closed one'])

  const [first] = arrivals
  if (first === undefined) throw new Error('nothing arrived')
  expect(verifies(secret, first)).toBe(true)
  expect(first.headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'Ronda-Webhooks/1' })
  expect(first.body).toEqual({ type: 'fault', deliveryId: first.headers['webhook-id'], event: 'raised', fault: one })
  expect(first.body.deliveryId).toMatch(/^[0-9a-f-]{36}_\d+_\d+$/)
  expect(new Set(arrivals.map(({ body }) => body.deliveryId)).size).toBe(5)

  await vi.waitFor(async () => expect((await deliveriesOf('told-1')).deliveries).toHaveLength(5), within)
  const page = await deliveriesOf('told-1', '?limit=2')
  expect(page.deliveries.map(({ event }) => event)).toEqual(['closed', 'cleared'])
  const rest = await deliveriesOf('told-1', `?cursor=${page.next}&outcome=delivered`)
  expect(rest.deliveries.map(({ event, attempt, status }) => [event, attempt, status])).toEqual([
    ['overdue', 1, 204],
    ['raised', 1, 204],
    ['raised', 1, 204],
  ])
  expect((await deliveriesOf('told-1', '?outcome=failed')).deliveries).toEqual([])
})

test('a fault that a device reports arrives within the time that people notice', async () => {
  const receiver = await startReceiver()
  await create('real-1', receiver.url, { filter: { kinds: ['camera'] } })
  await harness.register('cctv-1', { kind: 'camera', name: 'Simpang' })
  await harness.publish(topicOf('cctv-1', 'telemetry', 'camera'), { signalLoss: true })
  const [arrival] = await receiver.has(1)
  expect(arrival?.body).toMatchObject({ event: 'raised', fault: { code: 'video_loss', deviceId: 'cctv-1' } })
})

test('a test notice shows what comes back, and is signed like any other', async () => {
  const receiver = await startReceiver()
  const { secret } = await create('test-1', receiver.url, { enabled: false })
  const ask = async () => (await harness.request('POST', `${path}/test-1/test`)).body
  receiver.answer = (_arrival, response) => response.writeHead(200).end('selamat')
  expect(await ask()).toMatchObject({ delivered: true, status: 200, text: 'selamat' })
  receiver.answer = refuse(302, { location: 'http://127.0.0.1:9/' })
  expect(await ask()).toMatchObject({ delivered: false, status: 302, error: expect.stringMatching(/final address/) })
  receiver.answer = (_arrival, response) => void response.writeHead(200).end('x'.repeat(10e6))
  expect(await ask()).toMatchObject({ delivered: true, status: 200, text: 'x'.repeat(1_000) })
  receiver.answer = (_arrival, _response, request) => request.socket.destroy()
  expect(await ask()).toMatchObject({ delivered: false, error: expect.stringMatching(/socket|ECONNRESET/) })
  const arrivals = await receiver.has(4)
  for (const arrival of arrivals) {
    expect(arrival.body).toEqual({ type: 'test', deliveryId: arrival.headers['webhook-id'], receiver: 'test-1' })
    expect(verifies(secret, arrival)).toBe(true)
  }
  expect((await deliveriesOf('test-1')).deliveries).toEqual([])
})

test('a secret is followed by another, with or without an overlap in which both sign', async () => {
  const receiver = await startReceiver()
  const { secret: first } = await create('turn-1', receiver.url)
  const rotate = async (body?: unknown) =>
    (await harness.request<{ secret: string }>('POST', `${path}/turn-1/secret`, body)).body.secret
  async function verifying(secrets: string[]): Promise<boolean[]> {
    const count = receiver.arrivals.length
    await harness.request('POST', `${path}/turn-1/test`)
    const arrival = (await receiver.has(count + 1)).at(-1)
    return secrets.map((secret) => arrival !== undefined && verifies(secret, arrival))
  }
  expect(await verifying([first])).toEqual([true])
  const second = await rotate({ overlapS: 60 })
  expect(await verifying([first, second])).toEqual([true, true])
  const third = await rotate()
  expect(await verifying([first, second, third])).toEqual([false, false, true])
})

describe('docs/webhooks.md', () => {
  /** Its block of a language that has this in it. */
  function example(language: string, text: string): string {
    const document = readFileSync(join(import.meta.dirname, '../../../docs/webhooks.md'), 'utf8')
    const blocks = Array.from(document.matchAll(/```(\w+)\n([^]*?)```/g), ([, name, block]) => ({ name, block }))
    return blocks.find(({ name, block }) => name === language && block?.includes(text))?.block ?? ''
  }

  test.skipIf(!isInstalled('openssl'))('says how to verify a signature, in Node and with openssl', async () => {
    const receiver = await startReceiver()
    const { secret } = await create('docs-1', receiver.url)
    await harness.request('POST', `${path}/docs-1/secret`, { overlapS: 60 })
    await harness.request('POST', `${path}/docs-1/test`)
    const [arrival] = await receiver.has(1)
    if (arrival === undefined) throw new Error('nothing arrived')
    const { text, headers } = arrival

    const code = Buffer.from(example('js', 'isGenuine')).toString('base64')
    const { isGenuine } = (await import(`data:text/javascript;base64,${code}`)) as {
      isGenuine: (secret: string, headers: Record<string, string>, body: string) => boolean
    }
    expect(isGenuine(secret, headers, text)).toBe(true)
    expect(isGenuine(secret, headers, `${text} `)).toBe(false)
    expect(isGenuine(secret, { ...headers, 'webhook-timestamp': '1' }, text)).toBe(false)

    const folder = mkdtempSync(join(tmpdir(), 'ronda-webhook-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, 'body'), text)
    const env = {
      PATH: process.env['PATH'],
      SECRET: secret,
      ID: headers['webhook-id'],
      TIMESTAMP: headers['webhook-timestamp'],
    }
    const shown = execFileSync('sh', ['-c', example('sh', 'openssl')], { cwd: folder, env, encoding: 'utf8' })
    expect(headers['webhook-signature']?.split(' ')).toContain(shown.trim())
  })
})

describe('a secret', () => {
  test('is nowhere but in the answer that made it', async () => {
    const { secret } = await create('quiet-1', 'http://127.0.0.1:9/')
    const said = JSON.stringify([
      (await harness.request('GET', `${path}/quiet-1`)).body,
      (await harness.request('GET', path)).body,
      (await harness.request('GET', '/api/v1/audit')).body,
    ])
    expect(said).not.toContain('whsec_')
    const raw = Buffer.from(secret.replace('whsec_', ''), 'base64')
    for (const name of await readdir(harness.dir, { recursive: true, withFileTypes: true })) {
      if (!name.isFile()) continue
      const content = await readFile(join(name.parentPath, name.name))
      for (const form of [raw, raw.toString('base64'), raw.toString('hex')]) expect(content.includes(form)).toBe(false)
    }
    expect(statSync(join(harness.dir, 'webhook-key')).mode & 0o777).toBe(0o600)
  })
})

test('one that is disabled is told nothing, and goes on where it was when it is enabled', async () => {
  const receiver = await startReceiver()
  await create('pause-1', receiver.url, { enabled: false, filter: { districts: ['pamulang'] } })
  await faults.raise({ name: 'meanwhile', district: 'pamulang' })
  const behind = async () => (await harness.request<{ state: { behind: number } }>('GET', `${path}/pause-1`)).body.state
  expect(await behind()).toMatchObject({ behind: 1, waiting: 0 })
  expect(receiver.arrivals).toEqual([])
  await harness.request('PATCH', `${path}/pause-1`, { enabled: true })
  expect(toldOf(await receiver.has(1))).toEqual(['raised meanwhile'])
})

test('a filter that is changed counts from the next event on, and where it was is kept over a restart', async () => {
  const receiver = await startReceiver()
  await create('move-1', receiver.url, { filter: { districts: ['ciputat'] } })
  await faults.raise({ name: 'one', district: 'ciputat' })
  await receiver.has(1)
  await harness.request('PATCH', `${path}/move-1`, { filter: { districts: ['pondok-aren'] } })
  await faults.raise({ name: 'two', district: 'ciputat' }, { name: 'three', district: 'pondok-aren' })
  await receiver.has(2)
  await harness.restart()
  faults = createFaultWriter(harness.backbone)
  await faults.raise({ name: 'four', district: 'pondok-aren' })
  expect(toldOf(await receiver.has(3))).toEqual(['raised one', 'raised three', 'raised four'])
})

test('who did what to which receiver is in the audit trail', async () => {
  const receiver = await startReceiver()
  const read = async (cursor: string) =>
    (await harness.request<{ entries: (AuditEntry & { cursor: string })[] }>('GET', `/api/v1/audit?cursor=${cursor}`))
      .body
  const { body: before } = await harness.request<{ entries: { cursor: string }[] }>('GET', '/api/v1/audit')
  await create('audit-1', receiver.url)
  await harness.request('PATCH', `${path}/audit-1`, { description: 'Work orders' })
  await harness.request('POST', `${path}/audit-1/secret`)
  await harness.request('POST', `${path}/audit-1/test`)
  await harness.request('DELETE', `${path}/audit-1`)
  const { entries } = await read(before.entries.at(-1)?.cursor ?? '0')
  expect(entries.map(({ who, did, what }) => `${who} ${did}: ${what}`).slice(1)).toEqual([
    'admin created a receiver: audit-1',
    'admin changed a receiver: audit-1',
    'admin issued a secret to a receiver: audit-1',
    'admin tested a receiver: audit-1',
    'admin removed a receiver: audit-1',
  ])
})

test('there are 32 at most', async () => {
  const { body } = await harness.request<{ receivers: Receiver[] }>('GET', path)
  for (let n = body.receivers.length; n < 32; n++) await create(`many-${n}`, 'http://127.0.0.1:9/', { enabled: false })
  const one = { id: 'many-x', description: 'One too many', url: 'http://127.0.0.1:9/' }
  expect(problem(await harness.request('POST', path, one)).code).toBe('receivers_full')
})
