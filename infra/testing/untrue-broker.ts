// Stands between devices and the broker and breaks promises that the broker keeps: so that it can be seen whether
// anybody notices. Packets pass as they are but for what it is told to spoil.
import { once } from 'node:events'
import { type AddressInfo, type Socket, connect, createServer } from 'node:net'
import { type IConnectPacket, type IPublishPacket, type Packet, generate, parser } from 'mqtt-packet'

export interface UntrueBroker {
  readonly port: number
  /** Messages that were acknowledged and never passed on, and pairs of acknowledgements that were exchanged. */
  readonly swallowed: number
  readonly exchanged: number
  close(): void
}

export interface Lies {
  /** A message of this device is acknowledged and goes no further; asked for each until one is. */
  swallows: (deviceId: string, message: IPublishPacket) => boolean
  /** Of this device, whenever several messages wait, the first acknowledgement goes out after the second. */
  exchanges: (deviceId: string) => boolean
}

/** `port`: of the broker. */
export async function startUntrueBroker(port: number, { swallows, exchanges }: Lies): Promise<UntrueBroker> {
  let swallowed = 0
  let exchanged = 0
  const sockets = new Set<Socket>()

  function serve(device: Socket): void {
    const broker = connect({ host: '127.0.0.1', port, noDelay: true })
    let deviceId = ''
    let waiting = 0
    let held: Packet | undefined

    pass(device, broker, (packet) => {
      if (packet.cmd === 'connect') deviceId = (packet satisfies IConnectPacket).clientId
      if (packet.cmd !== 'publish' || packet.qos !== 1) return [packet]
      if (swallowed === 0 && swallows(deviceId, packet)) {
        swallowed++
        device.write(generate({ cmd: 'puback', messageId: packet.messageId ?? 0 }))
        return []
      }
      waiting++
      return [packet]
    })
    pass(broker, device, (packet) => {
      if (packet.cmd !== 'puback') return [packet]
      waiting--
      if (held !== undefined) {
        const [first, second] = [held, packet]
        held = undefined
        exchanged++
        return [second, first]
      }
      if (waiting === 0 || !exchanges(deviceId)) return [packet]
      held = packet
      return []
    })
  }

  /** Until one of them ends; then both do. */
  function pass(from: Socket, to: Socket, change: (packet: Packet) => Packet[]): void {
    sockets.add(from)
    const packets = parser({ protocolVersion: 4 })
    packets.on('packet', (packet) => {
      for (const each of change(packet)) to.write(generate(each))
    })
    from.on('data', (chunk) => packets.parse(chunk))
    from.on('error', () => {})
    from.on('close', () => {
      sockets.delete(from)
      to.destroy()
    })
  }

  const server = createServer({ noDelay: true }, serve)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    // It listens on a port.
    port: (server.address() as AddressInfo).port,
    get swallowed() {
      return swallowed
    },
    get exchanged() {
      return exchanged
    },
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
