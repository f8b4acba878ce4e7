// Where devices come in: MQTT over TCP, over TLS, and over WebSocket with and without TLS. Each connection is
// handed on once, as a stream of MQTT with what is known of whoever opened it. A client certificate that does not
// hold is refused; one that is revoked or expires later ends its connection.
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket, type TlsOptions, Server as TlsServer, createServer as createTlsServer } from 'node:tls'
import type { Environment } from '@ronda/contracts/environment'
import { type MqttAddresses, type MqttListener, mqttListeners } from '@ronda/contracts/mqtt-listeners'
import { listenFailure } from '@ronda/runtime/listen'
import type { Logger } from '@ronda/runtime/log'
import { plainAddress } from '@ronda/access/addresses'
import type { CertificateRefusal } from './client-certificate.ts'
import { type Origin, createForwarded } from './forwarded.ts'
import type { TlsFilesEnvironment } from './tls-files.ts'
import { createTls } from './tls.ts'
import { createWebSocket, httpOptions } from './web-socket.ts'

/** What is known of a client before it has said anything. */
export interface Arrival {
  /** IP address; behind a trusted proxy, what that says it is. */
  address: string
  /** Common name of its certificate, which an authority of RONDA_TLS_CLIENT_CA has issued and not revoked. */
  certificateName?: string
  encrypted: boolean
}

export type ListenerEnvironment = TlsFilesEnvironment &
  MqttAddresses &
  Pick<Environment, 'RONDA_PUBLIC_URL' | 'RONDA_TRUST_PROXY'>

export interface ListenersDeps {
  env: ListenerEnvironment
  log: Logger
  /** Each server, before it listens. */
  onServer?: (server: Server) => void
  /** The stream is ended by the listeners too, when the client's certificate no longer holds. */
  onConnection: (stream: Duplex, arrival: Arrival) => void
  /** Of a connection that ends because of its certificate: before it was handed on, or after. */
  onRefused: (code: CertificateRefusal, arrival: Arrival) => void
  /** ms UTC. */
  now?: () => number
  /** How often files and expiry are looked at. */
  pollMs?: number
}

export interface Listeners {
  /** Returns the addresses. Throws `port_in_use` or `config_invalid`; then none listens. */
  start(): Promise<string[]>
  /** Stops accepting only. */
  stop(): Promise<void>
}

interface Admitted {
  arrival: Arrival
  /** Where it showed a certificate. */
  certified?: { socket: TLSSocket; expiresAt: number }
}

/** Silence after which a peer is asked by TCP whether it is still there, for devices without MQTT's keepalive. */
const keepAliveMs = 60_000
/** A city whose power comes back connects at once: who waits to be accepted must not have to knock again. */
const backlog = 16_384
const tcpOptions = { noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs }

export function createListeners({
  env,
  log,
  onServer,
  onConnection,
  onRefused,
  now = Date.now,
  pollMs = 2_000,
}: ListenersDeps): Listeners {
  const originOf = createForwarded(env)
  const certified = new Map<TLSSocket, { stream: Duplex; arrival: Arrival; expiresAt: number }>()
  let servers: Server[] = []
  let accepting = false

  // Certificates that no longer hold.

  const tls = createTls({
    env,
    log,
    now,
    pollMs,
    onChange(options) {
      for (const server of servers) if (server instanceof TlsServer) server.setSecureContext(options)
      for (const [socket, { stream, arrival }] of certified) {
        const verdict = tls.verdictOn(socket)
        if (!verdict.ok) end(stream, verdict.code, arrival)
      }
    },
    onPoll() {
      for (const { stream, arrival, expiresAt } of certified.values()) {
        if (expiresAt <= now()) end(stream, 'tls_certificate_expired', arrival)
      }
    },
  })

  function end(stream: Duplex, code: CertificateRefusal, arrival: Arrival): void {
    // It takes a moment until the socket is closed.
    if (stream.destroyed) return
    stream.destroy()
    onRefused(code, arrival)
  }

  // From a connection to a stream.

  /** What is known of a connection; undefined when it is to end. */
  function admit(socket: Socket, from: Origin): Admitted | undefined {
    if (!accepting || from.address === undefined) return undefined
    const arrival: Arrival = { address: from.address, encrypted: from.encrypted }
    if (!(socket instanceof TLSSocket)) return { arrival }
    arrival.encrypted = true
    const verdict = tls.verdictOn(socket)
    if (!verdict.ok) {
      onRefused(verdict.code, arrival)
      return undefined
    }
    if (verdict.certificate === undefined) return { arrival }
    const { name, expiresAt } = verdict.certificate
    return { arrival: { ...arrival, certificateName: name }, certified: { socket, expiresAt } }
  }

  function handOn(stream: Duplex, { arrival, certified: shown }: Admitted): void {
    if (shown !== undefined) {
      const { socket, expiresAt } = shown
      certified.set(socket, { stream, arrival, expiresAt })
      socket.once('close', () => certified.delete(socket))
    }
    onConnection(stream, arrival)
  }

  function accept(socket: Socket): void {
    const admitted = admit(socket, { address: plainAddress(socket.remoteAddress), encrypted: false })
    if (admitted === undefined) socket.destroy()
    else handOn(socket, admitted)
  }

  const serveWebSocket = createWebSocket({
    publicUrl: env.RONDA_PUBLIC_URL,
    admit(request) {
      const { address, encrypted } = originOf(request)
      return admit(request.socket, { address: plainAddress(address), encrypted })
    },
    onStream: handOn,
  })

  // Life.

  /** `options` are for those with TLS. */
  const open: Record<MqttListener['scheme'], (options: TlsOptions) => Server> = {
    mqtt: () => createServer(tcpOptions, accept),
    mqtts: (options) => createTlsServer({ ...tcpOptions, ...options }, accept),
    ws: () => serveWebSocket(createHttpServer({ ...tcpOptions, ...httpOptions })),
    wss: (options) => serveWebSocket(createHttpsServer({ ...tcpOptions, ...httpOptions, ...options })),
  }

  async function listen(listener: MqttListener, port: number, options: TlsOptions): Promise<string> {
    const { scheme, variable, isSecure, path } = listener
    const hostVariable = isSecure && env.RONDA_TLS_BIND !== undefined ? 'RONDA_TLS_BIND' : 'RONDA_BIND'
    const host = env[hostVariable] ?? env.RONDA_BIND
    const server = open[scheme](options)
    onServer?.(server)
    servers.push(server)
    server.listen({ port, host, backlog })
    try {
      await once(server, 'listening')
    } catch (error) {
      throw listenFailure(error, { host, port, variable, hostVariable })
    }
    server.on('error', (err) => log.error({ err }, 'could not accept a connection'))
    // It has one: it is neither closed nor a pipe.
    const bound = server.address() as AddressInfo
    return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${bound.port}${path}`
  }

  async function stop(): Promise<void> {
    accepting = false
    for (const server of servers) server.close()
    servers = []
    await tls.stop()
  }

  return {
    async start() {
      const wanted = mqttListeners.flatMap((listener) => {
        const port = env[listener.variable]
        return port === undefined ? [] : [{ listener, port }]
      })
      try {
        const options = wanted.some(({ listener }) => listener.isSecure) ? await tls.start() : {}
        const addresses: string[] = []
        for (const { listener, port } of wanted) addresses.push(await listen(listener, port, options))
        accepting = true
        return addresses
      } catch (error) {
        await stop()
        throw error
      }
    },
    stop,
  }
}
