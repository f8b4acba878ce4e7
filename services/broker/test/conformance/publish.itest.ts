// PUBLISH and what is retained: sections 3.3 and 4.3, towards the server.
import { describe, expect, test } from 'vitest'
import { packet, text, uint16 } from './bytes.ts'
import { type Principal, publish, say, subscribe, textOf, useBroker } from './setting.ts'

const broker = useBroker()

/** The payload that a new subscriber gets at once, or undefined. */
async function retainedOf({ status, ...device }: Principal): Promise<string | undefined> {
  const wire = await broker.subscribed({ status, ...device }, status, 2)
  const message = (await wire.read()).find((each) => each.cmd === 'publish')
  await wire.drop()
  return message === undefined ? undefined : textOf(message)
}

describe('the flags', () => {
  test('[MQTT-3.3.1-4] QoS 3 ends the connection', async () => {
    const device = await broker.device()
    for (const first of [0x36, 0x37, 0x3e, 0x3f]) {
      const wire = await broker.connect(device)
      wire.send(packet(first, device.telemetry, uint16(1), Buffer.from('{}')))
      expect(await wire.ended()).toEqual([])
    }
    expect(await broker.recordsOf(device)).toEqual([])
  })

  test('[MQTT-3.3.1-2] DUP with QoS 0 ends the connection', async () => {
    const device = await broker.device()
    const wire = await broker.connect(device)
    wire.send(packet(0x38, device.telemetry, Buffer.from('{}')))
    expect(await wire.ended()).toEqual([])
    expect(await broker.recordsOf(device)).toEqual([])
  })

  test.each([0, 1, 2] as const)('[MQTT-3.3.1-3] [MQTT-4.3.1-1] DUP is not passed on at QoS %i', async (qos) => {
    const device = await broker.device()
    const reader = await broker.subscribed(device, device.status, qos)
    const wire = await broker.connect(device)
    wire.send(publish(device.status, 'again', { qos: 1, dup: true, messageId: 1 }))
    wire.send(publish(device.status, 'twice', { qos: 2, dup: true, messageId: 2 }))
    for (const { dup } of await reader.take('publish', 2)) expect(dup).toBe(false)
  })
})

describe('the topic', () => {
  test.each(['#', '+', 'tangsel/v1/streetlight/+/telemetry', 'tangsel/#', 'tangsel/v1/streetlight/pju-1/telemetry#'])(
    '[MQTT-3.3.2-2] [MQTT-4.7.1-1] "%s" has a wildcard and ends the connection',
    async (topic) => {
      const wire = await broker.connect(await broker.device())
      wire.send(packet(0x32, topic, uint16(1), Buffer.from('{}')))
      expect(await wire.ended()).toEqual([])
    },
  )

  test('[MQTT-4.7.3-1] an empty one ends the connection', async () => {
    const wire = await broker.connect(await broker.device())
    wire.send(packet(0x32, '', uint16(1), Buffer.from('{}')))
    expect(await wire.ended()).toEqual([])
  })

  test('[MQTT-4.7.3-3] one as long as text can be is read as a whole', async () => {
    const wire = await broker.connect(await broker.device())
    wire.send(packet(0x32, 'a'.repeat(65_535), uint16(1), Buffer.from('{}')))
    expect(await wire.ended()).toEqual([])
  })

  test.each(['$SYS/broker/heartbeat', '$tangsel/v1/streetlight/pju-1/telemetry'])(
    '[MQTT-4.7.2-1] [MQTT-3.3.5-2] nobody publishes on "%s"',
    async (topic) => {
      const wire = await broker.connect(await broker.device())
      wire.send(packet(0x32, topic, uint16(1), Buffer.from('{}')))
      expect(await wire.ended()).toEqual([])
    },
  )

  test('[MQTT-3.3.5-2] one that is somebody else’s ends the connection', async () => {
    const [device, other] = [await broker.device(), await broker.device()]
    const reader = await broker.subscribed(other, other.status, 0)
    const wire = await broker.connect(device)
    wire.send(publish(other.status, 'stolen', { qos: 1, messageId: 1 }))
    expect(await wire.ended()).toEqual([])
    await say(await broker.connect(other), other.status, 'own')
    expect(textOf(await reader.next('publish'))).toBe('own')
  })

  test('[MQTT-4.7.3-4] one that only looks like a device’s own is not', async () => {
    const device = await broker.device()
    for (const topic of [
      device.status.toUpperCase(),
      `/${device.status}`,
      `${device.status}/`,
      device.status.replace('/v1/', '//v1/'),
      device.status.replace('status', 'st\u0061\u0301tus'),
      device.status.replace('/', '%2f'),
    ]) {
      const wire = await broker.connect(device)
      wire.send(packet(0x32, text(topic), uint16(1), Buffer.from('{}')))
      expect(await wire.ended()).toEqual([])
    }
    expect(await broker.recordsOf(device)).toEqual([])
  })
})

describe('the answer', () => {
  test('[MQTT-3.3.4-1] QoS 0 has none, QoS 1 PUBACK, QoS 2 PUBREC', async () => {
    const device = await broker.device()
    const wire = await broker.connect(device)
    wire.send(publish(device.telemetry, '0'))
    wire.send(publish(device.telemetry, '1', { qos: 1, messageId: 1 }))
    await wire.next('puback')
    wire.send(publish(device.telemetry, '2', { qos: 2, messageId: 2 }))
    await wire.next('pubrec')
    expect((await broker.recordsOf(device)).map(textOf)).toEqual(['0', '1', '2'])
  })

  test.each([false, true])('[MQTT-4.3.2-2] after PUBACK the same id is a new message, DUP %s', async (dup) => {
    const device = await broker.device()
    const wire = await broker.connect(device)
    await say(wire, device.telemetry, 'first', { messageId: 7 })
    await say(wire, device.telemetry, 'second', { messageId: 7, dup })
    expect((await broker.recordsOf(device)).map(textOf)).toEqual(['first', 'second'])
  })

  test('[MQTT-4.3.3-2] until PUBREL the same id is the same message, answered with PUBREC each time', async () => {
    const device = await broker.device()
    const reader = await broker.subscribed(device, device.status, 0)
    const wire = await broker.connect(device)
    wire.send(publish(device.status, 'once', { qos: 2, messageId: 7 }))
    expect(await wire.next('pubrec')).toMatchObject({ messageId: 7 })
    for (const dup of [true, false]) {
      wire.send(publish(device.status, 'once', { qos: 2, messageId: 7, dup }))
      expect(await wire.next('pubrec')).toMatchObject({ messageId: 7 })
    }
    wire.send({ cmd: 'pubrel', messageId: 7 })
    expect(await wire.next('pubcomp')).toMatchObject({ messageId: 7 })
    wire.send(publish(device.status, 'next', { qos: 2, messageId: 7 }))
    expect(await wire.next('pubrec')).toMatchObject({ messageId: 7 })
    expect((await reader.take('publish', 2)).map(textOf)).toEqual(['once', 'next'])
    expect((await broker.recordsOf(device)).map(textOf)).toEqual(['once', 'next'])
  })

  test('[MQTT-4.3.3-2] copies of a message that come together are one', async () => {
    const device = await broker.device()
    const wire = await broker.connect(device)
    const once = publish(device.telemetry, 'once', { qos: 2, messageId: 7 })
    wire.send(once, { ...once, dup: true }, { ...once, dup: true })
    await wire.take('pubrec', 3)
    expect((await broker.recordsOf(device)).map(textOf)).toEqual(['once'])
  })

  test('[MQTT-4.3.3-2] PUBREL is answered with PUBCOMP, also when nothing waits for it', async () => {
    const wire = await broker.connect(await broker.device())
    wire.send({ cmd: 'pubrel', messageId: 9 })
    expect(await wire.next('pubcomp')).toMatchObject({ messageId: 9 })
  })

  test('[MQTT-4.6.0-2] [MQTT-4.6.0-3] PUBACKs and PUBRECs come in the order of their PUBLISHes', async () => {
    const device = await broker.device()
    const wire = await broker.connect(device)
    const ids = Array.from({ length: 600 }, (_, i) => ((i * 7) % 600) + 1)
    wire.send(...ids.map((messageId) => publish(device.telemetry, String(messageId), { qos: 1, messageId })))
    expect((await wire.take('puback', ids.length)).map(({ messageId }) => messageId)).toEqual(ids)
    wire.send(...ids.map((messageId) => publish(device.telemetry, String(messageId), { qos: 2, messageId })))
    expect((await wire.take('pubrec', ids.length)).map(({ messageId }) => messageId)).toEqual(ids)
    expect((await broker.recordsOf(device)).map(textOf)).toEqual([...ids, ...ids].map(String))
  })
})

describe('what is retained', () => {
  test.each([0, 1, 2] as const)(
    '[MQTT-3.3.1-5] [MQTT-3.3.1-6] [MQTT-3.3.1-8] a message of QoS %i is sent to those who subscribe later, with retain',
    async (qos) => {
      const device = await broker.device()
      const wire = await broker.connect(device)
      wire.send(publish(device.status, 'kept', { qos, retain: true, ...(qos > 0 && { messageId: 1 }) }))
      if (qos === 2) await wire.next('pubrec')
      await say(wire, device.telemetry, 'behind it', { messageId: 2 })
      const reader = await broker.subscribed(device, device.status, 2)
      const retained = await reader.next('publish')
      expect(retained).toMatchObject({ topic: device.status, qos, retain: true, dup: false })
      expect(textOf(retained)).toBe('kept')
    },
  )

  test('[MQTT-3.3.1-9] those who are there get it without retain', async () => {
    const device = await broker.device()
    const readers = [
      await broker.subscribed(device, device.status, 0),
      await broker.subscribed(device, device.status, 1),
    ]
    await say(await broker.connect(device), device.status, 'kept', { retain: true })
    for (const reader of readers) expect(await reader.next('publish')).toMatchObject({ retain: false })
  })

  test.each([0, 1] as const)(
    '[MQTT-3.3.1-7] the newest of a topic takes the place of the one before, QoS %i',
    async (qos) => {
      const device = await broker.device()
      const wire = await broker.connect(device)
      await say(wire, device.status, 'old', { retain: true })
      wire.send(publish(device.status, 'new', { qos, retain: true, ...(qos > 0 && { messageId: 2 }) }))
      if (qos > 0) await wire.next('puback')
      await say(wire, device.telemetry, 'behind it', { messageId: 3 })
      expect(await retainedOf(device)).toBe('new')
    },
  )

  test('[MQTT-3.3.1-10] [MQTT-3.3.1-11] an empty one is delivered and removes it', async () => {
    const device = await broker.device()
    const wire = await broker.connect(device)
    await say(wire, device.status, 'kept', { retain: true })
    expect(await retainedOf(device)).toBe('kept')
    const reader = await broker.connect(device)
    await subscribe(reader, [{ topic: device.status, qos: 1 }])
    await reader.next('publish')
    await say(wire, device.status, '', { retain: true })
    expect(await reader.next('publish')).toMatchObject({ payload: Buffer.alloc(0), retain: false })
    expect(await retainedOf(device)).toBeUndefined()
  })

  test('[MQTT-3.3.1-12] without retain nothing is stored, replaced or removed', async () => {
    const device = await broker.device()
    const wire = await broker.connect(device)
    await say(wire, device.status, 'passing')
    expect(await retainedOf(device)).toBeUndefined()
    await say(wire, device.status, 'kept', { retain: true })
    await say(wire, device.status, 'passing')
    await say(wire, device.status, '')
    expect(await retainedOf(device)).toBe('kept')
  })

  test('[MQTT-3.1.2-7] it stays when the session ends that it came from', async () => {
    const device = await broker.device()
    const wire = await broker.connect(device, { clientId: 'same', clean: false })
    await say(wire, device.status, 'kept', { retain: true })
    await wire.leave()
    await (await broker.connect(device, { clientId: 'same', clean: true })).leave()
    expect(await retainedOf(device)).toBe('kept')
  })
})
