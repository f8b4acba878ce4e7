// MQTT over WebSocket: section 6.
import { once } from 'node:events'
import { type Packet, generate, parser } from 'mqtt-packet'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { type Harness, startHarness } from '../harness.ts'
import { connectPacket } from '../raw-client.ts'

let harness: Harness
let connect: Buffer
beforeAll(async () => {
  harness = await startHarness({ env: { RONDA_MQTT_PORT: 'off', RONDA_MQTT_WS_PORT: '0' } })
  connect = generate(connectPacket('pju-1', await harness.register('pju-1')))
})
afterAll(() => harness.end())

async function open(protocols = ['mqtt']): Promise<{ socket: WebSocket; received: Packet['cmd'][] }> {
  const socket = new WebSocket(`ws://127.0.0.1:${harness.port}/mqtt`, protocols)
  onTestFinished(() => socket.terminate())
  const received: Packet['cmd'][] = []
  const parsed = parser({ protocolVersion: 4 })
  parsed.on('packet', ({ cmd }) => received.push(cmd))
  socket.on('message', (data: Buffer, isBinary) => {
    expect(isBinary).toBe(true)
    parsed.parse(data)
  })
  await once(socket, 'open')
  return { socket, received }
}

test('[MQTT-6.0.0-1] a packet in a text frame ends the connection', async () => {
  const { socket, received } = await open()
  const closed = once(socket, 'close')
  socket.send(connect.toString('latin1'))
  await closed
  expect(received).toEqual([])
})

test('[MQTT-6.0.0-1] after good packets too', async () => {
  const { socket, received } = await open()
  socket.send(connect)
  await expect.poll(() => received).toEqual(['connack'])
  const closed = once(socket, 'close')
  socket.send(generate({ cmd: 'pingreq' }).toString('latin1'))
  await closed
  expect(received).toEqual(['connack'])
})

test('[MQTT-6.0.0-2] a packet may come in many frames, and many packets in one', async () => {
  const { socket, received } = await open()
  for (const byte of connect) socket.send(Buffer.from([byte]))
  const ping = generate({ cmd: 'pingreq' })
  socket.send(Buffer.concat([ping, ping, ping.subarray(0, 1)]))
  socket.send(ping.subarray(1))
  await expect.poll(() => received).toEqual(['connack', 'pingresp', 'pingresp', 'pingresp'])
})

test.each([[['mqtt']], [['mqttv3.1', 'mqtt']]])('[MQTT-6.0.0-4] of %j, mqtt is selected', async (protocols) => {
  const { socket } = await open(protocols)
  expect(socket.protocol).toBe('mqtt')
})
