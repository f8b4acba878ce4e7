// The broker: MQTT in, the log out. In the order of a message's way: connect (authenticate), publish (accept),
// subscribe; then the life of the whole.
import { once } from 'node:events'
import { type Server, createServer } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Backbone } from '@ronda/backbone/backbone'
import { openDeviceDirectory } from '@ronda/backbone/device-directory'
import { type HeartbeatSource, startHeartbeat } from '@ronda/backbone/heartbeat'
import { AppError, type ErrorCode } from '@ronda/contracts/errors'
import type { Clock } from '@ronda/runtime/clock'
import { type ListenAddress, listenFailure } from '@ronda/runtime/listen'
import type { Logger } from '@ronda/runtime/log'
import { Aedes, type AuthenticateError, type Client, type ConnectPacket } from 'aedes'
import { createAccept } from './accept.ts'
import { asAedesClient, internalsOf } from './aedes-client.ts'
import { createConnections } from './connections.ts'
import { createCounters } from './counters.ts'
import { createInFlight } from './in-flight.ts'
import { limitPackets } from './packet-limit.ts'
import { authenticateDevice, mayGoOn, mayListen } from './principals.ts'
import { restoreRetainedStatus } from './retained-status.ts'
import { keepUnreleased } from './unreleased.ts'

/** The name of this source in the log. One broker per zone. */
const source = 'broker'

const limits = { connectionBytes: 1024 * 1024, totalBytes: 64 * 1024 * 1024 }
const connectTimeoutMs = 10_000
/** Well before whoever stops us loses patience, because the connections are to be ended after it. */
const drainTimeoutMs = 1_500
/** Silence after which a peer is asked by TCP whether it is still there, for devices without MQTT's keepalive. */
const keepAliveMs = 60_000
/** Often enough to keep a parked connection from its keepalive timeout. */
const keepParkedMs = 1_000

export interface BrokerDeps {
  backbone: Backbone
  /** Slug, the first level of every topic. */
  city: string
  clock: Clock
  log: Logger
}

export interface Broker {
  /** Listens; returns the address. Throws `port_in_use`. */
  start(address: ListenAddress): Promise<string>
  /** Stops accepting, drains what was read, ends the connections without their wills. */
  stop(): Promise<void>
}

export async function createBroker({ backbone, city, clock, log }: BrokerDeps): Promise<Broker> {
  const stopped = new AbortController()
  const connections = createConnections(city, clock.now)
  const counters = createCounters()
  const inFlight = createInFlight(limits)
  const logStream = backbone.stream('log')
  const devices = await openDeviceDirectory(backbone, {
    signal: stopped.signal,
    onChange(row) {
      for (const { client, tokenSha256 } of connections.ofDevice(row.device.id)) {
        if (!mayGoOn(row, tokenSha256)) client.close()
      }
    },
  })
  let accepting = false
  let heartbeat: HeartbeatSource | undefined

  // Connect.

  /**
   * Client ids are chosen by the devices: within one principal they mean something, between two nothing. Sessions
   * end with their connection, as CONNACK tells (session present: 0): what Aedes keeps of others has no bounds, and
   * with them it stores a SUBSCRIBE whole as soon as one of its filters was allowed.
   */
  function preConnect(
    _client: Client,
    packet: ConnectPacket,
    done: (error: Error | null, success: boolean) => void,
  ): void {
    if (packet.username !== undefined && packet.clientId !== '')
      packet.clientId = `${packet.username}/${packet.clientId}`
    packet.clean = true
    done(null, true)
  }

  function authenticate(
    client: Client,
    username: string | undefined,
    password: Buffer | undefined,
    done: (error: AuthenticateError | null, success: boolean | null) => void,
  ): void {
    void authenticateDevice(backbone.bucket('devices'), username, password).then(
      (verdict) => {
        if (!verdict.ok) {
          refuse(verdict.code)
        } else {
          connections.open(asAedesClient(client), verdict.row)
          counters.connected()
          done(null, true)
        }
      },
      (err: unknown) => {
        log.error({ err }, 'could not look up a device')
        done(connackError('storage_failed', 3), null)
      },
    )
    function refuse(code: ErrorCode) {
      counters.refused(code)
      log.debug({ username, code }, 'connection refused')
      done(connackError(code, code === 'mqtt_device_disabled' ? 5 : 4), null)
    }
  }

  // Publish.

  const accept = createAccept({
    log: logStream,
    city,
    source,
    devices,
    inFlight,
    counters,
    now: clock.now,
  })

  // Subscribe.

  const aedes = await Aedes.createBroker({
    id: source,
    connectTimeout: connectTimeoutMs,
    // Ours carry the principal's name in front.
    maxClientsIdLength: 256,
    preConnect,
    authenticate,
    authorizePublish: accept,
    authorizeSubscribe(client, subscription, done) {
      const { connection } = asAedesClient(client)
      if (connection !== undefined && mayListen(city, connection.device, subscription.topic)) {
        done(null, subscription)
        return
      }
      counters.refused('mqtt_subscribe_refused')
      // [MQTT-3.9.3-2]: null is answered with 0x80, failure.
      done(null, null)
    },
  })
  aedes.on('clientError', (client, error) =>
    log.debug({ client: client.id, err: error }, 'connection ended by an error'),
  )
  aedes.on('connectionError', (_client, error) => log.debug({ err: error }, 'connection ended before it was one'))
  const internals = internalsOf(aedes)
  internals.on('error', (err) => log.error({ err }, 'the MQTT engine failed'))
  keepUnreleased(internals.persistence)
  // Aedes publishes the wills of brokers that have not beaten for three minutes. There is no other broker, and
  // after a leap of the clock (a laptop wakes, NTP steps) it takes itself for dead: the whole city would be offline.
  clearInterval(internals._clearWillInterval)

  // Life.

  const server: Server = createServer(
    { noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs },
    (socket) => {
      inFlight.guard(socket)
      limitPackets(asAedesClient(aedes.handle(socket)), ({ code }) => counters.refused(code))
    },
  )

  // Whoever is parked is held back by us: its PINGREQ is waiting unread, and it must not count as dead.
  const keepParked = setInterval(() => {
    if (inFlight.parked.size === 0) return
    for (const { client } of connections.all()) {
      if (inFlight.parked.has(client.conn)) client._keepaliveTimer?.refresh()
    }
  }, keepParkedMs)

  return {
    async start(address) {
      const restored = await restoreRetainedStatus(backbone, aedes)
      server.listen(address.port, address.host)
      try {
        await once(server, 'listening')
      } catch (error) {
        throw listenFailure(error, address)
      }
      accepting = true
      heartbeat = startHeartbeat({
        backbone,
        source,
        clock,
        state: () => ({
          accepting,
          connections: connections.size,
          counters: { ...counters.snapshot(), inFlightMessages: inFlight.messages, inFlightBytes: inFlight.bytes },
        }),
      })
      log.info({ devices: devices.size, retainedStatus: restored }, 'devices known')
      const bound = server.address()
      return typeof bound === 'object' && bound !== null ? `mqtt://${address.host}:${bound.port}` : String(bound)
    },

    async stop() {
      accepting = false
      server.close()
      inFlight.stopReading()
      await Promise.race([inFlight.drained(), new Promise((resolve) => setTimeout(resolve, drainTimeoutMs).unref())])
      // The last PUBACKs are written at the end of this turn.
      await nextTurn()
      // Wills would declare the whole city offline; it is only us who leave.
      for (const { client } of connections.all()) client.will = null
      await new Promise<void>((resolve) => aedes.close(resolve))
      clearInterval(keepParked)
      heartbeat?.stop()
      await heartbeat?.beat()
      stopped.abort()
    },
  }
}

function connackError(code: ErrorCode, returnCode: 3 | 4 | 5): AuthenticateError {
  return Object.assign(new AppError(code), { returnCode })
}
