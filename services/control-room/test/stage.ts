// The page on a stage: a real browser, the real fanout and ingest's own routes for sessions, devices and faults,
// on one backbone in a folder of its own. The detector's part is played by the test, which writes what it would write.
import { newToken } from '@ronda/access/secrets'
import { createWebOrigin } from '@ronda/access/web-origin'
import { openDeviceDirectory } from '@ronda/backbone/device-directory'
import { openEmbeddedBackbone } from '@ronda/backbone/embedded/embedded'
import type { PendingDevice } from '@ronda/contracts/pending-device'
import type { Role } from '@ronda/contracts/permissions'
import { launchChromium } from '@ronda/infra/testing/chromium'
import { freePorts } from '@ronda/infra/testing/ports'
import { readCity } from '@ronda/runtime/city-profile'
import { systemClock } from '@ronda/runtime/clock'
import { readEnvironment } from '@ronda/runtime/config'
import { createHttpServer, listen } from '@ronda/runtime/http'
import { createLog } from '@ronda/runtime/log'
import type { Store } from '@ronda/store/store'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Fanout, createFanout } from '../../fanout/src/app.ts'
import type { Limits } from '../../fanout/src/limits.ts'
import { type TestDetector, createTestDetector } from '../../fanout/test/detector.ts'
import { readMetric } from '../../fanout/test/metric.ts'
import { type Accounts, createAccounts } from '../../ingest/src/accounts/accounts.ts'
import { createActions } from '../../ingest/src/actions.ts'
import { accountRoutes } from '../../ingest/src/api/account-routes.ts'
import { alarmRoutes } from '../../ingest/src/api/alarm-routes.ts'

import { cityRoutes } from '../../ingest/src/api/city-routes.ts'
import { devicePlaceRoutes } from '../../ingest/src/api/device-place-routes.ts'
import { deviceRoutes } from '../../ingest/src/api/device-routes.ts'
import { faultRoutes } from '../../ingest/src/api/fault-routes.ts'
import { createGuard } from '../../ingest/src/api/guard.ts'
import { historyRoutes } from '../../ingest/src/api/history-routes.ts'
import { ownAccountRoutes } from '../../ingest/src/api/own-account-routes.ts'
import { pendingRoutes } from '../../ingest/src/api/pending-routes.ts'
import { sessionRoutes } from '../../ingest/src/api/session-routes.ts'
import { createRegistryRelay } from '../../ingest/src/registry-relay.ts'
import { openStore } from '../../ingest/src/open-store.ts'
import { type Registry, createRegistry } from '../../ingest/src/registry.ts'
import { type Visit, type VisitOptions, createVisits } from './visit.ts'

const root = join(import.meta.dirname, '../../..')

export interface Stage {
  readonly url: string
  readonly detector: TestDetector
  readonly registry: Pick<Registry, 'register' | 'update' | 'retire'>
  /** A gateway has spoken for it. */
  pend(device: PendingDevice): Promise<void>
  readonly store: Store
  /** Says how the detector is; it keeps saying so every second until told otherwise. */
  say(blind?: { source: string; since: number }[]): Promise<void>
  /** It has heard of devices, at a time in ms UTC. */
  hear(devices: readonly string[], at: number): Promise<void>
  /** The detector falls silent, having decided up to this time. */
  fallSilent(logTime: number): Promise<void>
  link(name?: string, role?: Role): Promise<string>
  readonly accounts: Pick<Accounts, 'registry'>
  /** There are no accounts, and nobody is signed in. */
  forgetPeople(): Promise<void>
  /** Enters the room with a link of its own. */
  visit(options?: VisitOptions & { as?: string; role?: Role }): Promise<Visit>
  /** One of fanout's. */
  metric(name: string): Promise<number>
  stopFanout(): Promise<void>
  startFanout(): Promise<void>
  end(): Promise<void>
}

/** `variables`: of the environment, beside those that the stage needs; `limits`: of fanout. */
export async function setStage(variables: Record<string, string> = {}, limits: Partial<Limits> = {}): Promise<Stage> {
  const dir = mkdtempSync(join(tmpdir(), 'ronda-page-'))
  const browser = await launchChromium()
  const visit = createVisits(browser)
  const [pagePort = 0, apiPort = 0] = await freePorts(2)
  const env = readEnvironment({
    RONDA_PORT: String(pagePort),
    RONDA_API_PORT: String(apiPort),
    ...variables,
  })
  const log = createLog('page-test', 'error')
  const adminToken = newToken()
  const open = () => openEmbeddedBackbone({ dir, reserveBytes: 0, maxLogBytes: 1e9, now: Date.now })
  const backbone = open()
  const detector = createTestDetector(backbone)

  // Ingest's part: sessions, devices and faults.
  const origin = createWebOrigin(env, pagePort, [apiPort])
  const accounts = createAccounts({
    backbone,
    adminToken,
    pagePort,
    secure: false,
    now: Date.now,
    systemNow: Date.now,
    elapsed: () => performance.now(),
  })
  const guard = createGuard(accounts.sessions, origin)
  const api = createHttpServer(log, env)
  sessionRoutes(api, { accounts, guard, origin })
  ownAccountRoutes(api, { accounts, guard })
  accountRoutes(api, { backbone, registry: accounts.registry, guard, origin })
  const city = readCity(join(root, 'infra/cities/tangsel'))
  const relay = createRegistryRelay({ backbone, source: 'ingest', now: Date.now })
  const registry = createRegistry({ backbone, relay, city, now: Date.now, systemNow: Date.now })
  deviceRoutes(api, { backbone, registry, guard })
  pendingRoutes(api, { backbone, registry, guard, now: Date.now })
  devicePlaceRoutes(api, { backbone, guard })
  const store = await openStore(env, dir, log)
  historyRoutes(api, { backbone, store, guard, city, now: Date.now })
  faultRoutes(api, {
    backbone,
    actions: createActions({ backbone, source: 'ingest', now: Date.now }),
    guard,
    city,
  })
  const ended = new AbortController()
  const devices = await openDeviceDirectory(backbone, { signal: ended.signal })
  cityRoutes(api, {
    backbone,
    devices,
    store,
    city,
    guard,
    now: Date.now,
    elapsed: () => performance.now(),
    keptMs: 200,
    nightKeptMs: 200,
  })
  alarmRoutes(api, { backbone, guard, beganAt: 0 })
  const relaying = relay.run(ended.signal)
  await listen(api, { host: '127.0.0.1', port: apiPort, variable: 'RONDA_API_PORT' })

  let fanout: { service: Fanout; close: () => Promise<void> } | undefined
  async function startFanout(): Promise<void> {
    const own = open()
    const service = createFanout({
      env,
      backbone: own,
      dataDir: { adminToken, clock: systemClock, clockSettings: { scale: 1, stampedOrigin: 0, realOrigin: 0 } },
      city,
      log,
      limits: { statusMs: 500, sessionCheckMs: 200, ...limits },
    })
    fanout = { service, close: own.close }
    await service.start()
  }
  async function stopFanout(): Promise<void> {
    const running = fanout
    fanout = undefined
    await running?.service.stop()
    await running?.close()
  }
  await startFanout()

  // The detector's word about itself.
  let speaking: ReturnType<typeof setInterval> | undefined
  const write = (logTime: number, blind: { source: string; since: number }[]) =>
    backbone.commit({ writes: [{ bucket: 'system', key: 'detector', value: { logTime, blind } }] })
  async function say(blind: { source: string; since: number }[] = []): Promise<void> {
    clearInterval(speaking)
    speaking = setInterval(() => void write(Date.now(), blind), 1_000)
    await write(Date.now(), blind)
  }
  await say()

  const url = `http://127.0.0.1:${pagePort}`
  async function link(name = 'Sari Wulandari', role: Role = 'operator'): Promise<string> {
    const { token } = await accounts.signIn.makeLink(name, role)
    return `${url}/#token=${token}`
  }

  return {
    url,
    detector,
    registry,
    async pend(device) {
      await backbone.commit({ writes: [{ bucket: 'pending-devices', key: device.id, value: device }] })
    },
    store,
    say,
    async hear(heard, at) {
      // As the engine writes the row of a device (device-row.ts).
      const row = [at, '', 0, 0, at, null]
      const writes = heard.map((id) => ({ bucket: 'detector-state', key: `device/${id}`, value: row }) as const)
      await backbone.commit({ writes })
    },
    async fallSilent(logTime) {
      clearInterval(speaking)
      await write(logTime, [])
    },
    link,
    accounts,
    async forgetPeople() {
      for (const name of ['accounts', 'sessions', 'sign-in-tokens'] as const) {
        const rows = await backbone.bucket(name).list()
        await backbone.commit({ writes: rows.map(({ key }) => ({ bucket: name, key, value: undefined })) })
      }
    },
    visit: async ({ as = 'Sari Wulandari', role, ...options } = {}) => visit(await link(as, role), options),
    metric: (name) => readMetric(url, adminToken, name),
    stopFanout,
    startFanout,
    async end() {
      clearInterval(speaking)
      await browser.close()
      await stopFanout()
      await api.close()
      accounts.stop()
      ended.abort()
      await Promise.all([relaying, devices.followed])
      await store.close()
      await backbone.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
