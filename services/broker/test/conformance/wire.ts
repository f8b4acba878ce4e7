// MQTT on the wire, for what no client library would send: bytes out, packets in and counted one by one, and the end
// of the connection. Whatever is waited for comes within seconds or fails with what came instead.
import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { type Packet, generate, parser } from 'mqtt-packet'

export type PacketOf<C extends Packet['cmd']> = Extract<Packet, { cmd: C }>

export interface Wire {
  socket: Socket
  /** What the broker has sent so far, as bytes. */
  bytes(): Buffer
  send(...what: (Packet | Uint8Array)[]): void
  /** The next packet, whatever it is. */
  any(): Promise<Packet>
  /** The next packet, which has to be of this kind. */
  next<C extends Packet['cmd']>(cmd: C): Promise<PacketOf<C>>
  /** The next so many packets, all of this kind. */
  take<C extends Packet['cmd']>(cmd: C, count: number): Promise<PacketOf<C>[]>
  /** Resolves when the broker has read all that was sent, with the packets that came before it said so. */
  read(): Promise<Packet[]>
  /** Resolves when the broker has ended the connection, with the packets that came before. */
  ended(): Promise<Packet[]>
  /** Ends it as a network that fails, without DISCONNECT. */
  drop(): Promise<void>
  /** Ends it with DISCONNECT. */
  leave(): Promise<void>
}

const patienceMs = 5_000

export async function dial(port: number): Promise<Wire> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  const chunks: Buffer[] = []
  const arrived: Packet[] = []
  let taken = 0
  const parsed = parser({ protocolVersion: 4 })
  parsed.on('packet', (packet) => arrived.push({ ...packet }))
  parsed.on('error', (error) => socket.destroy(error))
  socket.on('data', (chunk) => {
    chunks.push(chunk)
    parsed.parse(chunk)
  })
  // How a connection ends does not matter here, only that it does.
  socket.on('error', () => {})

  /** Resolves with the next packet, or with undefined when the connection has ended. */
  async function following(): Promise<Packet | undefined> {
    for (;;) {
      const packet = arrived[taken]
      if (packet !== undefined) {
        taken++
        return packet
      }
      if (socket.closed) return undefined
      await anything()
    }
  }

  function anything(): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error?: Error) => {
        clearTimeout(timeout)
        socket.off('data', changed).off('close', changed)
        if (error === undefined) resolve()
        else reject(error)
      }
      const changed = () => settle()
      const timeout = setTimeout(
        () => settle(new Error(`nothing more after ${JSON.stringify(arrived.slice(-3))}`)),
        patienceMs,
      )
      socket.on('data', changed).on('close', changed)
    })
  }

  async function next<C extends Packet['cmd']>(cmd: C): Promise<PacketOf<C>> {
    const packet = await following()
    if (packet?.cmd !== cmd) throw new Error(`${cmd} was to come, not ${JSON.stringify(packet) ?? 'the end'}`)
    // It is of this kind, as was just seen.
    return packet as PacketOf<C>
  }

  const send = (...what: (Packet | Uint8Array)[]) => {
    socket.write(Buffer.concat(what.map((each) => (each instanceof Uint8Array ? each : generate(each)))))
  }

  return {
    socket,
    bytes: () => Buffer.concat(chunks),
    send,
    async any() {
      const packet = await following()
      if (packet === undefined) throw new Error('the connection has ended')
      return packet
    },
    next,
    async take(cmd, count) {
      const packets: PacketOf<typeof cmd>[] = []
      while (packets.length < count) packets.push(await next(cmd))
      return packets
    },
    async read() {
      send({ cmd: 'pingreq' })
      const before: Packet[] = []
      for (;;) {
        const packet = await following()
        if (packet === undefined) throw new Error(`it ended after ${JSON.stringify(before)}`)
        if (packet.cmd === 'pingresp') return before
        before.push(packet)
      }
    },
    async ended() {
      const before: Packet[] = []
      for (let packet = await following(); packet !== undefined; packet = await following()) before.push(packet)
      return before
    },
    async drop() {
      const closed = once(socket, 'close')
      socket.resetAndDestroy()
      await closed
    },
    async leave() {
      const closed = once(socket, 'close')
      send({ cmd: 'disconnect' })
      await closed
    },
  }
}
