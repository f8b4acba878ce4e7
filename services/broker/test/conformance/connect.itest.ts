// CONNECT and CONNACK: sections 3.1 and 3.2.
import { expect, test } from 'vitest'
import { newToken } from '@ronda/access/secrets'
import { connectPacket } from '../raw-client.ts'
import { connectBytes, flag, packet, uint16 } from './bytes.ts'
import { publish, subscribe, useBroker } from './setting.ts'

const broker = useBroker()

const signedIn = flag.clean | flag.username | flag.password
const connack = (returnCode: number) => Buffer.from([0x20, 2, 0, returnCode])

/** All that the broker says to these bytes until it ends the connection. */
async function answerTo(...bytes: Buffer[]): Promise<Buffer> {
  const wire = await broker.dial()
  wire.send(...bytes)
  await wire.ended()
  return wire.bytes()
}

test.each([
  ['PUBLISH', packet(0x30, 'tangsel/v1/streetlight/pju-1/status', Buffer.from('{}'))],
  ['PUBACK', packet(0x40, uint16(1))],
  ['SUBSCRIBE', packet(0x82, uint16(1), 'tangsel/v1/streetlight/pju-1/status', 0)],
  ['UNSUBSCRIBE', packet(0xa2, uint16(1), 'tangsel/v1/streetlight/pju-1/status')],
  ['PINGREQ', packet(0xc0)],
  ['DISCONNECT', packet(0xe0)],
])('[MQTT-3.1.0-1] a connection that begins with %s ends', async (_, bytes) => {
  expect(await answerTo(bytes)).toHaveLength(0)
})

test('[MQTT-3.1.0-2] a second CONNECT ends the connection', async () => {
  const device = await broker.device()
  const wire = await broker.connect(device)
  wire.send(connectPacket(device.username, device.token))
  expect(await wire.ended()).toEqual([])
})

test.each(['MQTt', 'mqtt', 'MQTT5', 'MQIsdp', ''])(
  '[MQTT-3.1.2-1] [MQTT-3.2.2-6] the protocol name "%s" ends the connection without CONNACK',
  async (name) => {
    const { username, token } = await broker.device()
    expect(await answerTo(connectBytes(signedIn, ['c', username, token], { name }))).toHaveLength(0)
  },
)

test.each([0, 1, 2, 3, 6, 127, 128, 132, 255])(
  '[MQTT-3.1.2-2] [MQTT-3.2.2-4] [MQTT-3.2.2-5] protocol level %i is answered with return code 1',
  async (level) => {
    const { username, token } = await broker.device()
    expect(await answerTo(connectBytes(signedIn, ['c', username, token], { level }))).toEqual(connack(1))
  },
)

test('[MQTT-3.1.2-2] a client of MQTT 5 is answered with return code 1', async () => {
  const { username, token } = await broker.device()
  const noProperties = 0
  const bytes = connectBytes(signedIn, [noProperties, 'c', username, token], { level: 5 })
  expect(await answerTo(bytes)).toEqual(connack(1))
})

test('[MQTT-3.1.2-3] [MQTT-3.1.4-1] the reserved connect flag ends the connection', async () => {
  const { username, token } = await broker.device()
  expect(await answerTo(connectBytes(signedIn | flag.reserved, ['c', username, token]))).toHaveLength(0)
})

test.each([
  ['[MQTT-3.1.2-11] [MQTT-3.1.2-13] will QoS 1 without a will', flag.willQos(1)],
  ['[MQTT-3.1.2-11] [MQTT-3.1.2-13] will QoS 2 without a will', flag.willQos(2)],
  ['[MQTT-3.1.2-11] [MQTT-3.1.2-15] will retain without a will', flag.willRetain],
])('[MQTT-3.1.4-1] %s ends the connection without CONNACK', async (_, more) => {
  const { username, token } = await broker.device()
  expect(await answerTo(connectBytes(signedIn | more, ['c', username, token]))).toHaveLength(0)
})

test('[MQTT-3.1.2-14] [MQTT-3.1.4-1] will QoS 3 ends the connection without CONNACK', async () => {
  const { username, token, status } = await broker.device()
  const flags = signedIn | flag.will | flag.willQos(3)
  expect(await answerTo(connectBytes(flags, ['c', status, '{}', username, token]))).toHaveLength(0)
})

test.each([
  ['[MQTT-3.1.3-3] nothing in its payload', signedIn, () => []],
  ['[MQTT-3.1.2-9] a will flag but no will', signedIn | flag.will, (name: string, token: string) => ['c', name, token]],
  ['[MQTT-3.1.2-11] a will but no will flag', signedIn, (name: string, token: string) => ['c', 't', 'm', name, token]],
  ['[MQTT-3.1.2-18] a user name but no flag for it', flag.clean, (name: string) => ['c', name]],
  ['[MQTT-3.1.2-19] a user name flag but no user name', flag.clean | flag.username, () => ['c']],
  ['[MQTT-3.1.2-20] a password but no flag for it', flag.clean | flag.username, (n: string, t: string) => ['c', n, t]],
  ['[MQTT-3.1.2-21] a password flag but no password', signedIn, (name: string) => ['c', name]],
  ['[MQTT-3.1.2-22] a password but no user name', flag.clean | flag.password, (_: string, t: string) => ['c', t]],
  ['bytes behind its last field', signedIn, (name: string, token: string) => ['c', name, token, '']],
])('[MQTT-3.1.4-1] a CONNECT with %s ends the connection without CONNACK', async (_, flags, payload) => {
  const { username, token } = await broker.device()
  expect(await answerTo(connectBytes(flags, payload(username, token)))).toHaveLength(0)
})

test('[MQTT-3.1.4-1] a CONNECT that is cut short in its keep alive ends the connection without CONNACK', async () => {
  expect(await answerTo(packet(0x10, 'MQTT', 4, signedIn, 0))).toHaveLength(0)
})

test('[MQTT-3.1.3-1] the five fields are read in their order', async () => {
  const { username, token, status } = await broker.device()
  const flags = signedIn | flag.will
  const wire = await broker.dial()
  wire.send(connectBytes(flags, ['c', status, '{"online":false}', username, token]))
  expect(await wire.next('connack')).toMatchObject({ returnCode: 0 })
  expect(await answerTo(connectBytes(flags, ['c', status, '{"online":false}', token, username]))).toEqual(connack(4))
})

test('[MQTT-3.1.3-5] client ids of up to 23 digits and letters are allowed', async () => {
  const device = await broker.device()
  const characters = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
  for (const clientId of ['0', ...(characters.match(/.{1,23}/g) ?? [])]) {
    const wire = await broker.connect(device, { clientId })
    expect(await wire.read()).toEqual([])
    await wire.leave()
  }
})

test('[MQTT-3.1.3-6] [MQTT-3.1.3-7] clients without an id get one each', async () => {
  const device = await broker.device()
  const wires = [await broker.connect(device, { clientId: '' }), await broker.connect(device, { clientId: '' })]
  for (const wire of wires) expect(await wire.read()).toEqual([])
})

test('[MQTT-3.1.3-7] [MQTT-3.1.3-8] [MQTT-3.1.3-9] no client id without clean session is answered with return code 2', async () => {
  const { username, token } = await broker.device()
  const flags = flag.username | flag.password
  expect(await answerTo(connectBytes(flags, ['', username, token]))).toEqual(connack(2))
})

test('[MQTT-3.1.4-2] a client of the same id ends the connection of the one before', async () => {
  const device = await broker.device()
  const before = await broker.connect(device, { clientId: 'same' })
  const after = await broker.connect(device, { clientId: 'same' })
  expect(await before.ended()).toEqual([])
  expect(await after.read()).toEqual([])
})

test('[MQTT-3.1.3-2] a client id is somebody else’s with another user name', async () => {
  const wires = []
  for (const device of [await broker.device(), await broker.device()]) {
    wires.push(await broker.connect(device, { clientId: 'same' }))
  }
  for (const wire of wires) expect(await wire.read()).toEqual([])
})

test('[MQTT-3.1.4-4] [MQTT-3.2.0-1] CONNACK with return code 0 comes before anything else', async () => {
  const device = await broker.device()
  const wire = await broker.dial()
  wire.send(
    connectPacket(device.username, device.token),
    { cmd: 'pingreq' },
    { cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: device.status, qos: 0 }] },
    publish(device.telemetry, '{}', { qos: 1, messageId: 2 }),
  )
  expect(await wire.next('connack')).toMatchObject({ returnCode: 0, sessionPresent: false })
  const others = [await wire.read(), await wire.read()].flat()
  expect(others.map(({ cmd }) => cmd)).toContain('suback')
  expect(wire.bytes().subarray(0, 4)).toEqual(connack(0))
})

test('[MQTT-3.1.4-5] nothing behind a CONNECT that is refused is processed', async () => {
  const device = await broker.device()
  const wire = await broker.dial()
  wire.send(connectPacket(device.username, newToken()), publish(device.telemetry, '{}', { qos: 1, messageId: 1 }), {
    cmd: 'pingreq',
  })
  await wire.ended()
  expect(wire.bytes()).toEqual(connack(4))
  expect(await broker.recordsOf(device)).toEqual([])
})

test('[MQTT-3.2.2-4] [MQTT-3.2.2-5] a refusal says session present 0, even when there is a session, and ends the connection', async () => {
  const device = await broker.device()
  const wire = await broker.connect(device, { clientId: 'known', clean: false })
  await subscribe(wire, [{ topic: device.status, qos: 1 }])
  await wire.leave()
  const stranger = await broker.dial()
  stranger.send(connectPacket(device.username, newToken(), { clientId: 'known', clean: false }))
  await stranger.ended()
  expect(stranger.bytes()).toEqual(connack(4))
})

test('[MQTT-3.1.2-24] a connection on which nothing comes ends after one and a half times its keep alive time', async () => {
  const device = await broker.device()
  const speaking = await broker.connect(device, { keepalive: 1 })
  const silent = await broker.connect(device, { keepalive: 1 })
  const from = performance.now()
  let pings = 0
  const ended = silent.ended()
  while (!silent.socket.closed) {
    await speaking.read()
    pings++
  }
  await ended
  expect(performance.now() - from).toBeGreaterThan(1_400)
  expect(performance.now() - from).toBeLessThan(3_000)
  expect(pings).toBeGreaterThan(1)
  expect(speaking.socket.closed).toBe(false)
})
