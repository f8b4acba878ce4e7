// Ingest: the log in, history and faults out, and the API. Two consumers of the log (historian here, detector
// on a thread of its own), the registry with its relay, and HTTP over all of it.
import { isIP } from 'node:net'
import { createAudit } from '@ronda/access/audit'
import type { Backbone } from '@ronda/backbone/backbone'
import { openDeviceDirectory } from '@ronda/backbone/device-directory'
import { startHeartbeat } from '@ronda/backbone/heartbeat'
import { startServiceReports } from '@ronda/backbone/service-report'
import { createWebOrigin } from '@ronda/access/web-origin'
import type { City } from '@ronda/contracts/city'
import type { Environment } from '@ronda/contracts/environment'
import type { DataDir } from '@ronda/runtime/data-dir'
import { createHttpServer, listen } from '@ronda/runtime/http'
import { createCleanup } from '@ronda/runtime/lifecycle'
import type { Logger } from '@ronda/runtime/log'
import type { Store } from '@ronda/store/store'
import manifest from '../package.json' with { type: 'json' }
import { createAccounts } from './accounts/accounts.ts'
import { createActions } from './actions.ts'
import { accountRoutes } from './api/account-routes.ts'
import { alarmRoutes } from './api/alarm-routes.ts'
import { auditRoutes } from './api/audit-routes.ts'
import { cityRoutes } from './api/city-routes.ts'
import { deadLetterRoutes } from './api/dead-letter-routes.ts'
import { devicePlaceRoutes } from './api/device-place-routes.ts'
import { deviceRoutes } from './api/device-routes.ts'
import { describeApi } from './api/description.ts'
import { faultRoutes } from './api/fault-routes.ts'
import { createGuard } from './api/guard.ts'
import { historyRoutes } from './api/history-routes.ts'
import { labelRoutes } from './api/label-routes.ts'
import { maintenanceRoutes } from './api/maintenance-routes.ts'
import { operationRoutes } from './api/operation-routes.ts'
import { ownAccountRoutes } from './api/own-account-routes.ts'
import { pendingRoutes } from './api/pending-routes.ts'
import { receiverRoutes } from './api/receiver-routes.ts'
import { serviceRoutes } from './api/service-routes.ts'
import { sessionRoutes } from './api/session-routes.ts'
import { systemRoutes } from './api/system-routes.ts'
import { telemetryRoutes } from './api/telemetry-routes.ts'
import { type DetectorHost, startDetector } from './detector-host.ts'
import { engineCityOf } from './engine-city.ts'
import { createDeviceTokens } from './device-tokens.ts'
import { createHistorian } from './historian.ts'
import { startJanitor } from './janitor.ts'
import { startLedgerTrend } from './ledger-trend.ts'
import { readLedger } from './ledger.ts'
import { createMetrics } from './metrics.ts'
import { openPendingDevices } from './pending-devices.ts'
import { checkReadiness } from './readiness.ts'
import { createRegistry } from './registry.ts'
import { createRegistryRelay } from './registry-relay.ts'
import { createReplays } from './replay.ts'
import { createServiceRegistry } from './service-registry.ts'
import { readSystemState } from './system-state.ts'
import { type WebhooksDeps, createWebhooks } from './webhooks/webhooks.ts'

/** The name of this source in the log. */
const source = 'ingest'

export interface IngestDeps {
  env: Environment
  city: City
  dataDir: DataDir
  backbone: Backbone
  store: Store
  log: Logger
  /** Called when a part fails that cannot be mended from inside: the process has to end. */
  onFailure: (error: unknown) => void
  webhooks?: Pick<WebhooksDeps, 'limits' | 'resolve'>
}

export interface Ingest {
  /** Listens; returns the address. Throws `port_in_use`. */
  start(): Promise<string>
  /** The OpenAPI document of its API. */
  openApi(): Promise<unknown>
  stop(): Promise<void>
}

export async function createIngest(deps: IngestDeps): Promise<Ingest> {
  const { env, city, dataDir, backbone, store, log, onFailure } = deps
  const { clock } = dataDir
  const logStream = backbone.stream('log')
  const cleanup = createCleanup()
  const stopped = new AbortController()
  const startedAt = Date.now()
  let undeclared = 0
  let late = 0

  // Who is asking, and what is installed.

  const tokens = createDeviceTokens(Date.now)
  const devices = await openDeviceDirectory(backbone, { signal: stopped.signal, onChange: tokens.learn })
  for (const row of devices.values()) tokens.learn(row)
  const origin = createWebOrigin(env, env.RONDA_PORT, [env.RONDA_API_PORT])
  const accounts = createAccounts({
    backbone,
    adminToken: dataDir.adminToken,
    pagePort: env.RONDA_PORT,
    secure: origin.secure,
    now: clock.now,
    systemNow: Date.now,
    elapsed: () => performance.now(),
  })
  const { sessions } = accounts
  const guard = createGuard(sessions, origin)
  const relay = createRegistryRelay({ backbone, source, now: clock.now })
  const registry = createRegistry({ backbone, relay, city, now: clock.now, systemNow: Date.now })
  const services = createServiceRegistry({
    backbone,
    city: city.profile.slug,
    now: clock.now,
    systemNow: Date.now,
  })
  const actions = createActions({ backbone, source, now: clock.now })
  const audit = createAudit(backbone, clock.now)

  // The two consumers.

  const pendingDevices = await openPendingDevices({
    backbone,
    devices,
    city: city.profile.slug,
    signal: stopped.signal,
    log: log.child({ component: 'pending-devices' }),
  })
  const historian = createHistorian({
    backbone,
    store,
    findDevice: devices.get,
    askForDevice: devices.find,
    pendingDevices,
    onUndeclared(count) {
      undeclared += count
    },
    onLate(count) {
      late += count
    },
    now: clock.now,
    log: log.child({ component: 'historian' }),
  })
  let detector: DetectorHost | undefined

  // What others are told of faults.

  const webhooks = createWebhooks({
    env,
    dataDir,
    backbone,
    systemNow: Date.now,
    log: log.child({ component: 'webhooks' }),
    ...deps.webhooks,
  })

  // HTTP.

  // What fanout passes on comes from this machine, and says whose it is.
  const own = ['loopback', ...(isIP(env.RONDA_BIND) === 0 ? [] : [env.RONDA_BIND])]
  const app = createHttpServer(log, { RONDA_TRUST_PROXY: [...(env.RONDA_TRUST_PROXY ?? []), ...own] })
  const ledger = () => readLedger(logStream, historian, store.tellsCollapsed)
  const trend = startLedgerTrend({ ledger, isCounting: () => historian.progress !== undefined, onFailure })
  const replays = createReplays({ backbone, historian, source })
  const sources = backbone.bucket('sources')
  const metrics = createMetrics({
    log: logStream,
    ledger,
    sources,
    undeclared: () => undeclared,
    webhooks: webhooks.figures,
    signIns: accounts.counts,
  })
  const checks = () =>
    checkReadiness({
      log: logStream,
      store,
      historian,
      detector,
      sources,
      now: clock.now,
      clockScale: dataDir.clockSettings.scale,
    })
  // JSON and CSV are what the API takes; a form or plain text could be sent by a page of another site.
  app.removeContentTypeParser('text/plain')
  // What it answers is for who asked, and some of it is a secret told once.
  app.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'))
  await describeApi(app, city.profile.name)
  app.after(() => {
    sessionRoutes(app, { accounts, guard, origin })
    ownAccountRoutes(app, { accounts, guard })
    accountRoutes(app, { backbone, registry: accounts.registry, guard, origin })
    deviceRoutes(app, { backbone, registry, guard })
    devicePlaceRoutes(app, { backbone, guard })
    cityRoutes(app, { backbone, devices, store, city, guard, now: clock.now, elapsed: () => performance.now() })
    labelRoutes(app, { registry, guard, city })
    pendingRoutes(app, { backbone, registry, guard, now: clock.now })
    serviceRoutes(app, { backbone, services, guard })
    receiverRoutes(app, { ...webhooks, backbone, guard, audit, systemNow: Date.now })
    historyRoutes(app, { backbone, store, guard, city, now: clock.now })
    faultRoutes(app, { backbone, actions, guard, city })
    maintenanceRoutes(app, { backbone, actions, guard, city, now: clock.now })
    alarmRoutes(app, { backbone, guard, beganAt: dataDir.clockSettings.stampedOrigin })
    telemetryRoutes(app, {
      backbone,
      sessions,
      devices,
      deviceOfToken: tokens.deviceOf,
      city: city.profile.slug,
      source,
      now: clock.now,
    })
    auditRoutes(app, { backbone, guard, audit })
    operationRoutes(app, { backbone, guard, ledger, checks, metrics })
    deadLetterRoutes(app, { backbone, guard, audit, replays })
    systemRoutes(app, {
      guard,
      state: () =>
        readSystemState({
          env,
          dir: dataDir.path,
          backbone,
          store,
          historian,
          detector: () => detector,
          ledger,
          trend,
          sinceStart: () => ({ at: startedAt, late, undeclared }),
        }),
    })
  })

  // Life.

  let listening = false
  return {
    async start() {
      const running = [
        historian.run(stopped.signal),
        relay.run(stopped.signal),
        actions.follow(stopped.signal),
        devices.followed,
        pendingDevices.followed,
        webhooks.run(stopped.signal),
      ]
      detector = startDetector({
        city: engineCityOf(city),
        clockSettings: dataDir.clockSettings,
        dir: dataDir.path,
        env,
      })
      for (const part of [...running, detector.ended]) part.catch(onFailure)
      cleanup.defer('consumers', async () => {
        stopped.abort()
        await Promise.allSettled(running)
      })
      cleanup.defer('detector', detector.stop)
      const maxLogBytes = env.RONDA_LOG_MAX_MB * 1e6
      const janitor = startJanitor({
        backbone,
        maxLogBytes,
        now: clock.now,
        systemNow: Date.now,
        log: log.child({ component: 'janitor' }),
      })
      cleanup.defer('janitor', janitor.stop)
      const heartbeat = startHeartbeat({
        backbone,
        source,
        clock,
        state: () => ({ accepting: listening, connections: 0, counters: {}, notices: webhooks.notices() }),
      })
      cleanup.defer('heartbeat', heartbeat.stop)
      cleanup.defer(
        'service reports',
        startServiceReports({ backbone, name: 'ingest', version: manifest.version, figures: () => ({}) }),
      )
      cleanup.defer('http', async () => {
        listening = false
        await app.close()
      })
      const address = await listen(app, { host: env.RONDA_BIND, port: env.RONDA_API_PORT, variable: 'RONDA_API_PORT' })
      listening = true
      return address
    },
    async openApi() {
      await app.ready()
      return app.swagger()
    },
    async stop() {
      await cleanup.close(log)
      accounts.stop()
      trend.stop()
      stopped.abort()
    },
  }
}
