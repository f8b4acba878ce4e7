// What the broker does with those who ask for too much, by mistake or on purpose: each is refused or held back with
// its reason, the others do not notice, and metrics and audit trail tell of it.
import { once } from 'node:events'
import { type Socket, connect as connectSocket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { connect as connectTls } from 'node:tls'
import { newToken } from '@ronda/access/secrets'
import type { ErrorCode } from '@ronda/contracts/errors'
import type { EnvironmentInput } from '@ronda/runtime/config'
import { connectAsync } from 'mqtt'
import { generate } from 'mqtt-packet'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import { type Harness, startHarness, topicOf } from './harness.ts'
import { type RawClient, connectPacket } from './raw-client.ts'
import { makeTlsFolder } from './tls-folder.ts'

let harness: Harness
afterEach(() => harness.end())

async function start(env: EnvironmentInput = {}): Promise<string> {
  harness = await startHarness({ env })
  return harness.register('pju-1')
}

async function startRaw(): Promise<RawClient> {
  const token = await start()
  return harness.raw('pju-1', token)
}

/** Resolves when heartbeat and trail tell of a refusal, and how often the heartbeat does. */
async function isTold(code: ErrorCode, times: unknown = expect.any(Number)): Promise<void> {
  await vi.waitFor(async () => {
    expect(await harness.counters()).toMatchObject({ [`refused:${code}`]: times })
    expect(await harness.trail()).toContainEqual(expect.objectContaining({ code }))
  }, within)
}

/** CONNACK's return code. */
async function returnCodeOf(id: string, token: string, options: object = {}): Promise<unknown> {
  const connected = harness.connect(id, token, options)
  return connected.then(
    () => 0,
    (error: { code?: unknown }) => error.code,
  )
}

async function open(host = '127.0.0.1'): Promise<Socket> {
  const socket = connectSocket(harness.port, host)
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {}).resume()
  await once(socket, 'connect')
  return socket
}

async function isClosed(socket: Socket): Promise<void> {
  // It may be reset, too.
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve))
}

describe('each is refused with its reason, in metrics and audit', () => {
  test('another device’s token', async () => {
    await start()
    const token = await harness.register('pju-2')
    expect(await returnCodeOf('pju-1', token)).toBe(4)
    await isTold('mqtt_credentials_refused', 1)
  })

  test('an expired certificate', async () => {
    const folder = await makeTlsFolder()
    onTestFinished(folder.remove)
    await folder.revoke()
    await start({ ...folder.variables, RONDA_MQTT_PORT: 'off', RONDA_MQTTS_PORT: '0' })
    const tls = await folder.client('pju-1', { notAfter: new Date(Date.now() - 1_000) })
    const socket = connectTls({ port: harness.port, host: '127.0.0.1', ...tls })
    socket.on('error', () => {}).resume()
    await isClosed(socket)
    await isTold('tls_certificate_expired', 1)
    expect(await harness.counters()).toMatchObject({ connected: 0 })
  })

  const publish = (topic: string, payload: string | Buffer = '{}') =>
    ({ cmd: 'publish', topic, payload, qos: 1, messageId: 1, dup: false, retain: false }) as const
  const unchecked = (packet: Parameters<typeof generate>[0], from: string, to: string) => {
    const bytes = generate(packet)
    bytes.write(to, bytes.indexOf(from))
    return bytes
  }

  test.each<[string, ErrorCode, () => Buffer]>([
    ['a wildcard topic', 'mqtt_publish_refused', () => unchecked(publish('tangsel/v1/x/a/b'), 'x', '+')],
    ['every topic', 'mqtt_publish_refused', () => unchecked(publish('x'), 'x', '#')],
    ['a topic of another device', 'mqtt_publish_refused', () => generate(publish(topicOf('pju-2')))],
    ['a topic of nine levels', 'mqtt_topic_too_deep', () => generate(publish('1/2/3/4/5/6/7/8/9'))],
    ['a 10 MB payload', 'mqtt_packet_too_large', () => generate(publish(topicOf('pju-1'), Buffer.alloc(10e6)))],
    ['what is no MQTT', 'mqtt_protocol_violated', () => Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['a second CONNECT', 'mqtt_protocol_violated', () => generate(connectPacket('pju-1', newToken()))],
    ['a PINGREQ with a payload', 'mqtt_protocol_violated', () => Buffer.from([0xc0, 1, 0])],
    ['an UNSUBSCRIBE of nothing', 'mqtt_protocol_violated', () => Buffer.from([0xa2, 2, 0, 1])],
    ['a packet id of 0', 'mqtt_protocol_violated', () => unchecked(publish(topicOf('pju-1')), '\u0001{}', '\0')],
    ['two packets that are none', 'mqtt_protocol_violated', () => Buffer.from([0xc0, 1, 0, 0xc0, 1, 0])],
  ])('%s: %s', async (_, code, bytes) => {
    const raw = await startRaw()
    raw.socket.write(bytes())
    await isClosed(raw.socket)
    await isTold(code, 1)
    expect(await harness.records()).toEqual([])
  })

  test.each([
    ['mqtt', {}],
    ['ws', { RONDA_MQTT_PORT: 'off', RONDA_MQTT_WS_PORT: '0' }],
  ])('a client of MQTT 5 over %s, which is told that it is its version', async (protocol, env) => {
    const token = await start(env)
    const url = `${protocol}://127.0.0.1:${harness.port}${protocol === 'ws' ? '/mqtt' : ''}`
    const connected = connectAsync(url, { username: 'pju-1', password: token, protocolVersion: 5, reconnectPeriod: 0 })
    await expect(connected).rejects.toMatchObject({ code: 1 })
    await isTold('mqtt_protocol_violated', 1)
    await vi.waitFor(async () => expect(await harness.counters()).toMatchObject({ openSockets: 0 }), within)
  })

  test('65,535 open QoS 2 exchanges', async () => {
    const raw = await startRaw()
    for (let id = 1; id <= 65_535 && !raw.socket.destroyed; id++) raw.publish(id, topicOf('pju-1'), '{}', { qos: 2 })
    await isClosed(raw.socket)
    await isTold('mqtt_inflight_exceeded', 1)
    expect(raw.received.filter(({ cmd }) => cmd === 'pubrec').length).toBeLessThanOrEqual(1_000)
  })

  test.each([
    ['of everything', '#', 'mqtt_subscribe_refused'],
    ['of nine levels', '1/2/3/4/5/6/7/8/9', 'mqtt_topic_too_deep'],
  ] as const)('a subscription %s', async (_, topic, code) => {
    const raw = await startRaw()
    raw.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos: 1 }] })
    await isTold(code, 1)
    expect(await harness.counters()).toMatchObject({ connected: 1 })
  })

  test('a client id of 65 bytes; one of 64 is taken', async () => {
    const token = await start()
    expect(await returnCodeOf('pju-1', token, { clientId: 'ü'.repeat(32) })).toBe(0)
    expect(await returnCodeOf('pju-1', token, { clientId: `${'ü'.repeat(32)}.` })).toBe(2)
    await isTold('mqtt_client_id_refused', 1)
  })

  test('a user name of kilobytes, at once', async () => {
    await start()
    expect(await returnCodeOf('x'.repeat(2_000), newToken(), { clientId: 'c' })).toBe(4)
    await isTold('mqtt_credentials_refused', 1)
  })

  test('a connection that says nothing for ten seconds', async () => {
    await start()
    await isClosed(await open())
    await isTold('mqtt_connect_timeout', 1)
    expect(await harness.counters()).toMatchObject({ connected: 0 })
  })
})

/** Of this machine, from where it does not count as this machine. */
const address = Object.values(networkInterfaces())
  .flatMap((each) => each ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address

describe('connections from one address', () => {
  test.skipIf(address === undefined)('are bounded; who is there stays, and who goes makes room', async () => {
    const env = { RONDA_BIND: '0.0.0.0', RONDA_ALLOW_PLAINTEXT: '1', RONDA_MQTT_MAX_PER_ADDRESS: '3' }
    const token = await start(env)
    const sockets = await Promise.all(Array.from({ length: 3 }, () => open(address)))
    for (let i = 0; i < 5; i++) await isClosed(await open(address))
    await isTold('mqtt_address_full', 5)
    expect(await harness.trail()).toContainEqual(expect.objectContaining({ code: 'mqtt_address_full', address }))
    expect(sockets.filter(({ closed }) => closed)).toEqual([])
    // This machine is not limited.
    for (let i = 0; i < 5; i++) expect(await returnCodeOf('pju-1', token, { clientId: `c${i}` })).toBe(0)

    sockets[0]?.destroy()
    await vi.waitFor(async () => {
      const socket = await open(address)
      socket.write(generate(connectPacket('pju-1', token)))
      await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => Promise.reject(new Error('closed')))])
    }, within)
  })
})

describe('a device that publishes faster than it may', () => {
  test('is held back: nothing is lost or dropped, it does not count as dead, and the others do not notice', async () => {
    const token = await start({ RONDA_MQTT_MAX_RATE: '50' })
    const raw = await harness.raw('pju-1', token, { keepalive: 1 })
    const calm = await harness.connect('pju-2', await harness.register('pju-2'))
    const sent = 700
    const startedAt = performance.now()
    // Some with QoS 0, which wait as the others do.
    for (let id = 1; id <= sent; id++)
      raw.publish(id, topicOf('pju-1'), `{"seq":${id}}`, { qos: id % 10 === 0 ? 0 : 1 })
    await vi.waitFor(async () => expect(await harness.counters()).toMatchObject({ heldBack: 1, paced: 1 }), within)
    await calm.publishAsync(topicOf('pju-2'), '{}', { qos: 1 })
    expect(await harness.counters()).toMatchObject({ heldBack: 1 })
    // What one chunk holds comes at once; whatever is behind it waits until the rate has caught up with it.
    await vi.waitFor(() => expect(raw.acknowledged()).toHaveLength(sent * 0.9), within)
    raw.publish(sent + 1, topicOf('pju-1'), '{}')
    await vi.waitFor(() => expect(raw.acknowledged()).toContain(sent + 1), within)
    // 500 at once, the rest by the rate: longer than its keepalive allows it to be silent.
    expect(performance.now() - startedAt).toBeGreaterThan(3_500)
    expect(raw.socket.closed).toBe(false)
    expect(await harness.records()).toHaveLength(sent + 2)
    expect(await harness.trail()).toContainEqual(
      expect.objectContaining({ who: 'device:pju-1', did: 'was held back', code: 'mqtt_paced' }),
    )
    await vi.waitFor(async () => expect(await harness.counters()).toMatchObject({ heldBack: 0 }), within)
  })

  test('gets no new burst by a new connection', async () => {
    const token = await start({ RONDA_MQTT_MAX_RATE: '10' })
    const send = (raw: RawClient, messages: number) => {
      for (let id = 1; id <= messages; id++) raw.publish(id, topicOf('pju-1'), '{}')
      return vi.waitFor(() => expect(raw.acknowledged()).toHaveLength(messages), within)
    }
    const first = await harness.raw('pju-1', token, { clientId: 'a' })
    await send(first, 95)
    first.socket.destroy()
    await vi.waitFor(async () => expect(await harness.counters()).toMatchObject({ openSockets: 0, paced: 0 }), within)
    await send(await harness.raw('pju-1', token, { clientId: 'b' }), 50)
    await vi.waitFor(async () => expect(await harness.counters()).toMatchObject({ paced: 1 }), within)
  })

  test('may speak for many if it is a gateway', async () => {
    await start({ RONDA_MQTT_MAX_RATE: '10' })
    const gateway = await harness.raw('gw-1', await harness.register('gw-1', { kind: 'gateway' }))
    for (let id = 1; id <= 1_500; id++) gateway.publish(id, topicOf('pju-x'), '{}')
    await vi.waitFor(() => expect(gateway.acknowledged()).toHaveLength(1_500), within)
    expect(await harness.counters()).toMatchObject({ paced: 0 })
  })
})

describe('wrong credentials again and again', () => {
  test('have to wait, the right ones from the same address and of the same name too, but nobody else', async () => {
    const token = await start()
    const neighbour = await harness.register('pju-2')
    for (let i = 0; i < 5; i++) expect(await returnCodeOf('pju-1', newToken())).toBe(4)
    expect(await returnCodeOf('pju-1', newToken())).toBe(3)
    expect(await returnCodeOf('pju-1', token)).toBe(3)
    expect(await returnCodeOf('pju-2', neighbour)).toBe(0)
    await isTold('mqtt_credentials_backoff', 2)
    // A second later it is asked for, and then the past is forgotten.
    await vi.waitFor(async () => expect(await returnCodeOf('pju-1', token)).toBe(0), within)
    expect(await returnCodeOf('pju-1', newToken())).toBe(4)
    expect(await returnCodeOf('pju-1', token, { clientId: 'other' })).toBe(0)
  })

  test.skipIf(address === undefined)('from elsewhere lock nobody out', async () => {
    const token = await start({ RONDA_BIND: '0.0.0.0', RONDA_ALLOW_PLAINTEXT: '1' })
    for (let i = 0; i < 8; i++) {
      const socket = await open(address)
      socket.write(generate(connectPacket('pju-1', newToken())))
      await isClosed(socket)
    }
    expect(await returnCodeOf('pju-1', token)).toBe(0)
    await isTold('mqtt_credentials_backoff', 3)
  })
})

describe('two clients with one id', () => {
  test('take it from each other a few times; then the one who is there stays, and operators are told', async () => {
    const token = await start()
    const clients = [await harness.raw('pju-1', token)]
    for (let i = 0; i < 5; i++) {
      const newcomer = await harness.raw('pju-1', token)
      if (clients[0] !== undefined) await isClosed(clients[0].socket)
      clients.unshift(newcomer)
    }
    expect(await returnCodeOf('pju-1', token)).toBe(3)
    await isTold('mqtt_client_id_contested')
    await clients[0]?.isRead()
    expect(clients[0]?.socket.closed).toBe(false)
    const row = await harness.backbone.bucket('sources').get('broker')
    expect(row?.value.notices).toEqual([
      { code: 'mqtt_client_id_contested', who: 'device:pju-1', since: expect.any(Number) },
    ])
    // Another id of the same device is another client, and one that has gone is taken from nobody.
    expect(await returnCodeOf('pju-1', token, { clientId: 'other' })).toBe(0)
    clients[0]?.socket.destroy()
    await vi.waitFor(async () => expect(await returnCodeOf('pju-1', token)).toBe(0), within)
  })
})

describe('a keepalive', () => {
  test.each([
    ['none', 0],
    ['18 hours', 65_535],
  ])('of %s is one of an hour: 90 minutes of silence end the connection', async (_, keepalive) => {
    const token = await start()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const raw = await harness.raw('pju-1', token, { keepalive })
      await raw.isRead()
      vi.advanceTimersByTime(90 * 60_000 - 1_000)
      await raw.isRead()
      expect(raw.socket.closed).toBe(false)
      vi.advanceTimersByTime(90 * 60_000 + 1_000)
      await isClosed(raw.socket)
    } finally {
      vi.useRealTimers()
    }
    await isTold('mqtt_keepalive_timeout', 1)
  })
})
