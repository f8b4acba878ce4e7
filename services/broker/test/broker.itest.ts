import { append } from '@ronda/backbone/backbone'
import { decodeJson, encodeJson } from '@ronda/backbone/record-codec'
import { newToken } from '@ronda/access/secrets'
import type { Heartbeat } from '@ronda/contracts/record'
import { type MqttClient, type OnMessageCallback, connectAsync } from 'mqtt'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import { type Harness, startHarness, topicOf } from './harness.ts'
import { connectRaw } from './raw-client.ts'

let harness: Harness
afterEach(() => harness.end())

const textOf = (payload: Uint8Array) => new TextDecoder().decode(payload)

describe('publish', () => {
  test('what is acknowledged is in the log, with who, when, through which session and how', async () => {
    harness = await startHarness()
    const client = await harness.connect('pju-1', await harness.register('pju-1'))
    const before = Date.now()

    await client.publishAsync(topicOf('pju-1'), '{"powerW":87}', { qos: 1, retain: true })

    const [record] = await harness.records()
    expect(record).toMatchObject({
      v: 1,
      type: 'telemetry',
      source: 'broker',
      principal: 'device:pju-1',
      topic: 'tangsel/v1/streetlight/pju-1/telemetry',
      qos: 1,
      retain: false,
      dup: false,
      will: false,
    })
    expect(textOf(record?.payload ?? new Uint8Array())).toBe('{"powerW":87}')
    expect(record?.receivedAt).toBeGreaterThanOrEqual(before)
    expect(record?.session.connectedAt).toBeGreaterThanOrEqual(before - 1_000)
  })

  test('every channel and QoS reaches the log under its type, rubbish too', async () => {
    harness = await startHarness()
    const client = await harness.connect('cctv-1', await harness.register('cctv-1', { kind: 'camera' }))
    await client.publishAsync(topicOf('cctv-1', 'event', 'camera'), '{"rule":"motion"}', { qos: 0 })
    await client.publishAsync(topicOf('cctv-1', 'telemetry', 'camera'), Buffer.from([0xff, 0x00]), { qos: 1 })
    await client.publishAsync(topicOf('cctv-1', 'status', 'camera'), '{"online":true}', { qos: 2 })
    const records = await harness.records()
    expect(records.map(({ type, qos }) => `${type} ${qos}`)).toEqual(['telemetry 0', 'telemetry 1', 'status 2'])
    expect(records[1]?.payload).toEqual(Buffer.from([0xff, 0x00]))
  })

  test('PUBACKs leave in the order of the PUBLISHes', async () => {
    harness = await startHarness()
    const raw = await connectRaw(harness.port, 'pju-1', await harness.register('pju-1'))
    for (let id = 1; id <= 5_000; id++) raw.publish(id, topicOf('pju-1'), `{"seq":${id}}`)
    await vi.waitFor(() => expect(raw.acknowledged()).toHaveLength(5_000), within)
    expect(raw.acknowledged()).toEqual(Array.from({ length: 5_000 }, (_, i) => i + 1))
    const stored = (await harness.records()).map(({ payload }) => textOf(payload))
    expect(stored).toEqual(Array.from({ length: 5_000 }, (_, i) => `{"seq":${i + 1}}`))
    raw.socket.destroy()
  })

  test('while the log takes nothing there is no PUBACK, what is read is bounded, and afterwards all come in order', async () => {
    harness = await startHarness({ maxLogBytes: 4e6 })
    const raw = await connectRaw(harness.port, 'pju-1', await harness.register('pju-1'))
    const log = harness.backbone.stream('log')
    const payload = `{"seq":0,"pad":"${'.'.repeat(1_000)}"}`
    for (let id = 1; id <= 20_000; id++) raw.publish(id, topicOf('pju-1'), payload)
    await vi.waitFor(() => expect(log.blocked?.code).toBe('storage_full'), within)
    const acknowledged = raw.acknowledged().length
    expect(acknowledged).toBeLessThan(10_000)
    // The socket is not read any more: what was written stays with the sender.
    await vi.waitFor(() => expect(raw.socket.writableLength).toBeGreaterThan(5_000_000), within)

    await vi.waitFor(async () => {
      await log.trim({ before: Infinity, maxBytes: 0 })
      expect(raw.acknowledged()).toHaveLength(20_000)
    }, within)
    expect(raw.acknowledged()).toEqual(Array.from({ length: 20_000 }, (_, i) => i + 1))
    raw.socket.destroy()
  })

  test('a QoS 2 message and its copy are in flight until the message is in the log, though their session has ended', async () => {
    harness = await startHarness({ maxLogBytes: 4_000 })
    const log = harness.backbone.stream('log')
    // One by one: together they could be one group that has no room beside itself.
    while (log.blocked === undefined) await append(log, Buffer.alloc(1_000), { counted: false })
    expect(log.blocked.code).toBe('storage_full')
    const raw = await harness.raw('pju-1', await harness.register('pju-1'))
    raw.publish(1, topicOf('pju-1'), '{}', { qos: 2 })
    raw.publish(1, topicOf('pju-1'), '{}', { qos: 2, dup: true })
    await vi.waitFor(async () => expect(await harness.counters()).toMatchObject({ inFlightMessages: 2 }), within)
    raw.socket.destroy()
    const connections = async () => (await harness.backbone.bucket('sources').get('broker'))?.value.connections
    await vi.waitFor(async () => expect(await connections()).toBe(0), within)
    expect(await harness.counters()).toMatchObject({ inFlightMessages: 2 })
    await vi.waitFor(async () => {
      await log.trim({ before: Infinity, maxBytes: 0 })
      expect(await harness.counters()).toMatchObject({ accepted: 1, inFlightMessages: 0, inFlightBytes: 0 })
    }, within)
  })
})

describe('who may connect', () => {
  test.each([
    ['an unknown device', 'pju-9', newToken(), 4],
    ['a wrong token', 'pju-1', newToken(), 4],
    ['an empty token', 'pju-1', '', 4],
  ])('%s is refused', async (_, username, password, returnCode) => {
    harness = await startHarness()
    await harness.register('pju-1')
    await expect(harness.connect(username, password)).rejects.toMatchObject({ code: returnCode })
  })

  test.each(['~'.repeat(3_900), '€'.repeat(1_300), '../pju-1', 'PJU-1', ' '])(
    'a user name that is no device id is refused like an unknown one: %s',
    async (username) => {
      harness = await startHarness()
      const raw = await harness.raw(username, newToken(), { clientId: 'c' })
      expect(raw.received[0]).toMatchObject({ cmd: 'connack', returnCode: 4 })
    },
  )

  test('nobody without credentials, nor a disabled or retired device', async () => {
    harness = await startHarness()
    const anonymous = connectAsync(`mqtt://127.0.0.1:${harness.port}`, { reconnectPeriod: 0 }, false)
    await expect(anonymous).rejects.toMatchObject({ code: 4 })
    const disabled = await harness.register('pju-2', { enabled: false })
    await expect(harness.connect('pju-2', disabled)).rejects.toMatchObject({ code: 5 })
    const retired = await harness.register('pju-3')
    await harness.update('pju-3', { retiredAt: Date.now() })
    await expect(harness.connect('pju-3', retired)).rejects.toMatchObject({ code: 5 })
    await vi.waitFor(async () => {
      const counters = (await lastHeartbeat()).counters
      expect(counters).toMatchObject({ 'refused:mqtt_credentials_refused': 1, 'refused:mqtt_device_disabled': 2 })
    }, within)
  })

  test('a new token, disabling or retiring ends the live session', async () => {
    harness = await startHarness()
    const changes: [string, () => Promise<void>][] = [
      ['pju-1', () => harness.update('pju-1', {}, newToken())],
      ['pju-2', () => harness.update('pju-2', { enabled: false })],
      ['pju-3', () => harness.update('pju-3', { retiredAt: 1 })],
    ]
    for (const [id, change] of changes) {
      const client = await harness.connect(id, await harness.register(id))
      const closed = ended(client)
      await change()
      await closed
      expect(client.connected).toBe(false)
    }
  })

  test('a client id means nothing between two devices', async () => {
    harness = await startHarness()
    const one = await harness.connect('pju-1', await harness.register('pju-1'), { clientId: 'same' })
    const two = await harness.connect('pju-2', await harness.register('pju-2'), { clientId: 'same' })
    await two.publishAsync(topicOf('pju-2'), '{}', { qos: 1 })
    await one.publishAsync(topicOf('pju-1'), '{}', { qos: 1 })
    expect(await harness.records()).toHaveLength(2)
  })
})

describe('who may speak for whom', () => {
  test.each([
    ["another device's topic", topicOf('pju-2')],
    ['another kind', topicOf('pju-1', 'telemetry', 'camera')],
    ['another city', 'serang/v1/streetlight/pju-1/telemetry'],
    ['its command channel', topicOf('pju-1', 'command')],
    ['an unknown channel', topicOf('pju-1', 'other')],
    ['anything else', 'hello'],
    ['a system topic', '$SYS/broker/heartbeat'],
  ])('a device that publishes on %s loses its session, and nothing is stored', async (_, topic) => {
    harness = await startHarness()
    await harness.register('pju-2')
    const client = await harness.connect('pju-1', await harness.register('pju-1'))
    const closed = ended(client)
    client.publish(topic, '{}', { qos: 1 })
    await closed
    expect(await harness.records()).toEqual([])
  })

  test('a gateway speaks for itself, its devices and unregistered ones, not for others', async () => {
    harness = await startHarness()
    const gateway = await harness.connect('gw-1', await harness.register('gw-1', { kind: 'gateway' }))
    await harness.register('pju-1', { gateway: 'gw-1' })
    await harness.register('pju-2', { gateway: 'gw-2' })
    await harness.register('pju-3')
    await gateway.publishAsync(topicOf('gw-1', 'telemetry', 'gateway'), '{}', { qos: 1 })
    await gateway.publishAsync(topicOf('pju-1'), '{}', { qos: 1 })
    await gateway.publishAsync(topicOf('not-registered'), '{}', { qos: 1 })
    expect((await harness.records()).map(({ principal }) => principal)).toEqual(Array(3).fill('device:gw-1'))
    const closed = ended(gateway)
    gateway.publish(topicOf('pju-2'), '{}', { qos: 1 })
    await closed
    expect(await harness.records()).toHaveLength(3)
  })

  test('a subscription to anything but its own command and status is refused with 0x80', async () => {
    harness = await startHarness()
    const client = await harness.connect('pju-1', await harness.register('pju-1'))
    const granted = async (filter: string) => (await client.subscribeAsync(filter).catch(() => [{ qos: 128 }]))[0]?.qos
    expect(await granted(topicOf('pju-1', 'command'))).toBe(0)
    expect(await granted(topicOf('pju-1', 'status'))).toBe(0)
    for (const filter of ['#', '+/+/+/+/+', topicOf('pju-2', 'command'), topicOf('pju-1', 'telemetry'), '$SYS/#']) {
      expect({ filter, qos: await granted(filter) }).toEqual({ filter, qos: 128 })
    }
  })
})

describe('wills and status', () => {
  const will = {
    topic: topicOf('pju-1', 'status'),
    payload: Buffer.from('{"online":false}'),
    qos: 1,
    retain: true,
  } as const

  test('a broken connection stores its will, marked as one, under its session', async () => {
    harness = await startHarness()
    const client = await harness.connect('pju-1', await harness.register('pju-1'), { will })
    client.stream.destroy()
    await vi.waitFor(async () => expect(await harness.records()).toHaveLength(1), within)
    expect((await harness.records())[0]).toMatchObject({ type: 'status', will: true, principal: 'device:pju-1' })
  })

  test('a polite goodbye stores none', async () => {
    harness = await startHarness()
    const token = await harness.register('pju-1')
    const client = await harness.connect('pju-1', token, { will })
    await client.endAsync()
    const next = await harness.connect('pju-1', token)
    await next.publishAsync(topicOf('pju-1'), '{}', { qos: 1 })
    expect((await harness.records()).map(({ will: isWill }) => isWill)).toEqual([false])
  })

  test('a take-over stores the will of the old session before anything of the new one', async () => {
    harness = await startHarness()
    const token = await harness.register('pju-1')
    await harness.connect('pju-1', token, { will })
    const next = await harness.connect('pju-1', token, { will })
    await next.publishAsync(topicOf('pju-1', 'status'), '{"online":true}', { qos: 1, retain: true })
    const [old, birth] = await harness.records()
    expect([old?.will, birth?.will]).toEqual([true, false])
    expect(old?.session.number).toBeLessThan(birth?.session.number ?? 0)
  })

  test('a graceful stop declares nobody offline', async () => {
    harness = await startHarness()
    await harness.connect('pju-1', await harness.register('pju-1'), { will })
    await harness.restart()
    expect(await harness.records()).toEqual([])
    const beats = (await harness.heartbeats()).map(({ payload }) => (decodeJson(payload) as Heartbeat).accepting)
    expect(beats).toContain(false)
    expect(beats[beats.lastIndexOf(false) - 1]).toBe(true)
  })

  test('retained status comes back from its bucket; other retained messages are not kept', async () => {
    harness = await startHarness()
    const token = await harness.register('pju-1')
    const first = await harness.connect('pju-1', token)
    await first.publishAsync(topicOf('pju-1', 'status'), '{"online":true}', { qos: 1, retain: true })
    await harness.backbone.commit({
      writes: [{ bucket: 'status', key: 'pju-1', value: { online: false, at: 1, topic: topicOf('pju-1', 'status') } }],
    })
    await harness.restart()
    const client = await harness.connect('pju-1', token)
    const message = new Promise<Parameters<OnMessageCallback>>((resolve) =>
      client.once('message', (...parts) => resolve(parts)),
    )
    await client.subscribeAsync(topicOf('pju-1', 'status'))
    const [topic, payload, packet] = await message
    expect(topic).toBe(topicOf('pju-1', 'status'))
    expect(payload).toEqual(Buffer.from(encodeJson({ online: false })))
    expect(packet).toMatchObject({ retain: true })
  })
})

test('it beats every second, accepting, with its connections, and says since when it listens', async () => {
  harness = await startHarness()
  const sayings = async () =>
    (await harness.heartbeats()).map(({ payload }) => (decodeJson(payload) as Heartbeat).listeningSince)
  await vi.waitFor(async () => expect((await sayings()).length).toBeGreaterThan(2), within)
  const [first = 0, ...later] = await sayings()
  expect(first).toBeGreaterThan(0)
  expect(new Set(later.slice(1)).size).toBe(1)
  await harness.restart()
  await vi.waitFor(
    async () => expect(Math.max(...(await sayings()).map((each) => each ?? 0))).toBeGreaterThan(later.at(-1) ?? 0),
    within,
  )
  await harness.connect('pju-1', await harness.register('pju-1'))
  await vi.waitFor(async () => expect(await lastHeartbeat()).toMatchObject({ accepting: true, connections: 1 }), within)
})

test('a port in use is told with the variable to change', async () => {
  harness = await startHarness()
  await expect(startHarness({ env: { RONDA_MQTT_PORT: String(harness.port) } })).rejects.toMatchObject({
    code: 'port_in_use',
    message: expect.stringContaining('RONDA_MQTT_PORT'),
  })
})

function ended(client: MqttClient): Promise<void> {
  return new Promise((resolve) => client.once('close', resolve))
}

async function lastHeartbeat(): Promise<Heartbeat> {
  const last = (await harness.heartbeats()).at(-1)
  return decodeJson(last?.payload ?? encodeJson(null)) as Heartbeat
}
