// MQTT over WebSocket, with the mqtt.js client and with frames of its own making.
import { once } from 'node:events'
import { type OutgoingHttpHeaders, request } from 'node:http'
import { connect as connectTcp } from 'node:net'
import { maxPayloadBytes } from '@ronda/contracts/telemetry'
import { generate } from 'mqtt-packet'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { within } from '../../../infra/testing/within.ts'
import { connect, startListeners } from './listening.ts'
import { connectPacket } from './raw-client.ts'

const env = { RONDA_MQTT_PORT: 'off', RONDA_MQTT_WS_PORT: '0' }
const connectBytes = generate(connectPacket('pju-1', 'token'))

async function open(url: string): Promise<WebSocket> {
  const ws = new WebSocket(url, 'mqtt')
  onTestFinished(() => ws.terminate())
  await once(ws, 'open')
  return ws
}

test('the client library publishes', async () => {
  const { addresses, urlOf, broker } = await startListeners(env)
  expect(addresses).toEqual([expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+\/mqtt$/)])
  const client = await connect(urlOf('ws'))
  const payload = 'x'.repeat(maxPayloadBytes)
  await client.publishAsync('a', payload, { qos: 1 })
  expect(broker.visitors[0]?.arrival).toEqual({ address: '127.0.0.1', encrypted: false })
  expect(broker.visitors[0]?.received.at(-1)).toMatchObject({ cmd: 'publish', topic: 'a' })
})

describe('frames', () => {
  test('packets may begin and end anywhere in them, and answers of one turn share one', async () => {
    const { urlOf } = await startListeners(env)
    const ws = await open(urlOf('ws'))
    const frames: Buffer[] = []
    ws.on('message', (data: Buffer) => frames.push(data))
    for (const byte of connectBytes) ws.send(Buffer.from([byte]))
    await vi.waitFor(() => expect(frames).toHaveLength(1), within)
    const publish = (messageId: number) =>
      generate({ cmd: 'publish', topic: 'a', payload: 'b', qos: 1, dup: false, retain: false, messageId })
    ws.send(Buffer.concat([publish(1), publish(2), publish(3)]))
    await vi.waitFor(() => expect(frames.slice(1)).toEqual([Buffer.from('400200014002000240020003', 'hex')]), within)
  })

  test('text ends the connection', async () => {
    const { urlOf, broker } = await startListeners(env)
    const ws = await open(urlOf('ws'))
    ws.send(connectBytes.toString('latin1'))
    expect((await once(ws, 'close'))[0]).toBe(1003)
    expect(broker.visitors[0]?.received).toEqual([])
    expect(broker.visitors[0]?.stream.destroyed).toBe(true)
  })

  test('one that is far larger than any packet ends the connection', async () => {
    const { urlOf, broker } = await startListeners(env)
    const ws = await open(urlOf('ws'))
    ws.on('error', () => {})
    ws.send(Buffer.alloc(3 * maxPayloadBytes))
    expect((await once(ws, 'close'))[0]).toBe(1009)
    await vi.waitFor(() => expect(broker.visitors[0]?.stream.destroyed).toBe(true), within)
  })

  test('who is not read is held back', async () => {
    const { urlOf, broker } = await startListeners(env)
    const ws = await open(urlOf('ws'))
    await vi.waitFor(() => expect(broker.visitors).toHaveLength(1), within)
    const stream = broker.visitors[0]?.stream
    stream?.pause()
    const frame = Buffer.alloc(64 * 1024)
    // More than any buffers of the network take.
    for (let i = 0; i < 400; i++) ws.send(frame)
    await vi.waitFor(() => expect(stream?.readableLength).toBeGreaterThan(0), within)
    expect(ws.bufferedAmount).toBeGreaterThan(5_000_000)
    expect(stream?.readableLength).toBeLessThan(1_000_000)
    stream?.removeAllListeners('data')
    stream?.resume()
    await vi.waitFor(() => expect(ws.bufferedAmount).toBe(0), within)
  })
})

describe('what is no MQTT over WebSocket gets a plain answer', () => {
  async function ask(url: string, path: string, headers: OutgoingHttpHeaders = {}): Promise<number> {
    const { hostname, port } = new URL(url)
    const asked = request({ hostname, port, path, headers, agent: false })
    asked.end()
    return new Promise((resolve, reject) => {
      asked.on('error', reject)
      asked.on('response', (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
      asked.on('upgrade', (response, socket) => {
        socket.destroy()
        resolve(response.statusCode ?? 0)
      })
    })
  }

  const upgrade = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': 13,
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Protocol': 'mqtt',
  }

  test.each<[status: number, path: string, headers: OutgoingHttpHeaders]>([
    [101, '/mqtt', upgrade],
    [101, '/mqtt?x=1', { ...upgrade, 'Sec-WebSocket-Protocol': 'mqttv3.1, mqtt' }],
    [101, '/mqtt', { ...upgrade, Origin: 'https://ronda.example' }],
    [404, '/', {}],
    [404, '/ws/v1', upgrade],
    [426, '/mqtt', {}],
    [426, '/mqtt', { Connection: 'Upgrade', Upgrade: 'h2c' }],
    [400, '/mqtt', { ...upgrade, 'Sec-WebSocket-Protocol': 'soap' }],
    [400, '/mqtt', { ...upgrade, 'Sec-WebSocket-Version': 7 }],
    [403, '/mqtt', { ...upgrade, Origin: 'https://elsewhere.example' }],
    [403, '/mqtt', { ...upgrade, Origin: 'null' }],
  ])('%i for %s %j', async (status, path, headers) => {
    const { urlOf, broker } = await startListeners({ ...env, RONDA_PUBLIC_URL: 'https://ronda.example/ronda' })
    expect(await ask(urlOf('ws'), path, headers)).toBe(status)
    expect(broker.visitors).toHaveLength(status === 101 ? 1 : 0)
  })

  test('without a public address no page may connect', async () => {
    const { urlOf } = await startListeners(env)
    expect(await ask(urlOf('ws'), '/mqtt', { ...upgrade, Origin: urlOf('ws').replace('ws', 'http') })).toBe(403)
  })

  test('who hangs up in the middle of it harms nobody', async () => {
    const { urlOf } = await startListeners(env)
    const socket = connectTcp(Number(new URL(urlOf('ws')).port), '127.0.0.1')
    await once(socket, 'connect')
    socket.write('GET /elsewhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    socket.resetAndDestroy()
    const client = await connect(urlOf('ws'))
    await client.publishAsync('a', 'b', { qos: 1 })
    expect(client.connected).toBe(true)
  })
})

describe('behind a proxy', () => {
  const headers = { 'X-Forwarded-For': '203.0.113.9, 198.51.100.7', 'X-Forwarded-Proto': 'https' }

  async function arrivalOf(trusted: Record<string, string>, sent: Record<string, string>) {
    const { urlOf, broker } = await startListeners({ ...env, ...trusted })
    await connect(urlOf('ws'), { wsOptions: { headers: sent } })
    return broker.visitors[0]?.arrival
  }

  test('that is trusted, its word counts; beyond it, nobody’s', async () => {
    expect(await arrivalOf({ RONDA_TRUST_PROXY: '127.0.0.0/8' }, headers)).toEqual({
      address: '198.51.100.7',
      encrypted: true,
    })
    const both = { RONDA_TRUST_PROXY: '127.0.0.1, 198.51.100.0/24' }
    expect(await arrivalOf(both, headers)).toMatchObject({ address: '203.0.113.9' })
    expect(await arrivalOf(both, { 'X-Forwarded-For': 'rubbish' })).toEqual({ address: '127.0.0.1', encrypted: false })
  })

  test('that is not, it does not', async () => {
    const direct = { address: '127.0.0.1', encrypted: false }
    expect(await arrivalOf({}, headers)).toEqual(direct)
    expect(await arrivalOf({ RONDA_TRUST_PROXY: '10.0.0.0/8' }, headers)).toEqual(direct)
  })
})
