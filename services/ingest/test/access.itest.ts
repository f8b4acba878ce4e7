import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { decodeRecord } from '@ronda/backbone/record-codec'
import type { LogRecord } from '@ronda/contracts/record'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import { type Harness, problem, startHarness, topicOf } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
})
afterAll(() => harness.end())

describe('who may ask for what', () => {
  test.each([{ authorization: '' }, { authorization: `Bearer ${'x'.repeat(43)}` }, { cookie: 'ronda_1=x' }])(
    'nobody with %o',
    async (headers) => {
      const answer = await harness.request('GET', '/api/v1/devices', undefined, headers)
      expect(problem(answer)).toMatchObject({ status: 401, code: 'unauthenticated' })
    },
  )

  test('is asked before a body is read', async () => {
    const anonymous = { authorization: '' }
    for (const path of [
      '/api/v1/devices',
      '/api/v1/devices/labels',
      '/api/v1/service-principals',
      '/api/v1/pending-devices/pju-1/approve',
      '/api/v1/telemetry',
      '/api/v1/faults/x/acknowledge',
      '/api/v1/sign-in-links',
    ]) {
      expect((await harness.request('POST', path, { not: 'valid' }, anonymous)).status, path).toBe(401)
    }
    // The body never comes: whoever waited for it would not answer.
    for (const path of ['/api/v1/devices/import', '/api/v1/telemetry']) {
      const status = await statusBeforeBody(path)
      expect(status, path).toBe(401)
    }
  })

  test('health, metrics and the description are open', async () => {
    for (const path of ['/healthz', '/metrics', '/docs/json']) {
      expect((await harness.request('GET', path, undefined, { authorization: '' })).status, path).toBe(200)
    }
  })

  test('metrics have the counters of a source, and its commits in seconds', async () => {
    const counters = { accepted: 7, commitMs: 30, 'commits:10': 2, 'commits:+Inf': 3, 'refused:storage_full': 4 }
    const value = { at: Date.now(), accepting: true, connections: 5, counters }
    await harness.backbone.commit({ writes: [{ bucket: 'sources', key: 'broker', value }] })
    const { body } = await harness.request<string>('GET', '/metrics')
    for (const line of [
      'ronda_source_total{source="broker",counter="accepted"} 7',
      'ronda_source_refused_total{source="broker",code="storage_full"} 4',
      '# TYPE ronda_source_commit_seconds histogram',
      'ronda_source_commit_seconds_bucket{source="broker",le="0.01"} 2',
      'ronda_source_commit_seconds_bucket{source="broker",le="+Inf"} 3',
      'ronda_source_commit_seconds_sum{source="broker"} 0.03',
      'ronda_source_commit_seconds_count{source="broker"} 3',
    ]) {
      expect(body.split('\n')).toContain(line)
    }
  })
})

describe('a session', () => {
  test('begins with a link and ends with signing out', async () => {
    const headers = await harness.signIn('operator')
    const { cookie = '' } = headers
    expect((await harness.request('GET', '/api/v1/session', undefined, { cookie })).body).toMatchObject({
      name: 'Sari',
      role: 'operator',
    })
    const out = await harness.request('DELETE', '/api/v1/session', undefined, headers)
    expect(out.status).toBe(204)
    expect(out.headers.get('set-cookie')).toMatch(/Max-Age=0/)
    expect(problem(await harness.request('GET', '/api/v1/session', undefined, { cookie })).code).toBe('unauthenticated')
  })

  test('a link is good for one', async () => {
    const { body } = await harness.request<{ url: string; expiresAt: number }>('POST', '/api/v1/sign-in-links', {
      name: 'Sari',
      role: 'operator',
    })
    expect(body.url).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${harness.pagePort}/#token=[\\w-]{43}$`))
    const token = new URL(body.url).hash.replace('#token=', '')
    expect((await harness.request('POST', '/api/v1/session', { token }, harness.fromPage)).status).toBe(200)
    expect(problem(await harness.request('POST', '/api/v1/session', { token }, harness.fromPage)).code).toBe(
      'sign_in_token_invalid',
    )
    expect(problem(await harness.request('POST', '/api/v1/session', { token: 'short' }, harness.fromPage)).code).toBe(
      'validation_failed',
    )
  })

  test('is not used by another site', async () => {
    const page = await harness.signIn('administrator')
    const { cookie = '' } = page
    const device = { id: 'csrf-1', kind: 'camera', name: 'x', latitude: 0, longitude: 0, district: 'serpong' }
    for (const headers of [
      { cookie },
      { cookie, origin: 'http://evil.example' },
      { cookie, origin: 'null' },
      { cookie, origin: `https://127.0.0.1:${harness.pagePort}` },
    ]) {
      expect(problem(await harness.request('POST', '/api/v1/devices', device, headers)).code).toBe('origin_mismatch')
    }
    const asForm = await harness.request('POST', '/api/v1/devices', device, { ...page, 'content-type': 'text/plain' })
    expect(asForm.status).toBe(415)
    expect((await harness.request('GET', '/api/v1/devices/csrf-1')).status).toBe(404)
  })
})

test('supervisors see why a message was refused, administrators send it again, and the log says who asked', async () => {
  await harness.publish(topicOf('stranger-1'), { powerW: 1 })
  const { deadLetters } = await vi.waitFor(async () => {
    const { body } = await harness.request<{ deadLetters: { cursor: string }[] }>('GET', '/api/v1/dead-letters')
    expect(body.deadLetters).toHaveLength(1)
    return body
  }, within)
  const { body } = await harness.request<typeof deadLetters>(
    'GET',
    '/api/v1/dead-letters',
    undefined,
    await harness.signIn('supervisor'),
  )
  expect(body).toMatchObject({ deadLetters: [{ code: 'unknown_device', reason: expect.any(String) }] })
  expect(JSON.stringify(deadLetters)).toContain('powerW')
  expect(JSON.stringify(body)).not.toContain('powerW')

  const cursors = deadLetters.map(({ cursor }) => cursor)
  for (const headers of [{}, await harness.signIn('administrator')]) {
    await harness.request('POST', '/api/v1/dead-letters/replay', { cursors }, headers)
    await harness.request('POST', '/api/v1/faults/none.such.0/acknowledge', {}, headers)
  }
  const entries = await harness.backbone.stream('log').read(0, { records: 10_000, bytes: 1e7 })
  const records = entries.map(({ record }) => decodeRecord(record))
  const principals = (wanted: (record: LogRecord) => boolean) =>
    records.filter(wanted).map(({ principal }) => principal)
  expect(principals(({ replayOf }) => replayOf !== undefined)).toEqual(['admin', 'operator:Sari'])
  expect(principals(({ type }) => type === 'action')).toEqual(['admin', 'operator:Sari'])
})

/** What a POST that announces a body, and sends only its first byte, is answered. */
async function statusBeforeBody(path: string): Promise<number | undefined> {
  const asked = request(`${harness.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': path.endsWith('import') ? 'text/csv' : 'application/json', 'content-length': 1_000_000 },
  })
  asked.write('[')
  const answered = await once(asked, 'response')
  asked.destroy()
  // The event's only argument.
  return (answered[0] as IncomingMessage).statusCode
}

test('what is not there, and what is too large', async () => {
  expect(problem(await harness.request('GET', '/api/v2/devices')).code).toBe('not_found')
  const large = await harness.request('POST', '/api/v1/devices', { name: 'x'.repeat(2_000_000) })
  expect(problem(large).code).toBe('payload_too_large')
  const csv = 'x'.repeat(2_000_000)
  expect(problem(await harness.request('POST', '/api/v1/devices', csv)).code).toBe('payload_too_large')
  expect(problem(await harness.request('POST', '/api/v1/devices/import', csv)).code).toBe('validation_failed')
})
