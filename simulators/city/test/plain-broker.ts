// A plain broker of the library, for devices to talk to: checks tokens, records what is published, and can be
// stopped, started again on its port, and made to keep its acknowledgements back.
import { type AddressInfo, type Server, createServer } from 'node:net'
import { type Topic, parseTopic } from '@ronda/contracts/topics'
import { Aedes } from 'aedes'

interface Received extends Pick<Topic, 'deviceId' | 'channel'> {
  kind: Topic['kind']
  topic: string
  /** Parsed: an array for a backlog. */
  payload: unknown
  qos: number
  retain: boolean
}

export interface PlainBroker {
  readonly port: number
  readonly received: readonly Received[]
  /** Of one device and channel, in order. */
  from(deviceId: string, channel: Received['channel']): Received[]
  /** Objects of a device's telemetry, in the order of their arrival. */
  readings(deviceId: string): Record<string, unknown>[]
  readonly clients: number
  /** While true, nothing is acknowledged. */
  withhold: boolean
  /** Ends all connections without a word, and listens no more. */
  stop(): Promise<void>
  start(): Promise<void>
}

/** `tokens` by device id: a device of another token is refused. */
export async function startPlainBroker(tokens: ReadonlyMap<string, string>): Promise<PlainBroker> {
  const received: Received[] = []
  const withheld: (() => void)[] = []
  let withhold = false
  let port = 0
  let running: { aedes: Aedes; server: Server; sockets: Set<{ destroy(): void }> } | undefined

  const broker: PlainBroker = {
    get port() {
      return port
    },
    received,
    from: (deviceId, channel) => received.filter((each) => each.deviceId === deviceId && each.channel === channel),
    readings: (deviceId) =>
      broker.from(deviceId, 'telemetry').flatMap(({ payload }) => payload as Record<string, unknown>[]),
    get clients() {
      return running?.aedes.connectedClients ?? 0
    },
    get withhold() {
      return withhold
    },
    set withhold(value) {
      withhold = value
      if (!value) for (const release of withheld.splice(0)) release()
    },
    async start() {
      const aedes = await Aedes.createBroker({
        authenticate(_client, username, password, done) {
          done(null, username !== undefined && tokens.get(username) === password?.toString())
        },
        authorizePublish(_client, _packet, done) {
          if (withhold) withheld.push(() => done(null))
          else done(null)
        },
      })
      aedes.on('publish', ({ topic, payload, qos, retain }) => {
        const parsed = parseTopic(topic)
        if (parsed === undefined) return
        const { deviceId, channel, kind } = parsed
        received.push({ deviceId, channel, kind, topic, payload: JSON.parse(payload.toString()), qos, retain })
      })
      const sockets = new Set<{ destroy(): void }>()
      const server = createServer((socket) => {
        sockets.add(socket)
        socket.on('close', () => sockets.delete(socket))
        aedes.handle(socket)
      })
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
      port = (server.address() as AddressInfo).port
      running = { aedes, server, sockets }
    },
    async stop() {
      if (running === undefined) return
      const { aedes, server, sockets } = running
      running = undefined
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
      await new Promise<void>((resolve) => aedes.close(resolve))
    },
  }
  await broker.start()
  return broker
}
