// MQTT in real packets, for what a client library would not do: many PUBLISHes at once, no reading of answers.
import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { type IConnectPacket, type IPublishPacket, type Packet, generate, parser } from 'mqtt-packet'

export interface RawClient {
  socket: Socket
  received: Packet[]
  /** Message ids of the PUBACKs so far, in order. */
  acknowledged(): number[]
  publish(messageId: number, topic: string, payload: string | Buffer, more?: Partial<IPublishPacket>): void
  send(packet: Packet): void
  /** Resolves when the broker has read everything that was sent. */
  isRead(): Promise<void>
}

export function connectPacket(username: string, password: string, more: Partial<IConnectPacket> = {}): IConnectPacket {
  return {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    clientId: username,
    keepalive: 60,
    username,
    password: Buffer.from(password),
    ...more,
  }
}

export async function connectRaw(
  port: number,
  username: string,
  password: string,
  more: Partial<IConnectPacket> = {},
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
  const isAnswered = async (cmd: Packet['cmd'], count: number) => {
    while (received.filter((packet) => packet.cmd === cmd).length < count) await once(socket, 'data')
  }
  send(connectPacket(username, password, more))
  await isAnswered('connack', 1)
  let pings = 0
  return {
    socket,
    received,
    send,
    isRead() {
      send({ cmd: 'pingreq' })
      return isAnswered('pingresp', ++pings)
    },
    acknowledged: () => received.flatMap((packet) => (packet.cmd === 'puback' ? [packet.messageId ?? 0] : [])),
    publish: (messageId, topic, payload, more = {}) =>
      send({ cmd: 'publish', topic, payload, qos: 1, dup: false, retain: false, messageId, ...more }),
  }
}
