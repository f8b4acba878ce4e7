// SUBSCRIBE, UNSUBSCRIBE and topic filters: sections 3.8 to 3.11 and 4.7.
import { describe, expect, test } from 'vitest'
import type { IPublishPacket } from 'mqtt-packet'
import { packet, uint16 } from './bytes.ts'
import { type Principal, publish, say, subscribe, textOf, useBroker } from './setting.ts'
import type { Wire } from './wire.ts'

const broker = useBroker()

/** The messages that come until this payload does, acknowledged. */
async function heardUntil(wire: Wire, last: string): Promise<IPublishPacket[]> {
  const messages: IPublishPacket[] = []
  for (;;) {
    const packet = await wire.any()
    const messageId = packet.messageId ?? 0
    if (packet.cmd === 'pubrel') wire.send({ cmd: 'pubcomp', messageId })
    if (packet.cmd !== 'publish') continue
    messages.push(packet)
    if (packet.qos > 0) wire.send({ cmd: packet.qos === 1 ? 'puback' : 'pubrec', messageId })
    if (textOf(packet) === last) return messages
  }
}

const withWildcards = (device: Principal) => device.status.replace('streetlight', '+')

describe('SUBSCRIBE', () => {
  test.each([0, 1, 2] as const)(
    '[MQTT-3.8.4-1] [MQTT-3.8.4-2] [MQTT-3.8.4-5] QoS %i is answered with SUBACK of the same id and the QoS granted',
    async (qos) => {
      const device = await broker.device()
      const wire = await broker.connect(device)
      const suback = await subscribe(wire, [{ topic: device.status, qos }], 4_711)
      expect(suback).toMatchObject({ messageId: 4_711, granted: [qos] })
    },
  )

  test('[MQTT-3.9.3-1] [MQTT-3.9.3-2] [MQTT-3.8.4-4] [MQTT-3.8.4-5] each filter has its return code, in their order', async () => {
    const device = await broker.device()
    const wire = await broker.connect(device)
    const command = device.status.replace('status', 'command')
    const { granted } = await subscribe(wire, [
      { topic: 'somebody/else', qos: 1 },
      { topic: device.status, qos: 2 },
      { topic: '#', qos: 0 },
      { topic: command, qos: 0 },
      { topic: device.telemetry, qos: 2 },
    ])
    expect(granted).toEqual([128, 2, 128, 0, 128])
    await say(await broker.connect(device), device.status, 'heard')
    expect(await wire.next('publish')).toMatchObject({ topic: device.status, qos: 1 })
  })

  test('a filter that comes twice holds as it came last, and is answered once', async () => {
    const device = await broker.device()
    const wire = await broker.connect(device)
    const { granted } = await subscribe(wire, [
      { topic: device.status, qos: 2 },
      { topic: device.status, qos: 0 },
    ])
    expect(granted).toEqual([0])
    await say(await broker.connect(device), device.status, 'heard')
    expect(await wire.next('publish')).toMatchObject({ qos: 0 })
  })

  test('[MQTT-3.8.3-3] without a filter it ends the connection', async () => {
    const wire = await broker.connect(await broker.device())
    wire.send(packet(0x82, uint16(1)))
    expect(await wire.ended()).toEqual([])
  })

  test('[MQTT-3.8.3-4] QoS 3 and reserved bits end the connection', async () => {
    const device = await broker.device()
    for (const qos of [3, 4, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff]) {
      const wire = await broker.connect(device)
      wire.send(packet(0x82, uint16(1), device.status, qos))
      expect(await wire.ended()).toEqual([])
    }
  })

  test.each(['tangsel/#/status', 'tangsel#', 't#', '##', 'tangsel/+status', 'tangsel/st+', '+a', 'a+', '++', 'a/+b/c'])(
    '[MQTT-4.7.1-2] [MQTT-4.7.1-3] the filter "%s" is none and ends the connection',
    async (filter) => {
      const wire = await broker.connect(broker.service())
      wire.send(packet(0x82, uint16(1), filter, 0))
      expect(await wire.ended()).toEqual([])
    },
  )

  test('[MQTT-4.7.3-1] an empty filter ends the connection', async () => {
    const wire = await broker.connect(await broker.device())
    wire.send(packet(0x82, uint16(1), '', 0))
    expect(await wire.ended()).toEqual([])
  })

  test.each(['#', '+/#', '+', '+/v1/streetlight/+/status', '/#', 'tangsel/v1/#', '$SYS/#', '$share/group/tangsel/#'])(
    '[MQTT-3.8.3-2] [MQTT-4.7.2-1] nobody is granted "%s"',
    async (topic) => {
      for (const principal of [await broker.device(), broker.service()]) {
        const wire = await broker.connect(principal)
        expect((await subscribe(wire, [{ topic, qos: 1 }])).granted).toEqual([128])
      }
    },
  )

  test('[MQTT-3.8.4-3] [MQTT-3.3.1-6] the same filter again replaces it, and what is retained comes again', async () => {
    const device = await broker.device()
    const speaker = await broker.connect(device)
    await say(speaker, device.status, 'kept', { retain: true })
    const wire = await broker.connect(device)
    for (const qos of [2, 0, 1] as const) {
      expect((await subscribe(wire, [{ topic: device.status, qos }])).granted).toEqual([qos])
      const retained = await wire.next('publish')
      expect(retained).toMatchObject({ retain: true, qos: Math.min(qos, 1) })
      await say(speaker, device.status, 'live')
      const [live, ...more] = await heardUntil(wire, 'live')
      expect(live).toMatchObject({ retain: false, qos: Math.min(qos, 1) })
      expect(more).toEqual([])
      if (retained.qos === 1) wire.send({ cmd: 'puback', messageId: retained.messageId ?? 0 })
    }
  })

  test('[MQTT-3.8.4-3] no message is lost or doubled while a subscription is replaced', async () => {
    const device = await broker.device()
    const speaker = await broker.connect(device)
    const wire = await broker.subscribed(device, device.status, 1)
    const count = 300
    for (let n = 1; n <= count; n++) {
      speaker.send(publish(device.status, String(n), { qos: 1, messageId: n }))
      if (n % 10 === 0) {
        const qos = n % 20 === 0 ? 1 : 0
        wire.send({ cmd: 'subscribe', messageId: n, subscriptions: [{ topic: device.status, qos }] })
      }
    }
    const heard: string[] = []
    while (heard.length < count) {
      for (const each of await wire.read()) if (each.cmd === 'publish') heard.push(textOf(each))
    }
    expect(heard.toSorted((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: count }, (_, i) => `${i + 1}`))
  })
})

describe('the QoS of what comes', () => {
  const all = [0, 1, 2] as const
  const pairs = all.flatMap((published) => all.map((granted) => [published, granted] as const))

  test.each(pairs)('[MQTT-3.8.4-6] published with %i and granted %i: the lower', async (published, granted) => {
    const device = await broker.device()
    const reader = await broker.subscribed(device, device.status, granted)
    const speaker = await broker.connect(device)
    speaker.send(publish(device.status, 'x', { qos: published, ...(published > 0 && { messageId: 1 }) }))
    expect(await reader.next('publish')).toMatchObject({ qos: Math.min(published, granted) })
  })

  test.each(pairs)(
    '[MQTT-3.8.4-6] published with %i and granted %i on a filter with a wildcard: the lower, retained or not',
    async (published, granted) => {
      const device = await broker.device()
      const service = broker.service()
      const reader = await broker.subscribed(service, withWildcards(device), granted)
      const speaker = await broker.connect(device)
      speaker.send(
        publish(device.status, 'x', { qos: published, retain: true, ...(published > 0 && { messageId: 1 }) }),
      )
      const qos = Math.min(published, granted)
      expect(await reader.next('publish')).toMatchObject({ qos, retain: false })
      const later = await broker.subscribed(service, withWildcards(device), granted)
      expect(await later.next('publish')).toMatchObject({ qos, retain: true })
    },
  )

  test.each([
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ] as const)('[MQTT-3.3.5-1] filters that overlap, granted %i, %i and %i: the highest', async (...granted) => {
    const device = await broker.device()
    const event = device.status.replace('status', 'event')
    const reader = await broker.connect(broker.service())
    const filters = [event, event.replace('streetlight', '+'), event.replace(device.username, '+')]
    for (const [i, topic] of filters.entries()) await subscribe(reader, [{ topic, qos: granted[i] ?? 0 }])
    const speaker = await broker.connect(device)
    speaker.send(publish(event, 'x', { qos: 2, messageId: 1 }))
    await speaker.next('pubrec')
    await say(speaker, event, 'last', { messageId: 2 })
    const heard = (await heardUntil(reader, 'last')).filter((each) => textOf(each) === 'x')
    expect(Math.max(...heard.map(({ qos }) => qos))).toBe(2)
  })
})

describe('topic filters', () => {
  test('[MQTT-3.3.2-3] + matches one level, and nothing but what matches comes', async () => {
    const [device, other] = [await broker.device(), await broker.device({ kind: 'camera' })]
    const service = broker.service()
    const eventOf = ({ status }: Principal) => status.replace('status', 'event')
    const readers = [
      ['tangsel/v1/+/+/event', ['own event', 'other event']],
      ['tangsel/v1/streetlight/+/event', ['own event']],
      [`tangsel/v1/+/${device.username}/event`, ['own event']],
      [eventOf(other), ['other event']],
      ['tangsel/v1/+/+/telemetry', ['own telemetry']],
    ] as const
    const wires = []
    for (const [filter] of readers) wires.push(await broker.subscribed(service, filter, 0))
    const speaker = await broker.connect(device)
    await say(speaker, device.telemetry, 'own telemetry')
    await say(speaker, eventOf(device), 'own event')
    await say(await broker.connect(other), eventOf(other), 'other event')
    for (const [i, [, expected]] of readers.entries()) {
      const heard = await wires[i]?.take('publish', expected.length)
      expect(new Set(heard?.map(textOf))).toEqual(new Set(expected))
      expect(await wires[i]?.read()).toEqual([])
    }
  })

  test('[MQTT-4.7.1-1] a topic with + is none, and does not reach who would listen to it', async () => {
    const device = await broker.device()
    const reader = await broker.connect(device)
    expect((await subscribe(reader, [{ topic: withWildcards(device), qos: 0 }])).granted).toEqual([128])
    const speaker = await broker.connect(device)
    speaker.send(packet(0x30, withWildcards(device), Buffer.from('{}')))
    expect(await speaker.ended()).toEqual([])
    expect(await reader.read()).toEqual([])
  })

  test('[MQTT-4.7.3-4] filters are compared as they are', async () => {
    const device = await broker.device()
    const wire = await broker.connect(device)
    const lookalikes = [
      device.status.toUpperCase(),
      `/${device.status}`,
      `${device.status}/`,
      device.status.replace('/v1/', '//v1/'),
      `${device.status} `,
      device.status.replace('status', 'sta\u0301tus'),
    ]
    const { granted } = await subscribe(
      wire,
      lookalikes.map((topic) => ({ topic, qos: 0 })),
    )
    expect(granted).toEqual(lookalikes.map(() => 128))
  })
})

describe('UNSUBSCRIBE', () => {
  test('[MQTT-3.10.4-2] [MQTT-3.10.4-4] is answered with UNSUBACK of the same id, and nothing new comes', async () => {
    const device = await broker.device()
    const command = device.status.replace('status', 'command')
    const speaker = await broker.connect(device)
    const wire = await broker.subscribed(device, device.status, 1)
    await subscribe(wire, [{ topic: command, qos: 1 }])
    await say(speaker, device.status, 'before')
    await heardUntil(wire, 'before')
    wire.send({ cmd: 'unsubscribe', messageId: 4_711, unsubscriptions: [device.status] })
    expect(await wire.next('unsuback')).toMatchObject({ messageId: 4_711 })
    await say(speaker, device.status, 'after')
    await subscribe(wire, [{ topic: device.status, qos: 1 }])
    await say(speaker, device.status, 'again')
    expect((await heardUntil(wire, 'again')).map(textOf)).toEqual(['again'])
  })

  test('[MQTT-3.10.4-1] [MQTT-3.10.4-5] a filter that is not the same is answered and removes nothing', async () => {
    const device = await broker.device()
    const service = broker.service()
    const wire = await broker.subscribed(service, device.status, 0)
    const others = [withWildcards(device), device.status.toUpperCase(), `${device.status}/`, 'tangsel/#']
    for (const [i, filter] of others.entries()) {
      wire.send({ cmd: 'unsubscribe', messageId: i + 1, unsubscriptions: [filter] })
      expect(await wire.next('unsuback')).toMatchObject({ messageId: i + 1 })
    }
    await say(await broker.connect(device), device.status, 'heard')
    expect(textOf(await wire.next('publish'))).toBe('heard')
  })

  test('[MQTT-3.10.4-6] several filters are removed with one answer', async () => {
    const device = await broker.device()
    const service = broker.service()
    const wire = await broker.subscribed(service, device.status, 0)
    await subscribe(wire, [{ topic: withWildcards(device), qos: 0 }])
    wire.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['none', device.status, withWildcards(device)] })
    await wire.next('unsuback')
    const speaker = await broker.connect(device)
    await say(speaker, device.status, 'unheard')
    await subscribe(wire, [{ topic: device.status, qos: 0 }])
    await say(speaker, device.status, 'heard')
    expect((await heardUntil(wire, 'heard')).map(textOf)).toEqual(['heard'])
  })

  test('[MQTT-3.10.3-2] without a filter it ends the connection', async () => {
    const wire = await broker.connect(await broker.device())
    wire.send(packet(0xa2, uint16(1)))
    expect(await wire.ended()).toEqual([])
  })

  test('[MQTT-4.7.3-1] with an empty filter it ends the connection', async () => {
    const wire = await broker.connect(await broker.device())
    wire.send(packet(0xa2, uint16(1), ''))
    expect(await wire.ended()).toEqual([])
  })

  test('[MQTT-3.10.4-3] what was begun at QoS 2 is brought to its end', async () => {
    const device = await broker.device()
    const wire = await broker.subscribed(device, device.status, 2)
    const speaker = await broker.connect(device)
    speaker.send(publish(device.status, 'begun', { qos: 2, messageId: 1 }))
    const { messageId = 0 } = await wire.next('publish')
    wire.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: [device.status] })
    await wire.next('unsuback')
    wire.send({ cmd: 'pubrec', messageId })
    expect(await wire.next('pubrel')).toMatchObject({ messageId })
    wire.send({ cmd: 'pubcomp', messageId })
    expect(await wire.read()).toEqual([])
  })
})
