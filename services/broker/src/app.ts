// The broker: MQTT in, the log out. In the order of a message's way: where devices come in (listeners/) and how much
// anybody may (limits/), who may come in (connect.ts), what is taken (accept.ts), what is sent to whom (subscribe.ts);
// engine/ is what Aedes is given and what is relied on in it. Then the life of the whole.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Backbone, Change } from '@ronda/backbone/backbone'
import { openDeviceDirectory } from '@ronda/backbone/device-directory'
import { type HeartbeatSource, startHeartbeat } from '@ronda/backbone/heartbeat'
import { startServiceReports } from '@ronda/backbone/service-report'
import type { DeviceRow } from '@ronda/contracts/device'
import type { Environment } from '@ronda/contracts/environment'
import type { ErrorCode } from '@ronda/contracts/errors'
import type { ServiceRow } from '@ronda/contracts/service-principal'
import { formatTopic } from '@ronda/contracts/topics'
import type { Clock } from '@ronda/runtime/clock'
import type { Logger } from '@ronda/runtime/log'
import { Aedes } from 'aedes'
import manifest from '../package.json' with { type: 'json' }
import { createAccept } from './accept.ts'
import { admissionLimits, createAdmission, exemptAddresses } from './limits/admission.ts'
import { type AedesClient, asAedesClient, internalsOf } from './engine/aedes-client.ts'
import { createConnect } from './connect.ts'
import { type Connection, createConnections } from './connections.ts'
import { createCounters } from './counters.ts'
import { createDeliveries, noMq } from './engine/deliveries.ts'
import { adviceOn, mostConnections } from './limits/descriptors.ts'
import { refusalBehind } from './engine/engine-errors.ts'
import { createInFlight } from './limits/in-flight.ts'
import { type ListenerEnvironment, createListeners } from './listeners/listeners.ts'
import { createNotices } from './notices.ts'
import { createPace } from './limits/pace.ts'
import { createPacketGuard } from './limits/packet-guard.ts'
import { deviceGoesOnUntil, mayListen, nameOf, principalOf, serviceGoesOnUntil } from './principals.ts'
import { restoreRetainedStatus } from './engine/retained-status.ts'
import { createSessions } from './engine/sessions.ts'
import { forwardInOrder } from './engine/forward.ts'
import { createRetained } from './engine/retained.ts'
import { createSubscribe } from './subscribe.ts'
import { createTrail } from './trail.ts'
import { createUnreleased } from './engine/unreleased.ts'

/** The name of this source in the log. One broker per zone. */
const source = 'broker'

const inFlightLimits = { connectionBytes: 1024 * 1024, totalBytes: 64 * 1024 * 1024 }
const sessionLimits = {
  perPrincipal: 4,
  sessionBytes: 16 * 1024 * 1024,
  totalBytes: 64 * 1024 * 1024,
  maxAwayMs: 3_600_000,
}
const connectTimeoutMs = 10_000
/** Of topics and filters; ours have five. */
const maxTopicLevels = 8
/** Well before whoever stops us loses patience, because the connections are to be ended after it. */
const drainTimeoutMs = 1_500
/** Often enough to keep a parked connection from its keepalive timeout, and a token from outliving its end. */
const careMs = 500

export interface BrokerDeps {
  env: ListenerEnvironment & Pick<Environment, 'RONDA_MQTT_MAX_PER_ADDRESS' | 'RONDA_MQTT_MAX_RATE'>
  backbone: Backbone
  /** Slug, the first level of every topic. */
  city: string
  clock: Clock
  log: Logger
}

export interface Broker {
  /** Listens; returns the addresses. Throws `port_in_use`. */
  start(): Promise<string[]>
  /** Stops accepting, drains what was read, ends the connections without their wills. */
  stop(): Promise<void>
}

export async function createBroker({ env, backbone, city, clock, log }: BrokerDeps): Promise<Broker> {
  const stopped = new AbortController()
  const logStream = backbone.stream('log')
  const counters = createCounters()
  const trail = createTrail({ stream: backbone.stream('audit'), counters, now: clock.now })
  const elapsed = () => performance.now()
  const notices = createNotices({ now: clock.now, elapsed })
  const pace = createPace({
    messagesPerSecond: env.RONDA_MQTT_MAX_RATE,
    now: elapsed,
    onHeld: ({ name }) => trail.heldBack(name, 'mqtt_paced'),
    release: (stream) => inFlight.resume(stream),
  })
  const inFlight = createInFlight(inFlightLimits, pace.holds)
  const unreleased = createUnreleased()
  const retained = createRetained()
  const deliveries = createDeliveries()
  const sessions = createSessions({
    limits: sessionLimits,
    unreleased,
    retained,
    now: elapsed,
  })
  const connections = createConnections({
    now: clock.now,
    bucketOf: (name, principal) => pace.bucketOf(name, principal.type === 'device' ? principal.kind : undefined),
    onClose({ client, name, bucket }) {
      deliveries.leave(client)
      sessions.detach(client)
      pace.keep(name, bucket)
    },
  })

  // Whoever may not go on is sent away, and nothing is kept for it.

  function end(connection: Connection, code: ErrorCode): void {
    trail.ended(connection.name, code)
    connection.client.close()
  }

  /** `untilOf`: until when a connection may go on, ms UTC; 0 ends it, and the sessions of its principal. */
  function changed(name: string, untilOf: (connection: Connection) => number): void {
    for (const connection of connections.of(name)) {
      connection.until = untilOf(connection)
      if (connection.until === 0) end(connection, 'mqtt_credentials_revoked')
    }
  }

  function deviceChanged(row: DeviceRow): void {
    const name = nameOf({ type: 'device', id: row.device.id })
    changed(name, ({ tokenSha256 }) => deviceGoesOnUntil(row, tokenSha256))
    if (deviceGoesOnUntil(row, undefined) === 0) sessions.endOf(name)
    const { id: deviceId, kind, retiredAt } = row.device
    if (retiredAt !== undefined) retained.forget(formatTopic({ city, kind, deviceId, channel: 'status' }))
  }

  function serviceChanged({ key: id, value: row }: Change<ServiceRow>): void {
    const name = nameOf({ type: 'service', id })
    changed(name, ({ principal, tokenSha256 }) =>
      principal.type === 'service' ? serviceGoesOnUntil(row, tokenSha256, principal.filters) : 0,
    )
    sessions.endOf(name, (filter) => row?.service.enabled === true && mayListen(city, principalOf(row), filter))
  }

  const devices = await openDeviceDirectory(backbone, { signal: stopped.signal, onChange: deviceChanged })
  const services = await backbone.bucket('service-principals').watch(stopped.signal)

  async function followServices(): Promise<void> {
    for await (const changes of services.changes) changes.forEach(serviceChanged)
  }
  const followed = followServices()

  // The steps of a message's way.

  const connect = createConnect({ backbone, connections, sessions, trail, notices, log, elapsed })
  const accept = createAccept({
    log: logStream,
    city,
    source,
    devices,
    inFlight,
    pace,
    retained,
    unreleased,
    counters,
    trail,
    now: clock.now,
  })
  const { authorizeSubscribe, authorizeForward } = createSubscribe({ city, sessions, deliveries, trail })

  const aedes = await Aedes.createBroker({
    id: source,
    connectTimeout: connectTimeoutMs,
    // Checked in connect.ts; here they carry the principal's name in front.
    maxClientsIdLength: Infinity,
    maxTopicLevels,
    // Theirs is for a connection; ours is unreleased.ts, for a session.
    maxInflightInbound: 0,
    // Packets behind a CONNECT wait for its answer; no more is read meanwhile.
    queueLimit: Infinity,
    mq: noMq,
    persistence: sessions.persistence,
    preConnect: connect.preConnect,
    authenticate: connect.authenticate,
    authorizePublish: accept,
    authorizeSubscribe,
    authorizeForward,
  })
  forwardInOrder(aedes, { retained, sessions, deliveries })
  aedes.on('unsubscribe', (filters, client) => {
    for (const filter of filters) deliveries.unsubscribe(asAedesClient(client), filter)
  })
  aedes.on('clientError', (client, error) => broken(asAedesClient(client), error))
  aedes.on('connectionError', (client, error) => broken(asAedesClient(client), error))
  const internals = internalsOf(aedes)
  internals.on('error', (err) => log.error({ err }, 'the MQTT engine failed'))
  // Aedes publishes the wills of brokers that have not beaten for three minutes. There is no other broker, and
  // after a leap of the clock (a laptop wakes, NTP steps) it takes itself for dead: the whole city would be offline.
  clearInterval(internals._clearWillInterval)

  /** A connection ends by an error; of packets that came together, each may have one. */
  function broken(client: AedesClient, err: Error): void {
    const { connection, arrival, id, closed } = client
    // Of the error only its words: it may hold a whole packet, with its password.
    log.debug({ client: id, reason: err.message }, 'connection ended by an error')
    const code = closed ? undefined : refusalBehind(err)
    if (code === undefined) return
    if (connection === undefined) trail.turnedAway(undefined, '', code, arrival.address)
    else trail.ended(connection.name, code)
  }

  const guardPackets = createPacketGuard(({ connection, arrival }, { code }) => {
    if (connection === undefined) trail.turnedAway(undefined, '', code, arrival.address)
    else trail.refused(connection.name, 'send', 'a packet', code, arrival.address)
  })
  const limits = admissionLimits(mostConnections(), env.RONDA_MQTT_MAX_PER_ADDRESS)
  const admission = createAdmission({
    limits,
    isExempt: exemptAddresses(env),
    authenticated: () => connections.size,
    onRefused(code, address) {
      trail.turnedAway(undefined, '', code, address)
      if (code === 'mqtt_connections_full') notices.raise(code, source)
    },
  })
  const listeners = createListeners({
    env,
    log,
    onServer: admission.guard,
    onConnection(stream, arrival) {
      inFlight.guard(stream)
      const client = asAedesClient(aedes.handle(stream))
      client.arrival = arrival
      guardPackets(client)
    },
    onRefused: (code, { address }) => trail.turnedAway(undefined, 'by its certificate', code, address),
  })

  // Life.

  let accepting = false
  let heartbeat: HeartbeatSource | undefined
  let endReports: () => Promise<void> = async () => {}

  const care = setInterval(() => {
    const now = Date.now()
    for (const connection of connections.all()) {
      // Whoever is parked is held back by us: its PINGREQ is waiting unread, and it must not count as dead.
      if (inFlight.parked.has(connection.client.conn)) connection.client._keepaliveTimer?.refresh()
      if (connection.until <= now) end(connection, 'mqtt_credentials_expired')
    }
    sessions.sweep()
  }, careMs)

  return {
    async start() {
      const restored = await restoreRetainedStatus(backbone, devices, retained)
      const addresses = await listeners.start()
      accepting = true
      heartbeat = startHeartbeat({
        backbone,
        source,
        clock,
        state: () => ({
          accepting,
          connections: connections.size,
          notices: notices.list(),
          counters: {
            ...counters.snapshot(),
            openSockets: admission.open,
            mostSockets: limits.all,
            heldBack: pace.held,
            inFlightMessages: inFlight.messages,
            inFlightBytes: inFlight.bytes,
            sessions: sessions.size,
            sessionBytes: sessions.bytes,
            sessionsOverflowed: sessions.overflowed,
          },
        }),
      })
      endReports = startServiceReports({
        backbone,
        name: source,
        version: manifest.version,
        figures: () => ({ connections: connections.size }),
      })
      log.info({ devices: devices.size, retainedStatus: restored }, 'devices known')
      const advice = adviceOn(limits.all)
      if (advice !== undefined) log.warn({ connections: limits.all, advice }, 'there is room for few connections')
      return addresses
    },

    async stop() {
      accepting = false
      await listeners.stop()
      inFlight.stopReading()
      await Promise.race([inFlight.drained(), new Promise((resolve) => setTimeout(resolve, drainTimeoutMs).unref())])
      // The last PUBACKs are written at the end of this turn.
      await nextTurn()
      // Wills would declare the whole city offline; it is only us who leave.
      for (const { client } of connections.all()) client.will = null
      await new Promise<void>((resolve) => aedes.close(resolve))
      admission.end()
      clearInterval(care)
      pace.stop()
      trail.flush()
      trail.stop()
      await heartbeat?.stop()
      await endReports()
      stopped.abort()
      await Promise.all([followed, devices.followed])
    },
  }
}
