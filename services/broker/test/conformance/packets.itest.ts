// What holds for every packet: fixed header, text, packet ids, and the end of a connection that breaks the protocol.
// Sections 1.5.3, 2.2, 2.3, 4.2 and 4.8.
import { afterEach, describe, expect, test } from 'vitest'
import { type Harness, startHarness } from '../harness.ts'
import { connectRaw } from '../raw-client.ts'
import { connectAsync } from 'mqtt'
import { connectBytes, flag, lengthOf, packet, text, uint16 } from './bytes.ts'
import { type Principal, publish, say, subscribe, useBroker } from './setting.ts'

const broker = useBroker()

/** What the broker says to these bytes from a device that is connected, until it ends the connection. */
async function answersTo(device: Principal, ...bytes: Buffer[]): Promise<string[]> {
  const wire = await broker.connect(device)
  wire.send(...bytes)
  return (await wire.ended()).map(({ cmd }) => cmd)
}

describe('the fixed header', () => {
  const allFlags = Array.from({ length: 16 }, (_, i) => i)
  const flagsOf: [string, number, number, (device: Principal) => (Uint8Array | string | number)[]][] = [
    ['[MQTT-2.2.2-1] PUBACK', 0x40, 0, () => [uint16(1)]],
    ['[MQTT-2.2.2-1] PUBREC', 0x50, 0, () => [uint16(1)]],
    ['[MQTT-3.6.1-1] PUBREL', 0x60, 2, () => [uint16(1)]],
    ['[MQTT-2.2.2-1] PUBCOMP', 0x70, 0, () => [uint16(1)]],
    ['[MQTT-3.8.1-1] SUBSCRIBE', 0x80, 2, ({ status }) => [uint16(1), status, 0]],
    ['[MQTT-3.10.1-1] UNSUBSCRIBE', 0xa0, 2, ({ status }) => [uint16(1), status]],
    ['[MQTT-2.2.2-1] PINGREQ', 0xc0, 0, () => []],
    ['[MQTT-3.14.1-1] DISCONNECT', 0xe0, 0, () => []],
  ]

  test.each(flagsOf)(
    '[MQTT-2.2.2-2] %s with flags that are reserved ends the connection',
    async (_, type, right, of) => {
      const device = await broker.device()
      for (const flags of allFlags.filter((each) => each !== right)) {
        expect(await answersTo(device, packet(type | flags, ...of(device)))).toEqual([])
      }
    },
  )

  test('[MQTT-2.2.2-1] [MQTT-2.2.2-2] CONNECT with flags that are reserved ends the connection without CONNACK', async () => {
    const { username, token } = await broker.device()
    const good = connectBytes(flag.clean | flag.username | flag.password, ['c', username, token])
    for (const flags of allFlags.filter((each) => each !== 0)) {
      const wire = await broker.dial()
      wire.send(Buffer.concat([Buffer.from([0x10 | flags]), good.subarray(1)]))
      expect(await wire.ended()).toEqual([])
    }
  })

  test.each([
    ['0, which is forbidden', 0x00],
    ['15, which is forbidden', 0xf0],
    ['CONNACK', 0x20],
    ['SUBACK', 0x90],
    ['UNSUBACK', 0xb0],
    ['PINGRESP', 0xd0],
  ])('[MQTT-4.8.0-1] a packet of type %s ends the connection', async (_, first) => {
    const device = await broker.device()
    for (const body of [[], [uint16(1)], [uint16(1), 0]]) {
      expect(await answersTo(device, packet(first, ...body))).toEqual([])
    }
  })

  test.each([0x10, 0x30, 0x82, 0xc0])(
    '[MQTT-4.8.0-1] a remaining length of more than four bytes behind %i ends the connection',
    async (first) => {
      const device = await broker.device()
      expect(await answersTo(device, Buffer.from([first, 0x80, 0x80, 0x80, 0x80, 0x01]))).toEqual([])
    },
  )

  test('[MQTT-7.1.1-1] packets are put together from whatever pieces they come in', async () => {
    const device = await broker.device()
    const wire = await broker.dial()
    const all = Buffer.concat([
      connectBytes(flag.clean | flag.username | flag.password, ['c', device.username, device.token]),
      packet(0x32, device.telemetry, uint16(1), Buffer.from('{"powerW":1}')),
    ])
    for (const byte of all) {
      await new Promise((resolve) => wire.socket.write(Buffer.from([byte]), resolve))
    }
    expect(await wire.next('connack')).toMatchObject({ returnCode: 0 })
    await wire.next('puback')
    expect(await broker.recordsOf(device)).toHaveLength(1)
  })

  test.each([1, 127, 128, 16_383, 16_384, 200_000])(
    '[MQTT-7.1.1-1] a packet of %i bytes of payload is read',
    async (size) => {
      const device = await broker.device()
      const wire = await broker.connect(device)
      await say(wire, device.telemetry, '.'.repeat(size))
      expect((await broker.recordsOf(device))[0]?.payload).toHaveLength(size)
    },
  )
})

describe('packets that are not whole or too long', () => {
  test.each([
    ['PUBLISH without a topic', () => packet(0x30)],
    ['PUBLISH whose topic goes beyond its end', () => packet(0x30, uint16(200), Buffer.from('short'))],
    ['PUBLISH of QoS 1 without a packet id', ({ telemetry }: Principal) => packet(0x32, telemetry)],
    ['PUBLISH of QoS 1 with half a packet id', ({ telemetry }: Principal) => packet(0x32, telemetry, 1)],
    ['PUBACK without a packet id', () => packet(0x40)],
    ['PUBACK with half a packet id', () => packet(0x40, 1)],
    ['PUBACK with more than a packet id', () => packet(0x40, uint16(1), 0)],
    ['PUBREC without a packet id', () => packet(0x50)],
    ['PUBREL without a packet id', () => packet(0x62)],
    ['PUBREL with more than a packet id', () => packet(0x62, uint16(1), 0)],
    ['PUBCOMP without a packet id', () => packet(0x70)],
    ['SUBSCRIBE of nothing at all', () => packet(0x82)],
    ['SUBSCRIBE of half a filter', () => packet(0x82, uint16(1), uint16(9), Buffer.from('half'))],
    ['SUBSCRIBE of a filter without QoS', ({ status }: Principal) => packet(0x82, uint16(1), status)],
    ['UNSUBSCRIBE of nothing at all', () => packet(0xa2)],
    ['UNSUBSCRIBE of half a filter', () => packet(0xa2, uint16(1), uint16(9), Buffer.from('half'))],
    ['PINGREQ with a payload', () => packet(0xc0, 0)],
    ['DISCONNECT with a payload', () => packet(0xe0, 0)],
  ])('[MQTT-4.8.0-1] %s ends the connection unanswered', async (_, bytesFor) => {
    const device = await broker.device()
    // Something behind it, so that nothing of it can be taken for what is missing.
    expect(await answersTo(device, bytesFor(device), packet(0xc0), packet(0xc0))).toEqual([])
    expect(await broker.recordsOf(device)).toEqual([])
  })

  test('[MQTT-4.8.0-1] a DISCONNECT with a payload is none: the will is published', async () => {
    const device = await broker.device()
    const will = { topic: device.status, payload: '{"online":false}', qos: 1, retain: false } as const
    const wire = await broker.connect(device, { will })
    wire.send(packet(0xe0, 0))
    await wire.ended()
    await expect.poll(async () => (await broker.recordsOf(device)).map((record) => record.will)).toEqual([true])
  })
})

describe('text', () => {
  const wrong: [string, Buffer][] = [
    ['[MQTT-1.5.3-1] a byte that begins nothing', Buffer.from([0x61, 0xff])],
    ['[MQTT-1.5.3-1] a character cut short', Buffer.from([0x61, 0xe2, 0x82])],
    ['[MQTT-1.5.3-1] a character in more bytes than it needs', Buffer.from([0xc0, 0xaf])],
    ['[MQTT-1.5.3-1] a surrogate', Buffer.from([0xed, 0xa0, 0x80])],
    ['[MQTT-1.5.3-1] a pair of surrogates', Buffer.from([0xed, 0xa1, 0x8c, 0xed, 0xbe, 0xb4])],
    ['[MQTT-1.5.3-1] a code point that is none', Buffer.from([0xf4, 0x90, 0x80, 0x80])],
    ['[MQTT-1.5.3-2] [MQTT-4.7.3-2] U+0000', Buffer.from([0x61, 0x00, 0x62])],
  ]

  const signedIn = flag.clean | flag.username | flag.password
  test.each(wrong)(
    '[MQTT-3.1.3-4] [MQTT-3.1.3-10] [MQTT-3.1.3-11] %s in a CONNECT ends the connection without CONNACK',
    async (_, bytes) => {
      const { username, token, status } = await broker.device()
      for (const connect of [
        connectBytes(signedIn, [text(bytes), username, token]),
        connectBytes(signedIn, ['c', text(bytes), token]),
        connectBytes(signedIn | flag.will, [
          'c',
          text(Buffer.concat([Buffer.from(status), bytes])),
          '',
          username,
          token,
        ]),
      ]) {
        const wire = await broker.dial()
        wire.send(connect)
        expect(await wire.ended()).toEqual([])
      }
    },
  )

  test.each(wrong)('[MQTT-3.3.2-1] %s in the topic of a PUBLISH ends the connection', async (_, bytes) => {
    const device = await broker.device()
    expect(await answersTo(device, packet(0x32, text(bytes), uint16(1), Buffer.from('{}')))).toEqual([])
  })

  test.each(wrong)('[MQTT-3.8.3-1] %s in a filter of SUBSCRIBE ends the connection', async (_, bytes) => {
    const device = await broker.device()
    expect(await answersTo(device, packet(0x82, uint16(1), device.status, 0, text(bytes), 0))).toEqual([])
  })

  test.each(wrong)('[MQTT-3.10.3-1] %s in a filter of UNSUBSCRIBE ends the connection', async (_, bytes) => {
    const device = await broker.device()
    expect(await answersTo(device, packet(0xa2, uint16(1), device.status, text(bytes)))).toEqual([])
  })

  test('[MQTT-1.5.3-1] text of one to four bytes a character is taken, U+FFFD too', async () => {
    const device = await broker.device()
    const before = await broker.connect(device, { clientId: 'aß€𝄞\uFFFD' })
    await broker.connect(device, { clientId: 'aß€𝄞\uFFFD' })
    expect(await before.ended()).toEqual([])
  })

  test('[MQTT-1.5.3-3] U+FEFF is a character like any other, at the beginning too', async () => {
    const device = await broker.device()
    const plain = await broker.connect(device, { clientId: 'same' })
    const marked = await broker.connect(device, { clientId: '\uFEFFsame' })
    const after = await broker.connect(device, { clientId: '\uFEFFsame' })
    expect(await marked.ended()).toEqual([])
    expect(await plain.read()).toEqual([])
    expect(await after.read()).toEqual([])
    const { granted } = await subscribe(after, [{ topic: `\uFEFF${device.status}`, qos: 0 }])
    expect(granted).toEqual([128])
  })
})

describe('packet ids', () => {
  test.each([
    ['PUBLISH of QoS 1', ({ telemetry }: Principal) => packet(0x32, telemetry, uint16(0), Buffer.from('{}'))],
    ['PUBLISH of QoS 2', ({ telemetry }: Principal) => packet(0x34, telemetry, uint16(0), Buffer.from('{}'))],
    ['SUBSCRIBE', ({ status }: Principal) => packet(0x82, uint16(0), status, 0)],
    ['UNSUBSCRIBE', ({ status }: Principal) => packet(0xa2, uint16(0), status)],
  ])('[MQTT-2.3.1-1] %s with packet id 0 ends the connection', async (_, bytesFor) => {
    const device = await broker.device()
    expect(await answersTo(device, bytesFor(device))).toEqual([])
    expect(await broker.recordsOf(device)).toEqual([])
  })

  test.each([1, 255, 256, 65_535])('[MQTT-2.3.1-6] [MQTT-2.3.1-7] answers carry the id %i', async (messageId) => {
    const device = await broker.device()
    const wire = await broker.connect(device)
    expect(await subscribe(wire, [{ topic: device.status, qos: 0 }], messageId)).toMatchObject({ messageId })
    wire.send({ cmd: 'unsubscribe', messageId, unsubscriptions: [device.status] })
    expect(await wire.next('unsuback')).toMatchObject({ messageId })
    wire.send(publish(device.telemetry, '{}', { qos: 1, messageId }))
    expect(await wire.next('puback')).toMatchObject({ messageId })
    wire.send(publish(device.telemetry, '{}', { qos: 2, messageId }))
    expect(await wire.next('pubrec')).toMatchObject({ messageId })
    wire.send({ cmd: 'pubrel', messageId })
    expect(await wire.next('pubcomp')).toMatchObject({ messageId })
  })

  test('[MQTT-2.3.1-5] a PUBLISH of QoS 0 has none: what follows the topic is payload', async () => {
    const device = await broker.device()
    const reader = await broker.subscribed(device, device.status, 2)
    const wire = await broker.connect(device)
    wire.send(packet(0x30, device.status, uint16(1), Buffer.from('x')))
    expect((await reader.next('publish')).payload).toEqual(Buffer.from([0, 1, 0x78]))
    expect(reader.bytes().subarray(-5 - device.status.length)).toEqual(
      Buffer.concat([text(device.status), uint16(1), Buffer.from('x')]),
    )
    await expect.poll(async () => (await broker.recordsOf(device))[0]?.payload).toEqual(Buffer.from([0, 1, 0x78]))
  })
})

test('[MQTT-3.12.4-1] PINGREQ is answered with PINGRESP, each', async () => {
  const wire = await broker.connect(await broker.device())
  wire.send({ cmd: 'pingreq' }, { cmd: 'pingreq' }, { cmd: 'pingreq' })
  await wire.take('pingresp', 3)
  expect(wire.bytes().subarray(4)).toEqual(Buffer.from([0xd0, 0, 0xd0, 0, 0xd0, 0]))
})

test('[MQTT-7.0.0-2] a client library works as it is', async () => {
  const { username, token, status } = await broker.device()
  const client = await connectAsync(`mqtt://127.0.0.1:${broker.harness.port}`, { username, password: token })
  await client.subscribeAsync(status, { qos: 2 })
  const heard = new Promise((resolve) => client.once('message', (...parts) => resolve(parts.slice(0, 2))))
  await client.publishAsync(status, '{"online":true}', { qos: 2 })
  expect(await heard).toEqual([status, Buffer.from('{"online":true}')])
  await client.endAsync()
})

test('[MQTT-4.7.3-3] a filter as long as text can be is answered, and the connection goes on', async () => {
  const wire = await broker.connect(await broker.device())
  expect((await subscribe(wire, [{ topic: 'a'.repeat(65_535), qos: 0 }])).granted).toEqual([128])
  expect(lengthOf(65_535 + 5)).toHaveLength(3)
  expect(await wire.read()).toEqual([])
})

describe('a transient error', () => {
  let harness: Harness
  afterEach(() => harness.end())

  test('[MQTT-4.8.0-2] ends the connection of the message that could not be stored, which is not acknowledged', async () => {
    harness = await startHarness()
    const raw = await connectRaw(harness.port, 'pju-1', await harness.register('pju-1'))
    await harness.backbone.close()
    const closed = new Promise((resolve) => raw.socket.once('close', resolve))
    raw.publish(1, 'tangsel/v1/streetlight/pju-1/telemetry', '{}')
    await closed
    expect(raw.acknowledged()).toEqual([])
  })
})
