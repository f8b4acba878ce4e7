// What a client cannot take from the others: memory, and the sessions of a device.
import { once } from 'node:events'
import { connect } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { newToken } from '@ronda/access/secrets'
import { decodeJson } from '@ronda/backbone/record-codec'
import type { Heartbeat } from '@ronda/contracts/record'
import { generate } from 'mqtt-packet'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import { mostPerPrincipal } from '../src/connections.ts'
import { type Harness, startHarness, topicOf } from './harness.ts'
import { connectPacket, connectRaw } from './raw-client.ts'

let harness: Harness
afterEach(() => harness.end())

describe('packets', () => {
  // Type and remaining length; nothing of the packet itself.
  const announced = (type: number, length: number) => {
    const bytes = [type]
    for (let rest = length; ; rest >>= 7) {
      bytes.push(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest)
      if (rest <= 0x7f) return Buffer.from(bytes)
    }
  }

  test.each([
    ['of 256 MB', announced(0x10, 268_435_455)],
    ['of a little more than 4 KiB', announced(0x10, 4_097)],
    ['that is there as a whole', generate(connectPacket('pju-1', newToken(), { clientId: 'c'.repeat(5_000) }))],
  ])('a CONNECT %s is not waited for', async (_, bytes) => {
    harness = await startHarness()
    const socket = connect(harness.port, '127.0.0.1')
    const closed = once(socket, 'close')
    socket.write(bytes)
    socket.resume()
    await closed
    await vi.waitFor(async () => expect(await refused()).toMatchObject({ 'refused:mqtt_packet_too_large': 1 }), within)
  })

  test('one of a device is taken up to 512 KiB, beyond its session ends', async () => {
    harness = await startHarness()
    const raw = await connectRaw(harness.port, 'pju-1', await harness.register('pju-1'))
    raw.publish(1, topicOf('pju-1'), Buffer.alloc(500 * 1024))
    await vi.waitFor(() => expect(raw.acknowledged()).toEqual([1]), within)
    const closed = once(raw.socket, 'close')
    raw.socket.write(announced(0x32, 512 * 1024 + 1))
    await closed
    expect(await harness.records()).toHaveLength(1)
  })

  test('a PUBLISH right behind a CONNECT that will be refused is not taken', async () => {
    harness = await startHarness()
    await harness.register('pju-1')
    const socket = connect(harness.port, '127.0.0.1')
    const closed = once(socket, 'close')
    const publish = {
      cmd: 'publish',
      topic: topicOf('pju-1'),
      qos: 1,
      dup: false,
      retain: false,
      messageId: 1,
    } as const
    socket.on('error', () => {})
    socket.write(
      Buffer.concat([
        generate(connectPacket('pju-1', newToken())),
        generate({ ...publish, payload: Buffer.alloc(100 * 1024) }),
      ]),
    )
    socket.resume()
    await closed
    expect(await harness.records()).toEqual([])
  })
})

describe('sessions', () => {
  test('QoS 2 without PUBREL keeps no payload, neither during the connection nor after it', async () => {
    harness = await startHarness()
    const raw = await connectRaw(harness.port, 'pju-1', await harness.register('pju-1'), { clean: false })
    const before = bufferBytes()
    const payload = Buffer.alloc(250 * 1024)
    for (let id = 1; id <= 200; id++) raw.publish(id, topicOf('pju-1'), payload, { qos: 2 })
    const pubrecs = () => raw.received.filter(({ cmd }) => cmd === 'pubrec')
    await vi.waitFor(() => expect(pubrecs()).toHaveLength(200), within)
    // Whatever is on its way has a moment to pass; what is kept stays above.
    await vi.waitFor(() => expect(bufferBytes() - before).toBeLessThan(10e6), within)
    raw.socket.destroy()
    await vi.waitFor(async () => expect(await heartbeat()).toMatchObject({ connections: 0 }), within)
    await vi.waitFor(() => expect(bufferBytes() - before).toBeLessThan(10e6), within)
  })

  test('a QoS 2 message is released by PUBREL', async () => {
    harness = await startHarness()
    const client = await harness.connect('pju-1', await harness.register('pju-1'))
    // Resolves with PUBCOMP; more than Aedes would let wait.
    for (let i = 0; i < 1_100; i++) await client.publishAsync(topicOf('pju-1'), '{}', { qos: 2 })
    expect(await harness.records()).toHaveLength(1_100)
  })

  test('a device has so many; with one more its oldest ends', async () => {
    harness = await startHarness()
    const token = await harness.register('pju-1')
    const connectOne = (i: number) => connectRaw(harness.port, 'pju-1', token, { clientId: `c${i}` })
    const oldest = await connectOne(0)
    const closed = once(oldest.socket, 'close')
    const others = await Promise.all(Array.from({ length: mostPerPrincipal }, (_, i) => connectOne(i + 1)))
    await closed
    await Promise.all(others.map((raw) => raw.isRead()))
    expect(others.filter(({ socket }) => socket.closed)).toEqual([])
    for (const raw of others) raw.socket.destroy()
  })

  test('they are in the order of their opening, even when the clock is set back', async () => {
    let now = Date.now()
    harness = await startHarness({ clock: { simulated: false, realMs: (ms) => ms, now: () => now } })
    const token = await harness.register('pju-1')
    for (const clientId of ['before', 'after']) {
      const client = await harness.connect('pju-1', token, { clientId })
      await client.publishAsync(topicOf('pju-1'), '{}', { qos: 1 })
      now -= 3_600_000
    }
    const [before, after] = (await harness.records()).map(({ session }) => session)
    expect(after?.connectedAt).toBe(before?.connectedAt)
    expect(after?.number).toBeGreaterThan(before?.number ?? Infinity)
  })
})

describe('retained messages', () => {
  test('a status as short as a status is stays; a longer one only takes it away', async () => {
    harness = await startHarness()
    const raw = await harness.raw('pju-1', await harness.register('pju-1'))
    const retained = async () => {
      const before = raw.received.length
      raw.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: topicOf('pju-1', 'status'), qos: 0 }] })
      await raw.isRead()
      raw.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: [topicOf('pju-1', 'status')] })
      await raw.isRead()
      return raw.received.slice(before).flatMap((packet) => (packet.cmd === 'publish' ? [String(packet.payload)] : []))
    }
    const say = (payload: string) => raw.publish(3, topicOf('pju-1', 'status'), payload, { retain: true })
    say('{"online":true}')
    await vi.waitFor(async () => expect(await retained()).toEqual(['{"online":true}']), within)
    say(JSON.stringify({ online: false, pad: '.'.repeat(256) }))
    await vi.waitFor(async () => expect(await retained()).toEqual([]), within)
    expect((await harness.records()).map(({ retain }) => retain)).toEqual([true, false])
  })

  test('a gateway leaves none for devices that nobody registered', async () => {
    harness = await startHarness()
    const client = await harness.connect('gw-1', await harness.register('gw-1', { kind: 'gateway' }))
    await harness.register('pju-1', { gateway: 'gw-1' })
    const isRetained = async (id: string) => {
      await client.publishAsync(topicOf(id, 'status'), '{"online":true}', { qos: 1, retain: true })
      return (await harness.records()).at(-1)?.retain
    }
    // The broker hears of a registration a moment after it is made.
    await vi.waitFor(async () => expect(await isRetained('pju-1')).toBe(true), within)
    expect(await isRetained('pju-2')).toBe(false)
  })
})

async function heartbeat(): Promise<Heartbeat | undefined> {
  const last = (await harness.heartbeats()).at(-1)
  return last === undefined ? undefined : (decodeJson(last.payload) as Heartbeat)
}

async function refused() {
  return (await heartbeat())?.counters
}

/** Of all Buffers that are still in use. */
function bufferBytes(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().arrayBuffers
}
