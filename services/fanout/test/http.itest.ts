import { pagePathOf, pageSections } from '@ronda/contracts/page-routes'
import Fastify from 'fastify'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import { type Harness, startHarness } from './harness.ts'

let harness: Harness
afterEach(() => harness.end())

/** What stands for ingest: a server of its own that says what it was asked. */
async function startUpstream(port = 0) {
  const app = Fastify({ forceCloseConnections: true })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/docs', async (_request, reply) => reply.type('text/html').send('<h1>API</h1>'))
  app.get('/openapi.json', async () => ({ openapi: '3.1.0' }))
  let busyAnswers = 0
  app.get('/api/v1/busy', async (_request, reply) => {
    busyAnswers++
    return reply.code(503).type('application/problem+json').send('{"code":"storage_full"}')
  })
  const exported = new PassThrough()
  app.get('/api/v1/export', async (_request, reply) => reply.type('text/csv').send(exported))
  app.all('/api/v1/*', async ({ method, url, headers, body }, reply) => {
    const hash = createHash('sha256')
    let bytes = 0
    if (body !== undefined) {
      // The only parser hands on the stream.
      for await (const chunk of body as AsyncIterable<Buffer>) {
        hash.update(chunk)
        bytes += chunk.length
      }
    }
    reply.header('x-from-ingest', 'yes')
    return { method, url, headers, bytes, sha256: hash.digest('hex') }
  })
  const url = await app.listen({ host: '127.0.0.1', port })
  onTestFinished(() => app.close())
  return { app, url, port: Number(new URL(url).port), exported, busyAnswers: () => busyAnswers }
}

interface Echo {
  method: string
  url: string
  headers: Record<string, string>
  bytes: number
  sha256: string
}

async function echo(path: string, init?: RequestInit): Promise<Echo> {
  const answer = await fetch(`${harness.url}${path}`, init)
  expect(answer.status).toBe(200)
  // The upstream above answers in this form.
  return (await answer.json()) as Echo
}

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  bytes: Buffer
  text: string
}

/** fetch() sets some headers itself and tidies up paths; this does not. */
function ask(path: string, headers: OutgoingHttpHeaders = {}, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST'
    const { hostname, port } = new URL(harness.url)
    const request = httpRequest({ hostname, port, path, method, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const bytes = Buffer.concat(chunks)
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, text: bytes.toString('utf8') })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

describe('the proxy', () => {
  test('passes on method, path, query, credentials and body, and the answer as it is', async () => {
    const upstream = await startUpstream()
    harness = await startHarness({ ingestUrl: upstream.url })
    const body = JSON.stringify({ note: 'selesai – “done”' })
    const seen = await echo('/api/v1/faults/a.b.c/acknowledge?cursor=%2Fx&cursor=y', {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'idempotency-key': 'k1',
        cookie: 'ronda_1=abc',
        authorization: 'Bearer t',
        origin: harness.url,
      },
    })
    expect(seen).toMatchObject({
      method: 'POST',
      url: '/api/v1/faults/a.b.c/acknowledge?cursor=%2Fx&cursor=y',
      bytes: Buffer.byteLength(body),
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'idempotency-key': 'k1',
        cookie: 'ronda_1=abc',
        authorization: 'Bearer t',
        origin: harness.url,
        host: new URL(upstream.url).host,
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'http',
        'x-forwarded-host': new URL(harness.url).host,
      },
    })
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      expect(await echo('/api/v1/devices/pju-1', { method })).toMatchObject({ method })
    }
    const answer = await fetch(`${harness.url}/api/v1/ledger`)
    expect(answer.headers.get('x-from-ingest')).toBe('yes')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await (await fetch(`${harness.url}/docs`)).text()).toBe('<h1>API</h1>')
    expect(await (await fetch(`${harness.url}/openapi.json`)).json()).toEqual({ openapi: '3.1.0' })
  })

  test('says who asks itself, whatever the client claims', async () => {
    harness = await startHarness({ ingestUrl: (await startUpstream()).url })
    const headers = {
      'x-forwarded-for': '10.9.9.9',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'evil.example',
      forwarded: 'for=10.9.9.9',
    }
    const seen = await echo('/api/v1/whoever', { headers })
    expect(seen.headers).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': new URL(harness.url).host,
    })
    expect(seen.headers['forwarded']).toBeUndefined()
  })

  test('believes a proxy that it is told to trust', async () => {
    harness = await startHarness({
      ingestUrl: (await startUpstream()).url,
      env: { RONDA_TRUST_PROXY: '127.0.0.1', RONDA_PUBLIC_URL: 'https://ronda.example' },
    })
    const headers = { host: 'ronda.example', 'x-forwarded-for': '10.9.9.9', 'x-forwarded-proto': 'https' }
    const { text } = await ask('/api/v1/whoever', headers)
    expect(JSON.parse(text)).toMatchObject({
      headers: {
        'x-forwarded-for': '10.9.9.9',
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'ronda.example',
      },
    })
  })

  test('streams bodies of any size and kind, in both directions', async () => {
    const upstream = await startUpstream()
    harness = await startHarness({ ingestUrl: upstream.url })
    const csv = 'id,kind\n'.repeat(1_000_000)
    const sent = { 'content-type': 'text/csv', expect: '100-continue', 'content-length': String(csv.length) }
    const { status, text } = await ask('/api/v1/devices/import', sent, csv)
    expect(status).toBe(200)
    expect(JSON.parse(text)).toMatchObject({
      bytes: csv.length,
      sha256: createHash('sha256').update(csv).digest('hex'),
      headers: { 'content-type': 'text/csv' },
    })

    const note = {
      method: 'POST',
      body: 'é'.repeat(1_000_000),
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    }
    expect(await echo('/api/v1/notes', note)).toMatchObject({
      bytes: 2_000_000,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    })

    const line = 'pju-1,streetlight\n'
    upstream.exported.write(line)
    const answer = await fetch(`${harness.url}/api/v1/export`)
    expect(answer.headers.get('content-encoding')).toBe('gzip')
    const reader = answer.body?.getReader()
    const first = await reader?.read()
    expect(new TextDecoder().decode(first?.value)).toBe(line)
    // The first part is here while ingest has yet to say the second.
    upstream.exported.end('second')
    const second = await reader?.read()
    expect(new TextDecoder().decode(second?.value)).toBe('second')
  })

  test('answers travel compressed to whoever understands it, and bodies as they came', async () => {
    const upstream = await startUpstream()
    harness = await startHarness({ ingestUrl: upstream.url })
    const headers = { 'accept-encoding': 'gzip, deflate, br', 'x-note': 'long'.repeat(1_000) }
    const answer = await ask('/api/v1/devices', headers)
    expect(answer.headers).toMatchObject({
      'content-encoding': 'gzip',
      vary: 'accept-encoding',
      'x-from-ingest': 'yes',
    })
    expect(answer.bytes.length).toBeLessThan(1_000)
    expect(JSON.parse(gunzipSync(answer.bytes).toString())).toMatchObject({ headers: { 'x-note': headers['x-note'] } })
    const plain = await ask('/api/v1/devices', { 'accept-encoding': 'identity' })
    expect(plain.headers['content-encoding']).toBeUndefined()
    expect(JSON.parse(plain.text)).toMatchObject({ method: 'GET' })

    const body = gzipSync('id,kind\n'.repeat(1_000))
    const sent = { method: 'POST', body, headers: { 'content-encoding': 'gzip', 'content-type': 'text/csv' } }
    expect(await echo('/api/v1/devices/import', sent)).toMatchObject({
      bytes: body.length,
      headers: { 'content-encoding': 'gzip' },
    })
  })

  test('without ingest it answers 503 as a problem, and serves again when ingest is back', async () => {
    const upstream = await startUpstream()
    harness = await startHarness({ ingestUrl: upstream.url })
    await echo('/api/v1/ledger')
    await upstream.app.close()
    for (const init of [{}, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }]) {
      const answer = await fetch(`${harness.url}/api/v1/ledger`, init)
      expect(answer.status).toBe(503)
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
      expect(await answer.json()).toMatchObject({ code: 'unavailable', status: 503 })
    }
    expect(await harness.metric('upstream_failures_total')).toBe(2)
    await startUpstream(upstream.port)
    await vi.waitFor(async () => expect((await fetch(`${harness.url}/api/v1/ledger`)).status).toBe(200), within)
  })

  test('a 503 of ingest is passed on at once, and not asked for again', async () => {
    const upstream = await startUpstream()
    harness = await startHarness({ ingestUrl: upstream.url })
    const answer = await fetch(`${harness.url}/api/v1/busy`)
    expect(answer.status).toBe(503)
    expect(await answer.json()).toEqual({ code: 'storage_full' })
    expect(upstream.busyAnswers()).toBe(1)
  })

  test('does not lead out of what it passes on', async () => {
    harness = await startHarness({ ingestUrl: (await startUpstream()).url })
    for (const path of ['/api/../healthz', '/api/%2e%2e/healthz', '/api/v1/..%2f..%2fhealthz', '/apiary']) {
      const { status } = await ask(path)
      expect({ path, refused: status >= 400 }).toEqual({ path, refused: true })
    }
  })
})

function makePage(): string {
  const dir = mkdtempSync(join(tmpdir(), 'ronda-page-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const page = join(dir, 'dist')
  mkdirSync(join(page, 'assets'), { recursive: true })
  writeFileSync(join(page, 'index.html'), '<title>Ronda</title>')
  writeFileSync(join(page, 'theme.js'), 'let theme')
  writeFileSync(join(page, 'assets', 'index-B4kd9x.js'), 'let page')
  writeFileSync(join(page, '.secret'), 'hidden')
  writeFileSync(join(dir, 'beside.txt'), 'private')
  return page
}

const navigation = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'sec-fetch-mode': 'navigate' }

describe('the page', () => {
  test('is served with its files: hashed ones for ever, the others asked for each time', async () => {
    harness = await startHarness({ pageDir: makePage() })
    const index = await ask('/')
    expect(index.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' })
    expect(index.text).toBe('<title>Ronda</title>')
    const theme = await ask('/theme.js')
    expect(theme.headers).toMatchObject({ 'cache-control': 'no-cache' })
    expect(theme.headers['content-type']).toMatch(/javascript/)
    const asset = await ask('/assets/index-B4kd9x.js')
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(await ask('/', { 'if-none-match': index.headers.etag })).toMatchObject({ status: 304, text: '' })
  })

  test('is sent as the build has compressed it, to whoever understands that', async () => {
    const pageDir = makePage()
    const script = 'let page = "Ronda"'
    const file = join(pageDir, 'assets', 'page-C0mpr3ss.js')
    writeFileSync(file, script)
    writeFileSync(`${file}.gz`, gzipSync(script))
    writeFileSync(`${file}.br`, brotliCompressSync(script))
    harness = await startHarness({ pageDir })
    const kinds = [
      ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
      ['gzip, deflate', 'gzip', gunzipSync],
      ['identity', undefined, (bytes: Buffer) => bytes],
    ] as const
    for (const [accepted, encoding, open] of kinds) {
      const { headers, bytes } = await ask('/assets/page-C0mpr3ss.js', { 'accept-encoding': accepted })
      expect(headers['content-encoding']).toBe(encoding)
      expect(headers['content-type']).toMatch(/javascript/)
      expect(headers).toMatchObject({
        vary: 'accept-encoding',
        'cache-control': 'public, max-age=31536000, immutable',
        'content-length': String(bytes.length),
      })
      expect(open(bytes).toString()).toBe(script)
    }
    // What is too small to gain by it lies there alone.
    const theme = await ask('/theme.js', { 'accept-encoding': 'br' })
    expect(theme).toMatchObject({ status: 200, text: 'let theme' })
    expect(theme.headers['content-encoding']).toBeUndefined()
  })

  test('is what a person gets at its addresses, and with 404 at others; scripts get nothing there', async () => {
    harness = await startHarness({ pageDir: makePage() })
    const shown = pageSections.map((section) => `${pagePathOf({ section })}?district=setu`)
    for (const [status, paths] of [
      [200, shown],
      [404, ['/nowhere', '/nowhere/0123456789', '/assets/gone']],
    ] as const) {
      for (const path of paths) {
        const answer = await ask(path, navigation)
        expect({ path, ...answer }).toMatchObject({ path, status, text: '<title>Ronda</title>' })
        expect(answer.headers['cache-control']).toBe('no-cache')
      }
    }
    for (const path of ['/assets/index-old.js', '/missing.png', '/nowhere']) {
      const { status, text } = await ask(path, { accept: '*/*', 'sec-fetch-mode': 'no-cors' })
      expect(status).toBe(404)
      expect(JSON.parse(text)).toMatchObject({ code: 'not_found' })
    }
    for (const path of [
      '/%2e%2e/beside.txt',
      '/..%2fbeside.txt',
      '/assets/%2e%2e/%2e%2e/beside.txt',
      '/.secret',
      '/%00',
    ]) {
      expect({ path, ...(await ask(path)) }).toMatchObject({ path, status: 404 })
    }
  })

  test('that is not built says what to run', async () => {
    harness = await startHarness({ pageDir: join(tmpdir(), 'ronda-no-page') })
    const { status, text } = await ask('/', navigation)
    expect(status).toBe(503)
    expect(text).toMatch(/pnpm --filter @ronda\/control-room build/)
    expect(await ask('/healthz')).toMatchObject({ status: 200 })
  })

  test('is told to run nothing but its own files, and to be framed by nobody', async () => {
    harness = await startHarness({ pageDir: makePage() })
    for (const path of ['/', '/assets/index-B4kd9x.js', '/missing', '/config.json']) {
      const { headers } = await ask(path)
      const policy = headers['content-security-policy'] ?? ''
      expect(policy).toMatch(/default-src 'none'/)
      expect(policy).toMatch(/script-src 'self'(;|$)/)
      expect(policy).toMatch(/frame-ancestors 'none'/)
      expect(policy).toContain(`connect-src 'self' ${harness.url.replace('http', 'ws')}`)
      expect(policy).not.toMatch(/unsafe|upgrade-insecure/)
      expect(headers).toMatchObject({
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      })
      expect(headers['strict-transport-security']).toBeUndefined()
    }
  })
})

describe('the rest', () => {
  test('another host name is refused everywhere but for health', async () => {
    harness = await startHarness({ ingestUrl: (await startUpstream()).url, pageDir: makePage() })
    const headers = { host: 'evil.example' }
    for (const path of ['/', '/config.json', '/api/v1/ledger', '/metrics', '/theme.js', '/docs']) {
      const { status, text } = await ask(path, headers)
      expect(status).toBe(421)
      expect(JSON.parse(text)).toMatchObject({ code: 'host_not_allowed' })
    }
    // A browser would send its cookie, but cannot know a token.
    const basic = { ...headers, authorization: 'Basic x', cookie: await harness.signIn() }
    expect(await ask('/config.json', basic)).toMatchObject({ status: 421 })
    const token = { ...headers, authorization: `Bearer ${harness.adminToken}` }
    expect(await ask('/metrics', token)).toMatchObject({ status: 200 })
    expect(await ask('/api/v1/telemetry', { ...headers, authorization: 'Bearer x' }, '[]')).toMatchObject({
      status: 200,
    })
    expect(await ask('/healthz', headers)).toMatchObject({ status: 200 })
    expect(await ask('/readyz', headers)).toMatchObject({ status: 200 })
  })

  test('the configuration tells everyone where they are, and operators the rest', async () => {
    harness = await startHarness()
    const forEveryone = JSON.parse((await ask('/config.json')).text)
    expect(forEveryone).toEqual({
      city: { slug: 'tangsel', name: 'Kota Tangerang Selatan', timeZone: 'Asia/Jakarta' },
      simulated: false,
      timeScale: 1,
    })
    const forOperators = JSON.parse((await ask('/config.json', { cookie: await harness.signIn() })).text)
    expect(forOperators).toMatchObject({ ...forEveryone, version: '0.1.0' })
    expect(forOperators.districts).toHaveLength(7)
    expect(forOperators.districts[0]).toEqual({ slug: expect.any(String), name: expect.any(String) })
    expect(forOperators.agencies[0]).toMatchObject({ id: 'dishub' })
    expect(forOperators.attribution).toMatch(/CC BY-IGO/)
    expect(forOperators).not.toHaveProperty('mapStyleUrl')
  })

  test('the boundaries of the districts are for operators, and not sent again', async () => {
    harness = await startHarness()
    const path = '/districts.geojson'
    expect((await ask(path)).status).toBe(401)
    const cookie = await harness.signIn()
    const { headers, text } = await ask(path, { cookie })
    expect(headers['content-type']).toMatch(/geo\+json/)
    expect(JSON.parse(text).features).toHaveLength(7)
    const compressed = await ask(path, { cookie, 'accept-encoding': 'gzip' })
    expect(compressed.headers).toMatchObject({ 'content-encoding': 'gzip', etag: headers.etag })
    expect(gunzipSync(compressed.bytes).toString()).toBe(text)
    expect(await ask(path, { cookie, 'if-none-match': headers.etag })).toMatchObject({ status: 304, text: '' })
  })

  test('a city’s own map style is told to the page, and its origin alone may be asked as well', async () => {
    const style = 'https://tiles.example.org:8443/styles/streets.json?key=1'
    harness = await startHarness({ pageDir: makePage(), env: { RONDA_MAP_STYLE_URL: style } })
    const config = await ask('/config.json', { cookie: await harness.signIn() })
    expect(JSON.parse(config.text)).toMatchObject({ mapStyleUrl: style })
    const policy = String((await ask('/')).headers['content-security-policy'])
    expect(policy).toContain(`connect-src 'self' ${harness.url.replace('http', 'ws')} https://tiles.example.org:8443;`)
    expect(policy).toContain("img-src 'self' data: https://tiles.example.org:8443;")
    expect(policy.split('https://tiles.example.org:8443')).toHaveLength(3)
    expect(policy).toMatch(/script-src 'self'(;|$)/)
    expect(policy).toMatch(/worker-src 'self'(;|$)/)
  })

  test('ready only with ingest, and says why not', async () => {
    const upstream = await startUpstream()
    harness = await startHarness({ ingestUrl: upstream.url })
    expect((await ask('/readyz')).status).toBe(200)
    await upstream.app.close()
    const { status, text } = await ask('/readyz')
    expect(status).toBe(503)
    expect(JSON.parse(text)).toMatchObject({ code: 'unavailable', problems: ['ingest does not answer'] })
    expect((await ask('/healthz')).status).toBe(200)
  })

  test('metrics are for those who may ask', async () => {
    harness = await startHarness()
    expect((await ask('/metrics')).status).toBe(401)
    const { text } = await ask('/metrics', { authorization: `Bearer ${harness.adminToken}` })
    for (const name of ['connections', 'events_total', 'deliveries_total', 'catching_up_readers', 'feed_lag_events']) {
      expect(text).toMatch(new RegExp(`^ronda_fanout_${name} \\d`, 'm'))
    }
  })
})
