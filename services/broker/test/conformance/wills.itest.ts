// Wills: sections 3.1.2.5 to 3.1.2.7 and 3.14.4.
import { expect, test } from 'vitest'
import { type Principal, publish, say, textOf, useBroker } from './setting.ts'

const broker = useBroker()

const offline = '{"online":false}'
const willOf = ({ status }: Principal, qos: 0 | 1 | 2 = 1, retain = false) => ({
  topic: status,
  payload: offline,
  qos,
  retain,
})
/** A packet that ends the connection. */
const violation = Buffer.from([0x00, 0x00])

for (const qos of [0, 1, 2] as const) {
  test(`[MQTT-3.1.2-8] [MQTT-3.1.2-9] [MQTT-3.1.2-16] a will of QoS ${qos} is published with its topic, message and QoS, not retained`, async () => {
    const device = await broker.device()
    const reader = await broker.subscribed(device, device.status, 2)
    const wire = await broker.connect(device, { will: willOf(device, qos) })
    await wire.drop()
    const will = await reader.next('publish')
    expect(will).toMatchObject({ topic: device.status, qos, retain: false, dup: false })
    expect(textOf(will)).toBe(offline)
    const later = await broker.subscribed(device, device.status, 2)
    expect(await later.read()).toEqual([])
  })

  test(`[MQTT-3.1.2-9] [MQTT-3.1.2-17] a will of QoS ${qos} with retain is retained`, async () => {
    const device = await broker.device()
    const reader = await broker.subscribed(device, device.status, 2)
    const wire = await broker.connect(device, { will: willOf(device, qos, true) })
    await wire.drop()
    expect(await reader.next('publish')).toMatchObject({ qos, retain: false })
    const later = await broker.subscribed(device, device.status, 2)
    const retained = await later.next('publish')
    expect(retained).toMatchObject({ topic: device.status, qos, retain: true })
    expect(textOf(retained)).toBe(offline)
  })
}

test('[MQTT-3.1.2-8] it is published when the protocol is broken, the keep alive time is over, or the client taken over', async () => {
  const device = await broker.device()
  const reader = await broker.subscribed(device, device.status, 0)

  const breaking = await broker.connect(device, { will: willOf(device) })
  breaking.send(violation)
  expect(textOf(await reader.next('publish'))).toBe(offline)

  await broker.connect(device, { will: willOf(device), keepalive: 1 })
  expect(textOf(await reader.next('publish'))).toBe(offline)

  await broker.connect(device, { will: willOf(device), clientId: 'same' })
  await broker.connect(device, { clientId: 'same' })
  expect(textOf(await reader.next('publish'))).toBe(offline)
})

test('[MQTT-3.14.4-3] [MQTT-3.1.2-8] [MQTT-3.1.2-10] DISCONNECT discards it', async () => {
  const device = await broker.device()
  const reader = await broker.subscribed(device, device.status, 0)
  const wire = await broker.connect(device, { will: willOf(device), clientId: 'same', clean: false })
  await wire.leave()
  const again = await broker.connect(device, { clientId: 'same', clean: false })
  again.send(violation)
  await again.ended()
  await say(await broker.connect(device), device.status, 'last')
  expect(textOf(await reader.next('publish'))).toBe('last')
})

test('[MQTT-3.1.2-10] it is published once', async () => {
  const device = await broker.device()
  const reader = await broker.subscribed(device, device.status, 0)
  const wire = await broker.connect(device, { will: willOf(device), clientId: 'same', clean: false })
  wire.send(violation)
  expect(textOf(await reader.next('publish'))).toBe(offline)
  const again = await broker.connect(device, { clientId: 'same', clean: false })
  again.send(violation)
  await again.ended()
  await say(await broker.connect(device), device.status, 'last')
  expect(textOf(await reader.next('publish'))).toBe('last')
})

test('[MQTT-3.1.2-12] without one nothing is published', async () => {
  const device = await broker.device()
  const reader = await broker.subscribed(device, device.status, 0)
  const wire = await broker.connect(device)
  wire.send(violation)
  await wire.ended()
  await say(await broker.connect(device), device.status, 'last')
  expect(textOf(await reader.next('publish'))).toBe('last')
  expect(await broker.recordsOf(device)).toHaveLength(1)
})

test('[MQTT-3.1.2-8] of a client that was refused nothing is published', async () => {
  const device = await broker.device()
  const reader = await broker.subscribed(device, device.status, 0)
  const refused = broker.connect({ ...device, token: 'wrong' }, { will: willOf(device) })
  await expect(refused).rejects.toThrow('refused with 4')
  const wire = await broker.connect(device)
  wire.send(publish(device.status, 'last'))
  expect(textOf(await reader.next('publish'))).toBe('last')
})
