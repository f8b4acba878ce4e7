// Operators acknowledge faults on the whole running system: broker, ingest with its detector, fanout, and two
// browsers. Cameras report over HTTP that they have no signal.
import { launchChromium } from '@ronda/infra/testing/chromium'
import { type RunningSystem, startSystem } from '@ronda/infra/testing/running-system'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { type OpenVisit, type Visit, createVisits } from './visit.ts'

const within = { timeout: 30_000, interval: 200 }

let system: RunningSystem
let browser: Browser
let visit: OpenVisit
let cameras = 0
const visits: Visit[] = []

beforeAll(async () => {
  ;[browser, system] = await Promise.all([launchChromium(), startSystem()])
  visit = createVisits(browser)
}, 120_000)
afterAll(async () => {
  await browser.close()
  await system.stop()
}, 30_000)

afterEach(async () => {
  const complaints = visits.flatMap((each) => each.complaints)
  for (const each of visits.splice(0)) await each.leave()
  if (complaints.length > 0) throw new Error(complaints.join('\n'))
})

async function enter(name: string, query = ''): Promise<Page> {
  const { url } = await system.post<{ url: string }>('/api/v1/sign-in-links', { name, role: 'operator' })
  const entered = await visit(url, { query })
  visits.push(entered)
  return entered.page
}

/** Registers a camera that has no signal, and waits for its fault. */
async function breakCamera(): Promise<{ id: string; name: string }> {
  cameras += 1
  const id = `cctv-${cameras}`
  const name = `CCTV Simpang ${cameras}`
  const place = { latitude: -6.3, longitude: 106.7, district: 'serpong' }
  await system.post('/api/v1/devices', { id, kind: 'camera', name, ...place, agency: 'diskominfo' })
  await vi.waitFor(async () => {
    // As a camera does, it says so again: its first word may come before the detector has heard of it.
    await system.post('/api/v1/telemetry', [{ device: id, payload: { signalLoss: true, fps: 0 } }])
    const { faults } = await system.get<{ faults: unknown[] }>(`/api/v1/faults?device=${id}`)
    expect(faults).toHaveLength(1)
  }, within)
  return { id, name }
}

const rowOf = (page: Page, name: string) => page.getByRole('treegrid').locator('.row').filter({ hasText: name })
const notice = (page: Page, text: string | RegExp) => page.locator('.notices').getByText(text)

/** Holds back what the page asks for until it is released. */
async function holdRequests(page: Page): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  await page.route('**/acknowledge', async (route) => {
    await promise
    await route.continue()
  })
  return resolve
}

test('what one acknowledges by a key shows at once, and at the others’ desks as well', async () => {
  const { name } = await breakCamera()
  const [sari, budi] = await Promise.all([enter('Sari', `?search=${name}`), enter('Budi', `?search=${name}`)])
  await rowOf(budi, name).getByText('Not acknowledged').waitFor()
  await rowOf(sari, name).waitFor()
  await sari.keyboard.press('j')
  await sari.keyboard.press('a')
  await notice(sari, 'Acknowledged: No picture: signal lost').waitFor()
  await sari.getByRole('button', { name: 'Bahasa Indonesia' }).click()
  await notice(sari, 'Ditangani: Kamera tanpa gambar: sinyal hilang').waitFor()
  await rowOf(sari, name).getByText('Sari').waitFor()
  await rowOf(budi, name).getByText('Sari').waitFor()
  await rowOf(budi, name).click()
  const trail = budi.getByRole('complementary').locator('.trail')
  await trail.getByText('Acknowledged').waitFor()
  expect(await trail.locator('li').allInnerTexts()).toEqual([
    expect.stringMatching(/Acknowledged\s*Sari/),
    expect.stringMatching(/Raised/),
  ])
})

test('who comes second hears who was first', async () => {
  const { name } = await breakCamera()
  const [sari, budi] = await Promise.all([enter('Sari', `?search=${name}`), enter('Budi', `?search=${name}`)])
  await rowOf(budi, name).waitFor()
  // Budi's request is on its way while Sari's is decided.
  const release = await holdRequests(budi)
  await rowOf(budi, name).hover()
  await rowOf(budi, name).getByRole('button', { name: 'Acknowledge' }).click()
  await rowOf(budi, name).getByText('Acknowledging…').waitFor()
  await rowOf(sari, name).click()
  await sari.getByRole('complementary').getByRole('button', { name: 'Acknowledge' }).click()
  await notice(sari, 'Acknowledged: ').waitFor()
  release()
  await notice(budi, 'Sari was first: No picture: signal lost had been acknowledged').waitFor()
  await rowOf(budi, name).getByText('Sari').waitFor()
  expect(await budi.locator('.notices').getByRole('button', { name: 'Try again' }).count()).toBe(0)
})

test('what has changed since it was seen is offered again', async () => {
  const { id, name } = await breakCamera()
  const page = await enter('Sari', `?search=${name}`)
  await rowOf(page, name).waitFor()
  const release = await holdRequests(page)
  await page.keyboard.press('j')
  await page.keyboard.press('a')
  await rowOf(page, name).getByText('Acknowledging…').waitFor()
  const patched = await fetch(`http://127.0.0.1:${system.env.RONDA_API_PORT}/api/v1/devices/${id}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${system.adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: `${name} utara` }),
  })
  expect(patched.status).toBe(200)
  await rowOf(page, `${name} utara`).waitFor()
  release()
  await notice(page, 'No picture: signal lost changed while you looked: not acknowledged').waitFor()
  await page.getByRole('button', { name: 'Acknowledge anyway' }).click()
  await notice(page, 'Acknowledged: ').waitFor()
  await rowOf(page, name).getByText('Sari').waitFor()
})

test('many at once, one of which somebody else has got to, do not fail as a whole', async () => {
  const broken = await Promise.all(Array.from({ length: 4 }, breakCamera))
  const names = broken.map(({ name }) => name)
  const [first = ''] = names
  const [sari, dewi] = await Promise.all([enter('Sari', `?search=${first}`), enter('Dewi', '?acknowledged=false')])
  await rowOf(sari, first).waitFor()
  for (const name of names) await rowOf(dewi, name).waitFor()
  await dewi.getByRole('checkbox', { name: 'Select all' }).check()
  await dewi.getByText('4 selected').waitFor()

  const release = await holdRequests(dewi)
  await dewi.getByRole('button', { name: 'Acknowledge 4' }).click()
  await sari.keyboard.press('j')
  await sari.keyboard.press('a')
  await notice(sari, 'Acknowledged: ').waitFor()
  release()
  await notice(dewi, '3 acknowledged').waitFor()
  await notice(dewi, /^Sari was first/).waitFor()
  await dewi.mouse.move(0, 0)
  await dewi.getByRole('heading', { name: 'No fault fits the filters' }).waitFor()
  expect(await dewi.locator('.row').count()).toBe(0)
})

test('a server that is away for a moment is asked again, and the fault is acknowledged once', async () => {
  const { name } = await breakCamera()
  const page = await enter('Sari', `?search=${name}`)
  await rowOf(page, name).waitFor()
  system.killHard('ingest')
  await page.keyboard.press('j')
  await page.keyboard.press('a')
  const again = page.getByRole('button', { name: 'Try again' })
  // It is back before the page gives up, or the operator asks once more.
  for (;;) {
    await notice(page, /Acknowledged: |did not answer/).waitFor()
    if (!(await again.isVisible())) break
    await again.click()
  }
  await rowOf(page, name).getByText('Sari').waitFor()
  await rowOf(page, name).click()
  const trail = page.getByRole('complementary').locator('.trail')
  await trail.getByText('Acknowledged').first().waitFor()
  expect(await trail.getByText('Acknowledged').count()).toBe(1)
}, 120_000)
