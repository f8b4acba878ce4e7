// The page on a stage: a real browser, the real fanout and ingest's own routes for sessions and faults, on one
// backbone in a folder of its own. The detector's part is played by the test, which writes what it would write.
import { newToken } from '@ronda/access/secrets'
import { createAccess } from '@ronda/access/sessions'
import { createWebOrigin } from '@ronda/access/web-origin'
import { openEmbeddedBackbone } from '@ronda/backbone/embedded/embedded'
import { launchChromium } from '@ronda/infra/testing/chromium'
import { freePorts } from '@ronda/infra/testing/running-system'
import { readCity } from '@ronda/runtime/city-profile'
import { systemClock } from '@ronda/runtime/clock'
import { readEnvironment } from '@ronda/runtime/config'
import { createHttpServer, listen } from '@ronda/runtime/http'
import { createLog } from '@ronda/runtime/log'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { build } from 'vite'
import { type Fanout, createFanout } from '../../fanout/src/app.ts'
import { type TestDetector, createTestDetector } from '../../fanout/test/detector.ts'
import { createActions } from '../../ingest/src/actions.ts'
import { faultRoutes } from '../../ingest/src/api/fault-routes.ts'
import { createGuard } from '../../ingest/src/api/guard.ts'
import { sessionRoutes } from '../../ingest/src/api/session-routes.ts'

const root = join(import.meta.dirname, '../../..')

export interface Visit {
  page: Page
  /** What the browser complained about, and every request that left this machine's page. */
  complaints: string[]
  leave(): Promise<void>
}

export interface VisitOptions extends BrowserContextOptions {
  /** What was chosen in this browser before: language, theme, density, letters. */
  chosen?: Readonly<Record<string, string>>
  /** Who signs in; undefined: nobody. */
  as?: string | undefined
  /** Query to arrive with. */
  query?: string
}

export interface Stage {
  readonly url: string
  readonly detector: TestDetector
  /** Says how the detector is; it keeps saying so every second until told otherwise. */
  say(blind?: { source: string; since: number }[]): Promise<void>
  /** The detector falls silent, having decided up to this time. */
  fallSilent(logTime: number): Promise<void>
  link(name?: string): Promise<string>
  visit(options?: VisitOptions): Promise<Visit>
  stopFanout(): Promise<void>
  startFanout(): Promise<void>
  end(): Promise<void>
}

/** Builds the page into a folder. */
export async function buildPage(outDir: string): Promise<void> {
  await build({
    root: join(root, 'services/control-room'),
    logLevel: 'warn',
    build: { outDir, emptyOutDir: true },
  })
}

export async function setStage(): Promise<Stage> {
  const dir = mkdtempSync(join(tmpdir(), 'ronda-page-'))
  const pageDir = join(dir, 'page')
  const [browser] = await Promise.all([launchChromium(), buildPage(pageDir)])
  const [pagePort = 0, apiPort = 0] = await freePorts(2)
  const env = readEnvironment({ RONDA_PORT: String(pagePort), RONDA_API_PORT: String(apiPort) })
  const log = createLog('page-test', 'error')
  const adminToken = newToken()
  const open = () => openEmbeddedBackbone({ dir, reserveBytes: 0, maxLogBytes: 1e9, now: Date.now })
  const backbone = open()
  const detector = createTestDetector(backbone)

  // Ingest's part: sessions and faults.
  const origin = createWebOrigin(env, pagePort, [apiPort])
  const access = createAccess({ backbone, adminToken, pagePort, secure: false, now: Date.now })
  const guard = createGuard(access, origin)
  const api = createHttpServer(log, env)
  sessionRoutes(api, { access, guard, origin })
  faultRoutes(api, {
    backbone,
    actions: createActions({ backbone, source: 'ingest', now: Date.now }),
    guard,
  })
  await listen(api, { host: '127.0.0.1', port: apiPort, variable: 'RONDA_API_PORT' })

  let fanout: { service: Fanout; close: () => Promise<void> } | undefined
  async function startFanout(): Promise<void> {
    const own = open()
    const service = createFanout({
      env,
      backbone: own,
      dataDir: { adminToken, clock: systemClock },
      city: readCity(join(root, 'infra/cities/tangsel')),
      log,
      pageDir,
      limits: { statusMs: 500 },
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
  async function link(name = 'Sari Wulandari'): Promise<string> {
    const { token } = await access.makeSignInToken(name, 'operator')
    return `${url}/#token=${token}`
  }

  return {
    url,
    detector,
    say,
    async fallSilent(logTime) {
      clearInterval(speaking)
      await write(logTime, [])
    },
    link,
    async visit({ chosen = {}, as = 'Sari Wulandari', query = '', ...options } = {}) {
      const context = await browser.newContext({
        viewport: { width: 1366, height: 768 },
        locale: 'en-GB',
        timezoneId: 'Europe/London',
        ...options,
      })
      await context.addInitScript((kept) => {
        for (const [key, value] of Object.entries(kept)) {
          if (localStorage.getItem(`ronda.${key}`) === null) localStorage.setItem(`ronda.${key}`, value)
        }
      }, chosen)
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
      page.on('console', (message) => {
        // A refused connection is reported by the browser itself, and is what some tests are about.
        const isNetwork = /Failed to load resource|WebSocket connection/.test(message.text())
        if (['error', 'warning'].includes(message.type()) && !isNetwork) complaints.push(message.text())
      })
      page.on('request', (request) => {
        if (new URL(request.url()).host !== new URL(url).host) complaints.push(`request to ${request.url()}`)
      })
      const address = new URL(await link(as))
      address.search = query
      await page.goto(address.href)
      await page.locator('.connection-live').waitFor()
      return { page, complaints, leave: () => context.close() }
    },
    stopFanout,
    startFanout,
    async end() {
      clearInterval(speaking)
      await browser.close()
      await stopFanout()
      await api.close()
      await backbone.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
