import { connect } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { within } from '../../../infra/testing/within.ts'
import { type Harness, startHarness } from './harness.ts'

let harness: Harness
afterEach(() => harness.end())

interface Refusal {
  status: number
  type: string | undefined
  problem: { code: string; status: number }
}

/** The HTTP answer to an upgrade that must not succeed. */
function refusalOf(headers: Record<string, string>, path = '/ws/v1'): Promise<Refusal> {
  return new Promise((resolve, reject) => {
    const ws = new WebSocket(`${harness.url.replace('http', 'ws')}${path}`, { headers })
    ws.on('open', () => reject(new Error('it was admitted')))
    ws.on('error', reject)
    ws.on('unexpected-response', (_request, response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers['content-type'],
          problem: JSON.parse(Buffer.concat(chunks).toString('utf8')),
        }),
      )
    })
  })
}

describe('the upgrade', () => {
  test('is refused with a proper answer, and counted', async () => {
    harness = await startHarness()
    const origin = harness.url
    const cookie = await harness.signIn()
    const signedOut = await harness.signIn()
    await harness.signOut(signedOut)
    const expired = await harness.putSession(Date.now() - 1)
    const port = new URL(harness.url).port

    const attempts: Record<string, Record<string, string>> = {
      'no credentials': { origin },
      'a cookie of nobody': { origin, cookie: `ronda_${port}=rubbish` },
      'a cookie of another port': { origin, cookie: cookie.replace(port, '1') },
      'an expired session': { origin, cookie: expired },
      'a session that was signed out': { origin, cookie: signedOut },
      'a wrong token': { authorization: `Bearer ${'x'.repeat(43)}` },
      'a wrong token beside a good cookie': { origin, cookie, authorization: 'Bearer x' },
      'another site’s page': { origin: 'http://evil.example', cookie },
      'a page of another port': { origin: 'http://127.0.0.1:1', cookie },
      'no origin': { cookie },
      'another host name': { origin, cookie, host: `evil.example:${port}` },
    }
    const answers: Record<string, string> = {}
    for (const [attempt, headers] of Object.entries(attempts)) {
      const { status, type, problem } = await refusalOf(headers)
      expect(type).toBe('application/problem+json')
      answers[attempt] = `${status} ${problem.code}`
    }
    expect(answers).toEqual({
      'no credentials': '401 unauthenticated',
      'a cookie of nobody': '401 unauthenticated',
      'a cookie of another port': '401 unauthenticated',
      'an expired session': '401 unauthenticated',
      'a session that was signed out': '401 unauthenticated',
      'a wrong token': '401 unauthenticated',
      'a wrong token beside a good cookie': '401 unauthenticated',
      'another site’s page': '403 origin_mismatch',
      'a page of another port': '403 origin_mismatch',
      'no origin': '403 origin_mismatch',
      'another host name': '421 host_not_allowed',
    })
    expect(await refusalOf({ origin, cookie }, '/ws/v2')).toMatchObject({ status: 404, problem: { code: 'not_found' } })

    expect(await harness.metric('refused_total{code="unauthenticated"}')).toBe(7)
    expect(await harness.metric('refused_total{code="origin_mismatch"}')).toBe(3)
    expect(await harness.metric('refused_total{code="host_not_allowed"}')).toBe(1)
    expect(await harness.metric('connections')).toBe(0)
  })

  test('is granted to the page with a session, and to the administrator’s token from anywhere', async () => {
    harness = await startHarness()
    await harness.detector.raise({})
    const page = await harness.watch()
    const headers = { authorization: `Bearer ${harness.adminToken}`, host: 'fanout.internal', origin: 'app://tool' }
    const program = await harness.watch({}, { headers })
    await Promise.all([page.caughtUp(), program.caughtUp()])
    expect([page.faults.size, program.faults.size]).toEqual([1, 1])
    expect(page.ws.extensions).toBe('')
  })

  test('is not taken for one when another protocol is offered', async () => {
    harness = await startHarness()
    const { port, host } = new URL(harness.url)
    const socket = connect(Number(port), '127.0.0.1')
    let answer = ''
    socket.on('data', (data) => (answer += data.toString('utf8')))
    socket.write(
      `GET /healthz HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: \r\n\r\n`,
    )
    await vi.waitFor(() => expect(answer).toMatch(/^HTTP\/1.1 200 /), within)
    socket.destroy()
  })
})

describe('a session', () => {
  test('that is ended elsewhere ends its connections within a second, and no others', async () => {
    harness = await startHarness({ limits: { sessionCheckMs: 3_600_000 } })
    const cookie = await harness.signIn()
    const headers = { cookie, origin: harness.url }
    const [one, two, other] = [
      await harness.watch({}, { headers }),
      await harness.watch({}, { headers }),
      await harness.watch(),
    ]
    await Promise.all([one, two, other].map((room) => room.caughtUp()))
    const endedAt = performance.now()
    await harness.signOut(cookie)
    for (const room of [one, two]) {
      expect(await room.closed).toEqual({ code: 1008, reason: 'unauthenticated' })
      expect(room.of('error')).toMatchObject([{ code: 'unauthenticated' }])
    }
    expect(performance.now() - endedAt).toBeLessThan(1_000)
    await harness.detector.raise({})
    await vi.waitFor(() => expect(other.of('fault')).toHaveLength(1), within)
    expect([one, two].flatMap((room) => room.of('fault'))).toEqual([])
  })

  test('that expires ends its connections', async () => {
    harness = await startHarness({ limits: { sessionCheckMs: 50 } })
    const cookie = await harness.putSession(Date.now() + 700)
    const room = await harness.watch({}, { headers: { cookie, origin: harness.url } })
    await room.caughtUp()
    expect(await room.closed).toEqual({ code: 1008, reason: 'unauthenticated' })
  })
})

describe('messages', () => {
  test('that are invalid are answered, and too many of them end the connection', async () => {
    harness = await startHarness({ limits: { maxInvalidMessages: 5 } })
    await harness.detector.raise({})
    const room = await harness.enter()
    room.ws.send('no JSON')
    room.ws.send(JSON.stringify({ type: 'publish' }))
    room.ws.send(JSON.stringify({ type: 'subscribe', filter: { severities: ['catastrophic'] } }))
    room.ws.send(Buffer.from('{"type":"subscribe"}'), { binary: true })
    await vi.waitFor(() => expect(room.of('error')).toHaveLength(4), within)
    expect(new Set(room.of('error').map(({ code }) => code))).toEqual(new Set(['message_invalid']))
    expect(room.of('error')[2]?.message).toMatch(/filter\.severities\.0/)
    // It is not lost yet.
    room.subscribe()
    await room.caughtUp()
    room.ws.send('[]')
    expect(await room.closed).toEqual({ code: 1008, reason: 'message_invalid' })
    expect(await harness.metric('invalid_messages_total')).toBe(5)
  })

  test('that are too large end the connection', async () => {
    harness = await startHarness()
    const room = await harness.enter()
    room.ws.send(JSON.stringify({ type: 'subscribe', filter: { districts: ['x'.repeat(5_000)] } }))
    expect(await room.closed).toMatchObject({ code: 1009 })
  })

  test('that are too many end the connection', async () => {
    harness = await startHarness({ limits: { maxMessages: 10 } })
    const room = await harness.enter()
    for (let i = 0; i < 11; i++) room.subscribe()
    expect(await room.closed).toEqual({ code: 1008, reason: 'rate_limited' })
  })
})

describe('life', () => {
  test('a peer that does not answer pings is ended, one that does stays', async () => {
    harness = await startHarness({ limits: { pingMs: 100 } })
    const living = await harness.watch()
    const headers = { authorization: `Bearer ${harness.adminToken}` }
    const dead = new WebSocket(`${harness.url.replace('http', 'ws')}/ws/v1`, { headers, autoPong: false })
    const pings = vi.fn<() => void>()
    living.ws.on('ping', pings)
    const closed = new Promise((resolve) => dead.on('close', resolve))
    expect(await closed).toBe(1006)
    expect(await harness.metric('ended_total{reason="dead"}')).toBe(1)
    await vi.waitFor(() => expect(pings.mock.calls.length).toBeGreaterThan(5), within)
    expect(living.ws.readyState).toBe(WebSocket.OPEN)
  })

  test('stopping closes with 1001 within two seconds, whatever the peers do', async () => {
    harness = await startHarness()
    const polite = await harness.watch()
    const frozen = await harness.watch()
    await Promise.all([polite.caughtUp(), frozen.caughtUp()])
    frozen.ws.pause()
    const before = performance.now()
    await harness.restart()
    expect(performance.now() - before).toBeLessThan(3_000)
    expect(await polite.closed).toMatchObject({ code: 1001 })
    frozen.ws.resume()
    expect((await frozen.closed).code).toBe(1001)
  })
})
