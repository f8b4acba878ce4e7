// What outlives a connection, and what does not: subscriptions and messages of clients with a session.
import { once } from 'node:events'
import { connect } from 'node:net'
import type { AuditEntry } from '@ronda/contracts/audit'
import { generate } from 'mqtt-packet'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import { type Harness, city, startHarness, topicOf } from './harness.ts'
import { type RawClient, connectPacket } from './raw-client.ts'

const everyLamp = `${city}/v1/streetlight/+/telemetry`
const resumed = { clean: false, clientId: 'dashboard' }

let harness: Harness
let lamp: RawClient
let serviceToken: string

beforeEach(async () => {
  harness = await startHarness()
  lamp = await harness.raw('pju-1', await harness.register('pju-1'))
  serviceToken = await harness.registerService('dashboard')
})
afterEach(() => harness.end())

function service(more = resumed): Promise<RawClient> {
  return harness.raw('service:dashboard', serviceToken, more)
}

/** What is acknowledged has been given to whoever hears it, and to the sessions that keep it. */
async function say(...payloads: string[]): Promise<void> {
  const acknowledged = lamp.acknowledged().length + payloads.length
  for (const payload of payloads) lamp.publish(1, topicOf('pju-1'), payload)
  await vi.waitFor(() => expect(lamp.acknowledged()).toHaveLength(acknowledged), within)
}

async function subscribe(raw: RawClient, ...filters: string[]): Promise<void> {
  raw.send({
    cmd: 'subscribe',
    messageId: 1,
    subscriptions: filters.map((topic) => ({ topic, qos: 1 })),
  })
  await raw.isRead()
}

async function leave(raw: RawClient): Promise<void> {
  const closed = once(raw.socket, 'close')
  raw.socket.destroy()
  await closed
}

function heard({ received }: RawClient) {
  return received.flatMap((packet) =>
    packet.cmd === 'publish' ? [{ payload: String(packet.payload), dup: packet.dup, id: packet.messageId }] : [],
  )
}

function acknowledgeAll(raw: RawClient): void {
  for (const { id } of heard(raw)) raw.send({ cmd: 'puback', messageId: id ?? 0 })
}

/** Resolves when the trail has such an entry. */
async function told(entry: Partial<AuditEntry>): Promise<void> {
  await vi.waitFor(async () => expect(await harness.trail()).toContainEqual(expect.objectContaining(entry)), within)
}

describe('a session', () => {
  test('keeps what was said while its client was away, in order', async () => {
    const before = await service()
    expect(before.received[0]).toMatchObject({ sessionPresent: false })
    await subscribe(before, everyLamp)
    await leave(before)
    await say('1', '2', '3')

    const again = await service()
    expect(again.received[0]).toMatchObject({ sessionPresent: true })
    await say('4')
    await vi.waitFor(() => expect(heard(again).map(({ payload }) => payload)).toEqual(['1', '2', '3', '4']), within)
  })

  test('sends again, with DUP, what was not acknowledged, and not what was', async () => {
    const before = await service()
    await subscribe(before, everyLamp)
    await say('1', '2')
    await vi.waitFor(() => expect(heard(before)).toHaveLength(2), within)
    before.send({ cmd: 'puback', messageId: heard(before)[0]?.id ?? 0 })
    await before.isRead()
    await leave(before)

    const again = await service()
    await vi.waitFor(() => expect(heard(again)).toHaveLength(1), within)
    expect(heard(again)).toEqual([{ payload: '2', dup: true, id: heard(before)[1]?.id }])
    acknowledgeAll(again)
    await again.isRead()
    // What comes next has an id of its own.
    await say('3')
    await vi.waitFor(() => expect(heard(again)).toHaveLength(2), within)
    expect(heard(again)[1]?.id).not.toBe(heard(before)[1]?.id)
  })

  test('keeps nothing that was not allowed, though it was asked for together with what was', async () => {
    const before = await service()
    await subscribe(before, `${city}/v1/camera/+/telemetry`, `${city}/v1/streetlight/+/status`, '#')
    await leave(before)
    lamp.publish(2, topicOf('pju-1', 'status'), '{"online":true}')
    await vi.waitFor(() => expect(lamp.acknowledged()).toEqual([2]), within)
    await say('secret')
    const again = await service()
    await again.isRead()
    expect(heard(again)).toEqual([])
  })

  test('keeps no filter that was refused for being one too many', async () => {
    const before = await service()
    const filters = Array.from({ length: 1_000 }, (_, i) => `${city}/v1/camera/cam-${i}/telemetry`)
    await subscribe(before, ...filters, topicOf('pju-1'))
    const suback = before.received.find(({ cmd }) => cmd === 'suback')
    expect(suback?.cmd === 'suback' && suback.granted.slice(-2)).toEqual([1, 0x80])
    await leave(before)
    await say('unheard')
    const again = await service()
    await again.isRead()
    expect(heard(again)).toEqual([])
  })

  test('tells of what was retained as of any other message, when it waited', async () => {
    const filter = `${city}/v1/+/+/status`
    serviceToken = await harness.registerService('dashboard', { filters: [filter] })
    const before = await service()
    await subscribe(before, filter)
    await leave(before)
    lamp.publish(1, topicOf('pju-1', 'status'), '{"online":true}', { retain: true })
    await vi.waitFor(() => expect(lamp.acknowledged()).toHaveLength(1), within)
    const again = await service()
    await vi.waitFor(() => expect(heard(again)).toHaveLength(1), within)
    expect(again.received.find(({ cmd }) => cmd === 'publish')).toMatchObject({ retain: false })
  })

  test('stays with its client when another of the same id breaks off its CONNECT', async () => {
    const live = await service()
    await subscribe(live, everyLamp)
    const closed = new Promise((resolve) => {
      const socket = connect(harness.port, '127.0.0.1')
      const broken = connectPacket('service:dashboard', serviceToken, resumed)
      socket.write(Buffer.concat([generate(broken), Buffer.of(0, 0)]))
      socket.on('error', () => {})
      socket.resume()
      socket.once('close', resolve)
    })
    await closed
    await say('1')
    await vi.waitFor(() => expect(heard(live).map(({ payload }) => payload)).toEqual(['1']), within)
  })

  test('ends with a clean connection, and when its service is changed', async () => {
    const before = await service()
    await subscribe(before, everyLamp)
    const closed = once(before.socket, 'close')
    serviceToken = await harness.registerService('dashboard', { filters: [`${city}/v1/camera/+/telemetry`] })
    await closed
    const changed = await service()
    expect(changed.received[0]).toMatchObject({ sessionPresent: false })
    await subscribe(changed, `${city}/v1/camera/+/telemetry`)
    await leave(changed)
    await leave(await service({ ...resumed, clean: true }))
    expect((await service()).received[0]).toMatchObject({ sessionPresent: false })
  })

  test('that would keep too much ends, and its client is told', async () => {
    const before = await service()
    await subscribe(before, everyLamp)
    await leave(before)
    const payload = 'x'.repeat(250 * 1024)
    for (let sent = 0; sent < 17 * 1024 * 1024; sent += payload.length) await say(payload)
    expect((await service()).received[0]).toMatchObject({ sessionPresent: false })
    await vi.waitFor(async () => expect(await harness.counters()).toMatchObject({ sessionsOverflowed: 1 }), within)
  })

  test('that had to end to make room for what another keeps is kept nothing any more', async () => {
    const other = await harness.raw('pju-2', await harness.register('pju-2'))
    const archiveToken = await harness.registerService('archive')
    // With a wildcard it is matched last, and through the other lamp it has the most.
    const archive = await harness.raw('service:archive', archiveToken, { clean: false, clientId: 'archive' })
    await subscribe(archive, everyLamp)
    await leave(archive)
    for (const clientId of ['a', 'b', 'c', 'd']) {
      const raw = await service({ clean: false, clientId })
      await subscribe(raw, topicOf('pju-1'))
      await leave(raw)
    }
    const payload = 'x'.repeat(250 * 1024)
    other.publish(1, topicOf('pju-2'), payload)
    await vi.waitFor(() => expect(other.acknowledged()).toEqual([1]), within)
    // The 53rd is more than all sessions together may keep, before it comes to the one with the wildcard.
    for (let sent = 0; sent < 53; sent++) await say(payload)
    await vi.waitFor(
      async () => expect(await harness.counters()).toMatchObject({ sessions: 4, sessionsOverflowed: 1 }),
      within,
    )
    await harness.registerService('dashboard', { enabled: false })
    await vi.waitFor(
      async () => expect(await harness.counters()).toMatchObject({ sessions: 0, sessionBytes: 0 }),
      within,
    )
  })

  test('keeps the ids of unreleased QoS 2, and no more of them with every connection', async () => {
    const token = await harness.register('pju-2')
    const send = async (first: number) => {
      const raw = await harness.raw('pju-2', token, { clean: false })
      // By a reset, as much is still on its way to the broker: `once` would fail of that.
      const closed = new Promise((resolve) => raw.socket.once('close', resolve))
      for (let id = first; id < first + 600; id++) raw.publish(id, topicOf('pju-2'), '{}', { qos: 2 })
      return { raw, closed }
    }
    const { raw } = await send(1)
    await vi.waitFor(() => expect(raw.received.filter(({ cmd }) => cmd === 'pubrec')).toHaveLength(600), within)
    await leave(raw)
    await (await send(601)).closed
    await vi.waitFor(
      async () => expect(await harness.counters()).toMatchObject({ 'refused:mqtt_inflight_exceeded': 1 }),
      within,
    )
  })

  test('a principal has a few: with one more, the one that was away longest ends', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e']
    for (const clientId of ids) await leave(await service({ clean: false, clientId }))
    await vi.waitFor(async () => expect(await harness.counters()).toMatchObject({ sessions: 4 }), within)
    const e = await service({ clean: false, clientId: 'e' })
    await subscribe(e, everyLamp)
    expect((await service({ clean: false, clientId: 'a' })).received[0]).toMatchObject({ sessionPresent: false })
  })
})

describe('a service', () => {
  test('hears what it was granted, as it is said', async () => {
    const raw = await service({ ...resumed, clean: true })
    await subscribe(raw, everyLamp)
    await say('1')
    await vi.waitFor(() => expect(heard(raw).map(({ payload }) => payload)).toEqual(['1']), within)
  })

  test('hears the will of one device while another speaks', async () => {
    const filters = [`${city}/v1/+/+/status`, everyLamp]
    serviceToken = await harness.registerService('dashboard', { filters })
    const raw = await service({ clean: true, clientId: 'c' })
    await subscribe(raw, ...filters)
    const token = await harness.register('pju-2')
    const will = { topic: topicOf('pju-2', 'status'), payload: Buffer.from('gone'), qos: 1, retain: true } as const
    for (let i = 0; i < 10; i++) {
      const leaving = await harness.raw('pju-2', token, { will })
      leaving.socket.destroy()
      for (let n = 0; n < 50; n++) lamp.publish(1, topicOf('pju-1'), '{}', { qos: 0 })
      const wills = () => heard(raw).filter(({ payload }) => payload === 'gone')
      await vi.waitFor(() => expect(wills()).toHaveLength(i + 1), within)
    }
  })

  test('hears what is retained and what is not in one order', async () => {
    const filter = `${city}/v1/+/+/status`
    serviceToken = await harness.registerService('dashboard', { filters: [filter] })
    const raw = await service({ clean: true, clientId: 'c' })
    await subscribe(raw, filter)
    const said = Array.from({ length: 20 }, (_, n) => String(n))
    lamp.socket.cork()
    for (const [n, payload] of said.entries()) {
      lamp.publish(n + 1, topicOf('pju-1', 'status'), payload, { qos: 2, retain: n % 2 === 0 })
    }
    lamp.socket.uncork()
    await vi.waitFor(() => expect(heard(raw).map(({ payload }) => payload)).toEqual(said), within)
  })

  test('that comes after a device was retired hears nothing of its status', async () => {
    const filter = `${city}/v1/+/+/status`
    serviceToken = await harness.registerService('dashboard', { filters: [filter] })
    lamp.publish(1, topicOf('pju-1', 'status'), '{"online":true}', { retain: true })
    await vi.waitFor(() => expect(lamp.acknowledged()).toHaveLength(1), within)
    const closed = once(lamp.socket, 'close')
    await harness.update('pju-1', { retiredAt: Date.now() })
    await closed
    const raw = await service({ clean: true, clientId: 'c' })
    await subscribe(raw, filter)
    await raw.isRead()
    expect(heard(raw)).toEqual([])
  })

  test('that publishes is disconnected, and the trail says why', async () => {
    const raw = await service()
    const closed = once(raw.socket, 'close')
    raw.publish(1, topicOf('pju-1'), '{}')
    await closed
    expect(raw.acknowledged()).toEqual([])
    expect(await harness.records()).toEqual([])
    await told({ who: 'service:dashboard', code: 'mqtt_publish_refused', what: topicOf('pju-1') })
  })

  test('whose time is over does not get in, nor go on', async () => {
    serviceToken = await harness.registerService('dashboard', { expiresAt: Date.now() + 1_000 })
    const raw = await service()
    await once(raw.socket, 'close')
    expect((await service()).received).toEqual([expect.objectContaining({ cmd: 'connack', returnCode: 5 })])
  })

  test('that does not read is disconnected; the others hear all, and nobody waits', async () => {
    const slow = await service({ clean: true, clientId: 'slow' })
    const quick = await service({ clean: true, clientId: 'quick' })
    await subscribe(slow, everyLamp)
    await subscribe(quick, everyLamp)
    slow.socket.pause()
    const payload = 'x'.repeat(200 * 1024)
    const count = 100
    for (let i = 0; i < count; i++) {
      await say(payload)
      await vi.waitFor(() => expect(lamp.acknowledged()).toHaveLength(i + 1), within)
    }
    await vi.waitFor(() => expect(heard(quick)).toHaveLength(count), within)
    await vi.waitFor(
      async () => expect(await harness.counters()).toMatchObject({ 'refused:mqtt_subscriber_slow': 1 }),
      within,
    )
  })
})

test('a SUBSCRIBE is answered filter by filter; what is refused is in the trail', async () => {
  const raw = await service()
  await subscribe(raw, everyLamp, '#')
  expect(raw.received.find(({ cmd }) => cmd === 'suback')).toMatchObject({ granted: [1, 0x80] })
  await told({ did: 'was refused to subscribe to', what: '#', code: 'mqtt_subscribe_refused' })
})

test('a token that was replaced with an overlap goes on until that ends', async () => {
  const { value } = (await harness.backbone.bucket('devices').get('pju-1')) ?? {}
  if (value === undefined) throw new Error('no such device')
  const until = Date.now() + 1_500
  const replaced = { ...value, tokenSha256: '0'.repeat(64), previousToken: { sha256: value.tokenSha256, until } }
  const closed = once(lamp.socket, 'close')
  await harness.backbone.commit({ writes: [{ bucket: 'devices', key: 'pju-1', value: replaced }] })
  await say('still')
  await vi.waitFor(() => expect(lamp.acknowledged()).toEqual([1]), within)
  await closed
  expect(Date.now()).toBeGreaterThanOrEqual(until)
  await told({ who: 'device:pju-1', code: 'mqtt_credentials_expired' })
})

test('the same refusal again and again is one entry, with its number of times', async () => {
  for (let i = 0; i < 3; i++) await harness.raw('pju-1', 'wrong')
  await harness.broker.stop()
  const refusals = async () => (await harness.trail()).filter(({ code }) => code === 'mqtt_credentials_refused')
  await vi.waitFor(async () => expect((await refusals()).map(({ times }) => times)).toEqual([undefined, 2]), within)
})

test('nobody but the device ends what it has not released', async () => {
  const token = await harness.register('pju-2')
  const device = await harness.raw('pju-2', token, { clean: false })
  device.publish(1, topicOf('pju-2'), '{}', { qos: 2 })
  await vi.waitFor(() => expect(device.received.filter(({ cmd }) => cmd === 'pubrec')).toHaveLength(1), within)
  const stranger = await harness.raw('pju-2', 'wrong')
  expect(stranger.received[0]).toMatchObject({ returnCode: 4 })
  device.publish(1, topicOf('pju-2'), '{}', { qos: 2, dup: true })
  await vi.waitFor(() => expect(device.received.filter(({ cmd }) => cmd === 'pubrec')).toHaveLength(2), within)
  expect((await harness.records()).filter(({ topic }) => topic === topicOf('pju-2'))).toHaveLength(1)
})

test('a device need not wait for CONNACK before it speaks, nor does anything count behind its DISCONNECT', async () => {
  const token = await harness.register('pju-2')
  const socket = connect(harness.port, '127.0.0.1')
  const said = Array.from({ length: 60 }, (_, i) =>
    generate({
      cmd: 'publish',
      topic: topicOf('pju-2'),
      payload: '{}',
      qos: 1,
      dup: false,
      retain: false,
      messageId: i + 1,
    }),
  )
  const closed = once(socket, 'close')
  socket.resume()
  socket.write(Buffer.concat([generate(connectPacket('pju-2', token)), ...said]))
  const stored = async () => (await harness.records()).filter(({ topic }) => topic === topicOf('pju-2')).length
  await vi.waitFor(async () => expect(await stored()).toBe(60), within)
  socket.write(Buffer.concat([generate({ cmd: 'disconnect' }), ...said]))
  await closed
  await lamp.isRead()
  expect(await stored()).toBe(60)
})

test('whoever makes up names fills a few lines of the trail, and none of them with a secret', async () => {
  for (let i = 0; i < 150; i++) {
    const raw = await harness.raw(i === 0 ? serviceToken : `stranger-${i}`, 'wrong')
    raw.socket.destroy()
  }
  await told({ who: 'others' })
  const trail = await harness.trail()
  expect(trail.filter(({ did }) => did === 'was refused to connect').length).toBeLessThanOrEqual(101)
  expect(JSON.stringify(trail)).not.toContain(serviceToken)
})
