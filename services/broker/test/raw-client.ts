// MQTT in real packets, for what a client library would not do: many PUBLISHes at once, no reading of answers.
import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { type IPublishPacket, type Packet, generate, parser } from 'mqtt-packet'

export interface RawClient {
  socket: Socket
  received: Packet[]
  /** Message ids of the PUBACKs so far, in order. */
  acknowledged(): number[]
  publish(messageId: number, topic: string, payload: string | Buffer, more?: Partial<IPublishPacket>): void
  send(packet: Packet): void
}

export async function connectRaw(
  port: number,
  username: string,
  password: string,
  clientId = username,
): Promise<RawClient> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const received: Packet[] = []
  const parsed = parser({ protocolVersion: 4 })
  parsed.on('packet', (packet) => received.push(packet))
  socket.on('data', (chunk) => parsed.parse(chunk))
  socket.on('error', () => {})
  const send = (packet: Packet) => {
    socket.write(generate(packet))
  }
  send({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    clientId,
    keepalive: 60,
    username,
    password: Buffer.from(password),
  })
  while (received.length === 0) await once(socket, 'data')
  return {
    socket,
    received,
    send,
    acknowledged: () => received.flatMap((packet) => (packet.cmd === 'puback' ? [packet.messageId ?? 0] : [])),
    publish: (messageId, topic, payload, more = {}) =>
      send({ cmd: 'publish', topic, payload, qos: 1, dup: false, retain: false, messageId, ...more }),
  }
}
