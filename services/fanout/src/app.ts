// Fanout: fault events in, control rooms out. In the order of an event's way: the feed from the stream, the
// groups of subscribers, their connections; then the HTTP beside it: who may come in, the page, the API passed
// on from ingest, health; then the life of the whole.
import type { Backbone } from '@ronda/backbone/backbone'
import { startServiceReports } from '@ronda/backbone/service-report'
import type { City } from '@ronda/contracts/city'
import type { Environment } from '@ronda/contracts/environment'
import { FaultFilter } from '@ronda/contracts/fault'
import { AppError } from '@ronda/contracts/errors'
import type { DataDir } from '@ronda/runtime/data-dir'
import { createHttpServer, listen } from '@ronda/runtime/http'
import type { Logger } from '@ronda/runtime/log'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import manifest from '../package.json' with { type: 'json' }
import { createAlarmBoard } from './alarm-board.ts'
import { createAlarmMessages } from './alarm-messages.ts'
import { createConnection } from './connection.ts'
import { type Connections, createConnections } from './connections.ts'
import { createCursorCodec } from './cursor.ts'
import { createDetectorWatch } from './detector-watch.ts'
import { addDistricts } from './districts.ts'
import { createFeed } from './feed.ts'
import { type Gate, createGate } from './gate.ts'
import { addHealth, pathsOfAnyHost } from './health.ts'
import { type Limits, defaultLimits } from './limits.ts'
import { createMetrics } from './metrics.ts'
import { addPage } from './page.ts'
import { addPageConfig } from './page-config.ts'
import { addProxy } from './proxy.ts'
import { addSecurityHeaders } from './security-headers.ts'
import { followSessions } from './session-watch.ts'
import { createSubscribers } from './subscribers.ts'
import { createUpgrade } from './upgrade.ts'

export interface FanoutDeps {
  env: Pick<
    Environment,
    | 'RONDA_BIND'
    | 'RONDA_PORT'
    | 'RONDA_API_PORT'
    | 'RONDA_PUBLIC_URL'
    | 'RONDA_TRUST_PROXY'
    | 'RONDA_TIME_SCALE'
    | 'RONDA_MAP_STYLE_URL'
  >
  backbone: Backbone
  dataDir: Pick<DataDir, 'adminToken' | 'clock' | 'clockSettings'>
  city: City
  log: Logger
  /** Address of ingest, where it is not that of the environment. */
  ingestUrl?: string
  /** Folder of the built page. */
  pageDir?: string
  limits?: Partial<Limits>
}

export interface Fanout {
  /** Loads the open faults, then listens; returns the address. Throws `port_in_use`. */
  start(): Promise<string>
  /** Stops accepting, closes the connections with 1001, within about a second. */
  stop(): Promise<void>
  /** undefined unless it listens. */
  readonly address: string | undefined
}

const builtPage = join(import.meta.dirname, '../../control-room/dist')

export function createFanout({ env, backbone, dataDir, city, log, pageDir = builtPage, ...given }: FanoutDeps): Fanout {
  const limits: Limits = { ...defaultLimits, ...given.limits }
  const ingestUrl = given.ingestUrl ?? ingestAddress(env)
  const metrics = createMetrics()
  const stopped = new AbortController()
  let gate: Gate | undefined
  let connections: Connections | undefined
  let address: string | undefined
  let following: Promise<unknown> = Promise.resolve()
  let endReports: () => Promise<void> = async () => {}

  // From the stream to the subscribers.

  const feed = createFeed({
    backbone,
    recentEvents: limits.recentEvents,
    onRepeated: (events) => metrics.repeated.inc(events),
  })
  const cursors = createCursorCodec({ faults: backbone.stream('faults').epoch, log: backbone.stream('log').epoch })
  const detector = createDetectorWatch(backbone, dataDir.clock)
  const board = createAlarmBoard({
    backbone,
    openFaults: feed.openFaults,
    maxNotes: limits.maxAlarmNotes,
    logTime: () => detector.status().logTime,
    beganAt: dataDir.clockSettings.stampedOrigin,
  })
  const alarms = createAlarmMessages(board)
  const subscribers = createSubscribers({ feed, cursors, detector, alarms, limits, metrics })

  // From a request to a connection.

  const upgrade = createUpgrade({
    gate: () => gate,
    maxMessageBytes: limits.maxMessageBytes,
    metrics,
    log,
    onConnection(ws, socket, session) {
      const connection = createConnection({
        ws,
        socket,
        session,
        subscribers,
        limits,
        metrics,
        onClose: () => connections?.remove(connection),
      })
      connections?.add(connection)
    },
  })

  // HTTP.

  function openGate(): Gate {
    if (gate === undefined) throw new AppError('unavailable', 'the service is starting or stopping')
    return gate
  }

  const app = createHttpServer(log, env)
  app.addHook('onRequest', async ({ headers, raw }) => {
    if (pathsOfAnyHost.has(raw.url ?? '')) return
    try {
      openGate().checkHost(headers)
    } catch (error) {
      if (error instanceof AppError) metrics.refused.inc({ code: error.code })
      throw error
    }
  })
  addSecurityHeaders(app, {
    secure: env.RONDA_PUBLIC_URL?.startsWith('https:') ?? false,
    mapStyleUrl: env.RONDA_MAP_STYLE_URL,
  })
  addHealth(app, { feed, ingestUrl, metrics, gate: openGate })
  addPageConfig(app, {
    city,
    simulated: dataDir.clock.simulated,
    timeScale: env.RONDA_TIME_SCALE,
    version: manifest.version,
    mapStyleUrl: env.RONDA_MAP_STYLE_URL,
    gate: openGate,
  })
  addDistricts(app, { districts: city.districts, gate: openGate })
  addProxy(app, { ingestUrl, metrics, log })
  addPage(app, { dir: pageDir, log })
  app.server.on('upgrade', (request, socket, head) => void upgrade(request, socket, head))
  // Any other protocol that a client offers is declined by answering the request as it is (RFC 9110, 7.8); some
  // clients offer HTTP/2 with every first request.
  Object.assign(app.server, {
    shouldUpgradeCallback: ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === 'websocket',
  })

  metrics.gauges({
    connections: () => connections?.size ?? 0,
    queuedBytes: () => connections?.queuedBytes() ?? 0,
    subscribers: subscribers.count,
    openFaults: () => feed.openFaults.size,
    feedLagEvents: feed.lagEvents,
    alarms: () => board.metrics(FaultFilter.parse({})),
    detectorLagS: () => detector.status().lagMs / 1_000,
  })

  // Life.

  return {
    get address() {
      return address
    },

    async start() {
      await Promise.all([feed.load(), detector.load(stopped.signal)])
      await board.load()
      log.info({ openFaults: feed.openFaults.size, position: feed.place.position }, 'open faults loaded')
      // None ends before the signal, unless it fails; then the process does too, and begins anew.
      following = Promise.all([
        feed.follow(stopped.signal, subscribers.deliver),
        detector.follow(),
        board.follow(stopped.signal),
        followSessions(backbone.bucket('sessions'), stopped.signal, (key) => connections?.endSession(key)),
      ])
      address = await listen(app, { host: env.RONDA_BIND, port: env.RONDA_PORT, variable: 'RONDA_PORT' })
      const opened = createGate({
        backbone,
        adminToken: dataDir.adminToken,
        env,
        pagePort: Number(new URL(address).port || 80),
        now: Date.now,
      })
      connections = createConnections({ subscribers, limits, holds: opened.holds })
      endReports = startServiceReports({
        backbone,
        name: 'fanout',
        version: manifest.version,
        figures: async () => ({ connections: connections?.size ?? 0, behind: await feed.lagEvents() }),
      })
      gate = opened
      return address
    },

    async stop() {
      gate = undefined
      address = undefined
      await endReports()
      await connections?.close()
      await app.close()
      stopped.abort()
      await following
    },
  }
}

function ingestAddress({ RONDA_BIND, RONDA_API_PORT }: FanoutDeps['env']): string {
  const everywhere = RONDA_BIND === '0.0.0.0' ? '127.0.0.1' : RONDA_BIND === '::' ? '::1' : RONDA_BIND
  return `http://${everywhere.includes(':') ? `[${everywhere}]` : everywhere}:${RONDA_API_PORT}`
}
