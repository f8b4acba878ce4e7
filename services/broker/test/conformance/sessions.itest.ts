// Sessions that outlive their connection: sections 3.1.2.4, 4.1, 4.4 and 4.6.
import { expect, test } from 'vitest'
import type { IPublishPacket, Packet } from 'mqtt-packet'
import { connectPacket } from '../raw-client.ts'
import { type Principal, publish, say, subscribe, textOf, useBroker } from './setting.ts'
import type { Wire } from './wire.ts'

const broker = useBroker()

const kept = { clientId: 'kept', clean: false } as const

/** A connection of the device's client `kept`, and whether it found its session. */
async function back(device: Principal, clean = false): Promise<{ wire: Wire; sessionPresent: boolean }> {
  const wire = await broker.dial()
  wire.send(connectPacket(device.username, device.token, { ...kept, clean }))
  const { returnCode, sessionPresent } = await wire.next('connack')
  expect(returnCode).toBe(0)
  return { wire, sessionPresent }
}

const isPublish = (packet: Packet): packet is IPublishPacket => packet.cmd === 'publish'

test('[MQTT-3.1.2-4] [MQTT-3.2.2-2] [MQTT-3.2.2-3] [MQTT-4.1.0-1] the first time there is no session, the next time it is there with its subscriptions', async () => {
  const device = await broker.device()
  const first = await back(device)
  expect(first.sessionPresent).toBe(false)
  await subscribe(first.wire, [{ topic: device.status, qos: 1 }])
  await first.wire.leave()
  const speaker = await broker.connect(device)
  for (const end of ['drop', 'leave'] as const) {
    const { wire, sessionPresent } = await back(device)
    expect(sessionPresent).toBe(true)
    await say(speaker, device.status, end)
    const message = await wire.next('publish')
    expect(textOf(message)).toBe(end)
    wire.send({ cmd: 'puback', messageId: message.messageId ?? 0 })
    await wire.read()
    await wire[end]()
  }
})

test.each([
  ['nothing', []],
  ['a subscription of QoS 0 only', [0]],
] as const)('[MQTT-3.2.2-2] a session with %s is a session', async (_, subscriptions) => {
  const device = await broker.device()
  const { wire } = await back(device)
  for (const qos of subscriptions) await subscribe(wire, [{ topic: device.status, qos }])
  await wire.leave()
  expect((await back(device)).sessionPresent).toBe(true)
})

test('[MQTT-4.1.0-2] [MQTT-3.1.4-2] a session goes over to the connection that takes it over', async () => {
  const device = await broker.device()
  const { wire: before } = await back(device)
  await subscribe(before, [{ topic: device.status, qos: 1 }])
  const { wire: after, sessionPresent } = await back(device)
  expect(sessionPresent).toBe(true)
  expect(await before.ended()).toEqual([])
  await say(await broker.connect(device), device.status, 'heard')
  expect(textOf(await after.next('publish'))).toBe('heard')
})

test('[MQTT-3.1.2-5] [MQTT-4.5.0-1] what comes at QoS 1 and 2 while a client is away waits for it, in its order', async () => {
  const device = await broker.device()
  const { wire: before } = await back(device)
  await subscribe(before, [{ topic: device.status, qos: 2 }])
  await before.leave()
  const speaker = await broker.connect(device)
  await say(speaker, device.status, '1')
  speaker.send(publish(device.status, '2', { qos: 2, messageId: 2 }))
  await speaker.next('pubrec')
  await say(speaker, device.status, '3')
  const { wire } = await back(device)
  const messages = await wire.take('publish', 3)
  expect(messages.map(textOf)).toEqual(['1', '2', '3'])
  expect(messages.map(({ qos, dup }) => ({ qos, dup }))).toEqual([1, 2, 1].map((qos) => ({ qos, dup: false })))
  expect(new Set(messages.map(({ messageId }) => messageId)).size).toBe(3)
})

test('[MQTT-3.1.2-5] with the lower of both QoS; a subscription that was removed keeps nothing', async () => {
  const device = await broker.device()
  const { wire: before } = await back(device)
  await subscribe(before, [{ topic: device.status, qos: 1 }])
  await before.leave()
  const speaker = await broker.connect(device)
  speaker.send(publish(device.status, 'low', { qos: 2, messageId: 1 }))
  await speaker.next('pubrec')
  const { wire } = await back(device)
  const message = await wire.next('publish')
  expect(message).toMatchObject({ qos: 1 })
  wire.send({ cmd: 'puback', messageId: message.messageId ?? 0 })
  wire.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: [device.status] })
  await wire.next('unsuback')
  await wire.leave()
  await say(speaker, device.status, 'unheard', { messageId: 3 })
  const { wire: again } = await back(device)
  expect(await again.read()).toEqual([])
})

test('[MQTT-3.1.2-6] [MQTT-3.1.4-3] [MQTT-3.2.2-1] clean session discards what there was', async () => {
  const device = await broker.device()
  const { wire: before } = await back(device)
  await subscribe(before, [{ topic: device.status, qos: 1 }])
  await before.leave()
  await say(await broker.connect(device), device.status, 'lost')
  const { wire: clean, sessionPresent } = await back(device, true)
  expect(sessionPresent).toBe(false)
  expect(await clean.read()).toEqual([])
  await subscribe(clean, [{ topic: device.status, qos: 1 }])
  await clean.leave()
  const after = await back(device)
  expect(after.sessionPresent).toBe(false)
  await say(await broker.connect(device), device.status, 'unheard')
  expect(await after.wire.read()).toEqual([])
})

test('[MQTT-4.4.0-1] [MQTT-3.3.1-1] [MQTT-4.6.0-1] what was not acknowledged comes again with its id, DUP and in its order', async () => {
  const device = await broker.device()
  const { wire: before } = await back(device)
  await subscribe(before, [{ topic: device.status, qos: 2 }])
  const speaker = await broker.connect(device)
  for (let n = 1; n <= 6; n++) speaker.send(publish(device.status, `${n}`, { qos: n % 2 === 0 ? 2 : 1, messageId: n }))
  const sent = await before.take('publish', 6)
  expect(sent.map(({ dup }) => dup)).toEqual(sent.map(() => false))
  // Those in the middle are done.
  before.send({ cmd: 'puback', messageId: sent[2]?.messageId ?? 0 })
  await before.read()
  await before.drop()
  for (let times = 0; times < 2; times++) {
    const { wire } = await back(device)
    const again = await wire.take('publish', 5)
    expect(again.map((each) => [textOf(each), each.messageId, each.qos, each.dup])).toEqual(
      sent.filter((_, i) => i !== 2).map((each) => [textOf(each), each.messageId, each.qos, true]),
    )
    await wire.drop()
  }
})

test('[MQTT-4.4.0-1] [MQTT-4.3.3-1] after PUBREC it is PUBREL that comes again, not PUBLISH, until PUBCOMP', async () => {
  const device = await broker.device()
  const { wire: before } = await back(device)
  await subscribe(before, [{ topic: device.status, qos: 2 }])
  const speaker = await broker.connect(device)
  speaker.send(publish(device.status, 'once', { qos: 2, messageId: 1 }))
  const { messageId = 0 } = await before.next('publish')
  before.send({ cmd: 'pubrec', messageId })
  await before.next('pubrel')
  await before.drop()
  const { wire } = await back(device)
  expect(await wire.next('pubrel')).toMatchObject({ messageId })
  wire.send({ cmd: 'pubcomp', messageId })
  expect(await wire.read()).toEqual([])
  await wire.drop()
  const { wire: last } = await back(device)
  expect(await last.read()).toEqual([])
})

test('[MQTT-4.4.0-1] a retained message that was not acknowledged comes again too', async () => {
  const device = await broker.device()
  await say(await broker.connect(device), device.status, 'kept', { retain: true })
  const { wire: before } = await back(device)
  await subscribe(before, [{ topic: device.status, qos: 1 }])
  const { messageId } = await before.next('publish')
  await before.drop()
  const { wire } = await back(device)
  expect(await wire.next('publish')).toMatchObject({ messageId, dup: true, qos: 1 })
})

test('[MQTT-3.1.2-7] a session that goes on is not sent retained messages anew', async () => {
  const device = await broker.device()
  const { wire: before } = await back(device)
  await say(await broker.connect(device), device.status, 'kept', { retain: true })
  await subscribe(before, [{ topic: device.status, qos: 1 }])
  const { messageId = 0 } = await before.next('publish')
  before.send({ cmd: 'puback', messageId })
  await before.read()
  await before.leave()
  const { wire } = await back(device)
  expect(await wire.read()).toEqual([])
})

test('[MQTT-4.3.3-2] [MQTT-3.1.2-4] a QoS 2 message that is sent again over the next connection is the same', async () => {
  const device = await broker.device()
  const { wire: before } = await back(device)
  before.send(publish(device.status, 'once', { qos: 2, messageId: 7 }))
  await before.next('pubrec')
  await before.drop()
  const { wire } = await back(device)
  wire.send(publish(device.status, 'once', { qos: 2, messageId: 7, dup: true }))
  expect(await wire.next('pubrec')).toMatchObject({ messageId: 7 })
  wire.send({ cmd: 'pubrel', messageId: 7 })
  await wire.next('pubcomp')
  expect((await broker.recordsOf(device)).map(textOf)).toEqual(['once'])
})

test('[MQTT-3.1.2-6] after clean session the ids of QoS 2 messages are free', async () => {
  const device = await broker.device()
  const { wire: before } = await back(device)
  before.send(publish(device.telemetry, 'first', { qos: 2, messageId: 7 }))
  await before.next('pubrec')
  await before.drop()
  const { wire } = await back(device, true)
  wire.send(publish(device.telemetry, 'second', { qos: 2, messageId: 7 }))
  await wire.next('pubrec')
  expect((await broker.recordsOf(device)).map(textOf)).toEqual(['first', 'second'])
})

test('[MQTT-3.10.4-3] what was begun is sent again although its subscription is gone', async () => {
  const device = await broker.device()
  const { wire: before } = await back(device)
  await subscribe(before, [{ topic: device.status, qos: 1 }])
  const speaker = await broker.connect(device)
  await say(speaker, device.status, 'begun')
  const { messageId } = await before.next('publish')
  before.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: [device.status] })
  await before.next('unsuback')
  await before.drop()
  const { wire } = await back(device)
  expect(await wire.next('publish')).toMatchObject({ messageId, dup: true })
})

test('[MQTT-4.6.0-6] what waited and what comes meanwhile is in one order, and nothing is lost', async () => {
  const device = await broker.device()
  const { wire: before } = await back(device)
  await subscribe(before, [{ topic: device.status, qos: 1 }])
  await before.leave()
  const speaker = await broker.connect(device)
  const count = 600
  const sendUpTo = (from: number, to: number) => {
    for (let n = from; n <= to; n++) speaker.send(publish(device.status, `${n}`, { qos: 1, messageId: n }))
  }
  sendUpTo(1, 200)
  await speaker.take('puback', 200)
  sendUpTo(201, 400)
  const { wire } = await back(device)
  sendUpTo(401, count)
  const first: number[] = []
  while (first.length < count) {
    for (const message of (await wire.read()).filter(isPublish)) {
      wire.send({ cmd: 'puback', messageId: message.messageId ?? 0 })
      const n = Number(textOf(message))
      // A copy says that it is one.
      if (first.includes(n)) expect(message.dup).toBe(true)
      else first.push(n)
    }
  }
  expect(first).toEqual(Array.from({ length: count }, (_, i) => i + 1))
})
