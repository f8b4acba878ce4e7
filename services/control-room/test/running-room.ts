// The whole running system with operators at its pages: broker, ingest with its detector, fanout, and a browser of
// its own for each. Cameras report over HTTP that they have no signal.
import { launchChromium } from '@ronda/infra/testing/chromium'
import { type RunningSystem, startSystem } from '@ronda/infra/testing/running-system'
import { within } from '@ronda/infra/testing/within'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest'
import { type OpenVisit, type Visit, createVisits } from './visit.ts'

export interface Camera {
  id: string
  name: string
}

export interface RunningRoom {
  /** Once the tests run. */
  readonly system: RunningSystem
  enter(name: string, query?: string): Promise<Page>
  /** Registers a camera that has no signal, and waits for its fault. */
  breakCamera(): Promise<Camera>
  patchDevice(id: string, change: object): Promise<void>
}

/** To be called where the hooks of the file are defined. */
export function openRunningRoom(): RunningRoom {
  let system: RunningSystem
  let browser: Browser
  let visit: OpenVisit
  let cameras = 0
  const visits: Visit[] = []

  beforeAll(async () => {
    ;[browser, system] = await Promise.all([launchChromium(), startSystem()])
    visit = createVisits(browser)
  })
  afterAll(async () => {
    await browser.close()
    await system.stop()
  })

  afterEach(async () => {
    const complaints = visits.flatMap((each) => each.complaints)
    for (const each of visits.splice(0)) await each.leave()
    if (complaints.length > 0) throw new Error(complaints.join('\n'))
  })

  return {
    get system() {
      return system
    },
    async enter(name, query = '') {
      const { url } = await system.post<{ url: string }>('/api/v1/sign-in-links', { name, role: 'supervisor' })
      const entered = await visit(url, { query })
      visits.push(entered)
      return entered.page
    },
    async breakCamera() {
      cameras += 1
      const id = `cctv-${cameras}`
      const name = `CCTV Simpang ${cameras}`
      // It speaks so seldom that nobody misses it, however long the machine takes.
      const place = { latitude: -6.3, longitude: 106.7, district: 'serpong', intervalS: 3_600 }
      await system.post('/api/v1/devices', { id, kind: 'camera', name, ...place, agency: 'diskominfo' })
      await vi.waitFor(async () => {
        // As a camera does, it says so again: its first word may come before the detector has heard of it.
        await system.post('/api/v1/telemetry', [{ device: id, payload: { signalLoss: true, fps: 0 } }])
        const { faults } = await system.get<{ faults: unknown[] }>(`/api/v1/faults?device=${id}`)
        expect(faults).toHaveLength(1)
      }, within)
      return { id, name }
    },
    patchDevice: (id, change) => system.patch(`/api/v1/devices/${id}`, change),
  }
}

/** Holds back what the page asks to be done until it is released. */
export async function holdActions(page: Page): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  await page.route('**/api/v1/faults/*/*', async (route) => {
    await promise
    await route.continue()
  })
  return resolve
}
