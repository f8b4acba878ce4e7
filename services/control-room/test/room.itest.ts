// The page in a real browser against the real fanout: signing in, the list, being honest about itself, its looks.
import axe from 'axe-core'
import { NewDevice } from '@ronda/contracts/device'
import type { Fault } from '@ronda/contracts/fault'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Stage, setStage } from './stage.ts'
import type { Visit, VisitOptions } from './visit.ts'

const within = { timeout: 30_000 }
const minute = 60_000

let stage: Stage
let raised: Fault[] = []
const visits: Visit[] = []

beforeAll(async () => {
  stage = await setStage()
  await stage.registry.register(device, 'test')
}, 120_000)
afterAll(() => stage.end())

afterEach(async () => {
  const complaints = visits.flatMap((visit) => visit.complaints)
  for (const visit of visits.splice(0)) await visit.leave()
  await clear()
  await stage.say()
  // Nothing was refused by the Content-Security-Policy, asked of another host, or wrong in the script.
  if (complaints.length > 0) throw new Error(complaints.join('\n'))
})

async function visit(options?: VisitOptions): Promise<Page> {
  const entered = await stage.visit(options)
  visits.push(entered)
  return entered.page
}

/** Raises faults that the end of the test closes. */
async function raise(...faults: Partial<Fault>[]): Promise<Fault[]> {
  const now = Date.now()
  const made = await stage.detector.raise(...faults.map((fault) => ({ raisedAt: now, updatedAt: now, ...fault })))
  raised.push(...made)
  return made
}

async function change(fault: Fault, event: 'updated' | 'acknowledged' | 'cleared' | 'closed', part: Partial<Fault>) {
  const changed = await stage.detector.change(fault, event, part)
  raised = raised.map((each) => (each.id === fault.id ? changed : each))
  return changed
}

async function clear(): Promise<void> {
  const open = raised.filter(({ closedAt }) => closedAt === undefined)
  raised = []
  for (const fault of open) await stage.detector.change(fault, 'closed', { closedAt: Date.now() })
}

const lamp: Partial<Fault> = {
  name: 'PJU Jl. Raya Serpong 12',
  message: { en: 'Lamp out (2 W of 90 W)', id: 'Lampu padam (2 W dari seharusnya 90 W)' },
}
const camera: Partial<Fault> = {
  code: 'video_loss',
  severity: 'critical',
  kind: 'camera',
  agency: 'diskominfo',
  district: 'pamulang',
  name: 'CCTV Simpang Gaplek 02',
  message: { en: 'No picture: signal lost', id: 'Kamera tanpa gambar: sinyal hilang' },
  evidence: { lastFrameAgeMs: 184_000, fps: 0, signalLoss: true },
}

const device = NewDevice.parse({
  id: 'pju-1',
  kind: 'streetlight',
  name: 'PJU Jl. Raya Serpong 12',
  latitude: -6.3,
  longitude: 106.68,
  district: 'serpong',
})

function outage(lamps: number): Partial<Fault>[] {
  const id = `outage-${Date.now()}.feeder_outage.1`
  const parent: Partial<Fault> = {
    id,
    code: 'feeder_outage',
    severity: 'critical',
    kind: 'cabinet',
    district: 'pamulang',
    name: 'Panel PJU Jl. Siliwangi 014',
    children: lamps,
    message: { en: 'Feeder outage', id: 'Penyulang padam' },
  }
  const children = Array.from({ length: lamps }, (_, i) => ({
    ...lamp,
    code: 'comm_loss',
    district: 'pamulang',
    name: `PJU Jl. Siliwangi ${101 + i}`,
    parentId: id,
    message: { en: 'Silent for 4 min', id: 'Tidak ada kabar selama 4 menit' },
  }))
  return [parent, ...children]
}

const rows = (page: Page) => page.getByRole('treegrid').locator('.row')
const rowOf = (page: Page, text: string) => rows(page).filter({ hasText: text })
const strip = (page: Page) => page.getByRole('region', { name: 'What needs attention now' })
const detail = (page: Page) => page.getByRole('complementary', { name: 'Fault' })

async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source)
  const { violations: found } = await page.evaluate(() =>
    // What the source above has put on the page.
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      resultTypes: ['violations'],
    }),
  )
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')} ${failureSummary}`),
  )
}

describe('signing in', () => {
  test('a link opens the room, once; its token is nowhere to be found afterwards', async () => {
    const page = await visit()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Kota Tangerang Selatan')
    expect(page.url()).toBe(`${stage.url}/`)
    const { entries } = await (await page.context().newCDPSession(page)).send('Page.getNavigationHistory')
    expect(entries.map(({ url }) => url)).toContain(`${stage.url}/`)
    expect(entries.filter(({ url }) => url.includes('token'))).toEqual([])
    const kept = await page.evaluate(() =>
      JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie]),
    )
    expect(kept).not.toMatch(/[\w-]{43}/)

    await page.reload()
    await page.locator('.connection-live').waitFor()
  })

  test('a link that is used up says what to do, and who is signed in stays so', async () => {
    const link = await stage.link()
    const first = await visit()
    await first.goto('about:blank')
    await first.goto(link)
    await first.locator('.connection-live').waitFor()

    const other = await visit()
    await other.getByRole('button', { name: 'Account' }).click()
    await other.getByRole('button', { name: 'Sign out' }).click()
    await other.getByText('You are signed out.').waitFor()
    await other.goto('about:blank')
    await other.goto(link)
    await other.getByText('This sign-in link was used already').waitFor()
    expect(await other.locator('.command').textContent()).toBe('npm run sign-in')
    expect(other.url()).toBe(`${stage.url}/`)

    // A link that is opened in this very tab changes the fragment only.
    await other.evaluate((next) => location.assign(next), await stage.link('Dewi Lestari'))
    await other.locator('.connection-live').waitFor()
    await other.getByText('Dewi Lestari').waitFor()
  })

  test('without a session the page says so, in the language of the browser', async () => {
    const page = await visit({ locale: 'id-ID' })
    await page.context().clearCookies()
    await page.reload()
    await page.getByRole('heading', { name: 'Masuk' }).waitFor()
    await page.getByText('Kota Tangerang Selatan').waitFor()
    expect(await page.locator('.command').innerText()).toBe('npm run sign-in')
  })

  test('a session that ends elsewhere ends here', async () => {
    const page = await visit()
    const request = page.context().request
    await request.delete(`${stage.url}/api/v1/session`, { headers: { origin: stage.url } })
    await page.getByText('Your session is over.').waitFor(within)
    expect(await rows(page).count()).toBe(0)
  })
})

describe('the list', () => {
  test('is calm when nothing is open, and shows a fault as it is raised, changed and closed', async () => {
    const page = await visit()
    await page.getByRole('heading', { name: 'No open faults' }).waitFor()

    // Half a minute beyond, because the page goes by the log's clock, which is a moment behind.
    const [fault] = await raise({ ...lamp, raisedAt: Date.now() - 22.5 * minute })
    if (fault === undefined) throw new Error('nothing was raised')
    const row = rowOf(page, 'Lamp out (2 W of 90 W)')
    await row.waitFor()
    expect(await row.innerText()).toMatch(
      /Major[\s\S]+lamp_failure[\s\S]+Serpong[\s\S]+22 min[\s\S]+Not acknowledged\s+Active/,
    )
    // In the city's zone, whatever the desk's.
    expect(await row.locator('time').getAttribute('title')).toMatch(/WIB$/)

    const taken = await change(fault, 'acknowledged', { acknowledged: true, acknowledgedBy: 'Budi', occurrences: 7 })
    await row.getByText('Budi').waitFor()
    await row.getByText('×7').waitFor()
    const cleared = await change(taken, 'cleared', { active: false, clearedAt: Date.now() - 3.5 * minute })
    await row.getByText('Cleared 3 min ago').waitFor()
    await change(cleared, 'closed', { closedAt: Date.now() })
    await page.getByRole('heading', { name: 'No open faults' }).waitFor()
  })

  test('of a city without devices is no good news: it says how to register them, until there is one', async () => {
    await stage.registry.retire(device.id, 'test')
    const page = await visit()
    await page.getByRole('heading', { name: 'No devices yet' }).waitFor()
    await page.getByText('POST /api/v1/devices/import').waitFor()
    expect(await page.getByRole('link', { name: 'How to use the API' }).getAttribute('href')).toBe('/docs')
    expect(await page.getByRole('heading', { name: 'No open faults' }).count()).toBe(0)
    expect(await violations(page)).toEqual([])
    await stage.registry.register({ ...device, id: 'pju-2' }, 'test')
    await page.getByRole('heading', { name: 'No open faults' }).waitFor()
  })

  test('folds what a fault has caused, and unfolds it by pointer and by keys', async () => {
    await raise(...outage(42), lamp)
    const page = await visit()
    await page.getByText('2 open, 2 not acknowledged').waitFor()
    expect(await rows(page).count()).toBe(2)
    await rowOf(page, 'Feeder outage').getByRole('button', { name: 'Show 42 lights' }).click()
    await rowOf(page, 'PJU Jl. Siliwangi 101').waitFor()
    const grid = page.getByRole('treegrid')
    expect(await grid.getAttribute('aria-rowcount')).toBe('45')
    await grid.focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowLeft')
    await vi.waitFor(async () => expect(await rows(page).count()).toBe(2), within)
  })

  test('new rows move nothing under the pointer; critical ones show at once', async () => {
    await raise({ ...lamp, name: 'PJU A' }, { ...lamp, name: 'PJU B' }, { ...lamp, name: 'PJU C' })
    const page = await visit()
    const row = rowOf(page, 'PJU B')
    await row.hover()
    const before = await row.boundingBox()

    await raise({ ...lamp, name: 'PJU D' })
    const waiting = page.getByRole('button', { name: '1 new' })
    await waiting.waitFor()
    expect(await rows(page).count()).toBe(3)
    await raise(camera)
    await strip(page).getByRole('button', { name: 'CCTV Simpang Gaplek 02' }).waitFor()
    // The strip takes room above the list; the row is still where the hand is.
    await vi.waitFor(async () => expect(await row.boundingBox()).toEqual(before), within)
    const [closing] = raised
    if (closing !== undefined) {
      const taken = { acknowledged: true, acknowledgedBy: 'Budi' }
      await change(await change(closing, 'acknowledged', taken), 'closed', { closedAt: Date.now() })
    }
    // It is still there and says how it ended, but is counted no more.
    await page.locator('.row-leaving').getByText('Budi').waitFor()
    await page.locator('.row-leaving').getByText('Closed').waitFor()
    await page.getByText('4 open, 4 not acknowledged').waitFor()
    expect(await row.boundingBox()).toEqual(before)

    await page.getByRole('button', { name: '2 new' }).click()
    await rowOf(page, 'PJU D').waitFor()
    expect(await rows(page).first().innerText()).toContain('CCTV Simpang Gaplek 02')
    await vi.waitFor(async () => expect(await rows(page).count()).toBe(4), within)
  })

  test('is narrowed by filters and search, which stand in the address', async () => {
    await raise(camera, lamp, { ...lamp, district: 'setu', name: 'PJU Jl. Raya Puspiptek 7', severity: 'minor' })
    const page = await visit()
    await page.getByText('3 open, 3 not acknowledged').waitFor()
    await page.getByRole('button', { name: 'Major 1' }).click()
    await page.getByText('1 of 3 open').waitFor()
    await page.getByRole('button', { name: 'District' }).click()
    const menu = page.getByRole('group', { name: 'District' })
    await menu.getByRole('checkbox', { name: 'Setu' }).check()
    await page.getByRole('heading', { name: 'No fault fits the filters' }).waitFor()
    // Whatever is hidden, a critical fault is not.
    await strip(page).getByRole('button', { name: 'No picture: signal lost' }).first().waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Major 0' }).click()
    await rowOf(page, 'Puspiptek').waitFor()
    expect(page.url()).toBe(`${stage.url}/?district=setu`)

    await page.reload()
    await page.getByText('1 of 3 open').waitFor()
    await page.getByRole('search').getByRole('button', { name: 'Clear filters' }).click()
    await page.getByRole('searchbox').fill('gaplek')
    await rowOf(page, 'No picture').waitFor()
    expect(await rows(page).count()).toBe(1)
    expect(page.url()).toBe(`${stage.url}/?search=gaplek`)
  })

  test('of an agency is asked of the server', async () => {
    await raise(camera, lamp)
    const page = await visit({ query: '?agency=diskominfo' })
    await page.getByText('1 open, 1 not acknowledged').waitFor()
    await raise({ ...lamp, name: 'PJU of another agency' })
    await page.getByRole('button', { name: 'Communication and Informatics' }).click()
    await page.getByRole('radio', { name: 'All agencies' }).click()
    await page.getByText('3 open, 3 not acknowledged').waitFor()
    expect(await rows(page).count()).toBe(3)
  })

  test('obeys the keyboard', async () => {
    await raise(camera, { ...lamp, name: 'PJU newer' }, { ...lamp, name: 'PJU older', raisedAt: Date.now() - minute })
    const page = await visit()
    await rowOf(page, 'PJU older').waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await detail(page).getByText('PJU newer').waitFor()
    // The detail goes along.
    await page.keyboard.press('ArrowDown')
    await detail(page).getByText('PJU older').waitFor()
    await page.keyboard.press('Escape')
    await detail(page).waitFor({ state: 'detached' })

    await page.keyboard.press('x')
    await page.keyboard.press('K')
    await page.getByText('2 selected').waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('3 open, 3 not acknowledged').waitFor()

    await page.keyboard.press('/')
    await page.keyboard.type('jk older')
    expect(await page.getByRole('searchbox').inputValue()).toBe('jk older')
    await page.getByRole('searchbox').fill('older')
    await page.keyboard.press('Escape')
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await detail(page).getByText('PJU older').waitFor()

    await page.keyboard.press('?')
    const keys = page.getByRole('dialog', { name: 'Keyboard' })
    await keys.getByRole('checkbox', { name: 'Single letters are commands' }).uncheck()
    await page.keyboard.press('Escape')
    await keys.waitFor({ state: 'detached' })
    await page.keyboard.press('/')
    await page.keyboard.press('ArrowUp')
    expect(await page.getByRole('searchbox').evaluate((box) => box === document.activeElement)).toBe(false)
  })
})

describe('the detail', () => {
  test('shows the evidence, the trail and what was caused; Back closes it', async () => {
    const [parent] = await raise(...outage(12))
    await raise(camera)
    const page = await visit()
    await rowOf(page, 'No picture').click()
    await detail(page).getByText('Age of the last frame').waitFor()
    await detail(page).getByText('3 min', { exact: true }).first().waitFor()
    await detail(page).getByText('cctv', { exact: false }).waitFor()
    expect(page.url()).toContain('?fault=')
    await page.goBack()
    await detail(page).waitFor({ state: 'detached' })

    await rowOf(page, 'Feeder outage').click()
    await detail(page).getByText('Caused 12 lights').waitFor()
    await detail(page).getByRole('button', { name: 'Show all 12' }).click()
    await detail(page).getByRole('button', { name: 'PJU Jl. Siliwangi 112' }).click()
    await detail(page).getByText('Caused by').waitFor()
    expect(page.url()).not.toContain(parent?.id)
  })

  test('of a link to a fault that is not open says so', async () => {
    const page = await visit({ query: '?fault=nobody.lamp_failure.1' })
    await detail(page).getByText('This fault is not open').waitFor()
    expect(await detail(page).getByRole('button').count()).toBe(1)
  })
})

describe('honesty', () => {
  test('a restart of the server is shown while it lasts, and nothing that happened meanwhile is missed', async () => {
    const [first] = await raise({ ...lamp, name: 'PJU before' }, { ...lamp, name: 'PJU other' })
    const page = await visit()
    await rowOf(page, 'PJU before').waitFor()
    await stage.stopFanout()
    await page.getByText(/Reconnecting since \d\d:\d\d/).waitFor(within)
    // What was known stays on the screen.
    expect(await rows(page).count()).toBe(2)
    if (first !== undefined) await change(first, 'closed', { closedAt: Date.now() })
    await raise({ ...lamp, name: 'PJU meanwhile' })
    await page.getByText(/Connection lost at \d\d:\d\d/).waitFor(within)
    await stage.startFanout()
    await page.getByText('Live', { exact: true }).waitFor(within)
    await page.getByRole('button', { name: '1 new' }).click()
    await rowOf(page, 'PJU meanwhile').waitFor()
    expect(await rows(page).count()).toBe(2)
    await rowOf(page, 'PJU before').waitFor({ state: 'detached' })
  })

  test('old data is called stale, and a blind source is named', async () => {
    const page = await visit()
    await stage.fallSilent(Date.now() - 5 * minute)
    await page.getByText(/Stale since \d\d:\d\d/).waitFor(within)
    await page.getByText(/has not moved on since/).waitFor()
    await stage.say([{ source: 'broker', since: Date.now() - 3 * minute }])
    await page.getByText('Live', { exact: true }).waitFor(within)
    await page.getByText(/No data from broker since \d\d:\d\d: silence below may be ours/).waitFor()
    expect(await page.getByText('No open faults are known.').isVisible()).toBe(true)
  })

  test('while the server does not answer at all the page says so, and enters when it does', async () => {
    const page = await visit()
    await stage.stopFanout()
    // The browser itself cannot load a page from a server that is down: only what the page asks for is refused.
    await stage.startFanout()
    await page.route('**/api/v1/session', (route) => route.fulfill({ status: 503, body: '{}' }))
    await page.reload()
    await page.getByRole('heading', { name: 'The server does not answer' }).waitFor(within)
    await page.unroute('**/api/v1/session')
    await page.locator('.connection-live').waitFor(within)
    expect(await page.locator('.gate').count()).toBe(0)
  })
})

describe('looks', () => {
  const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }

  test('the language, the theme and the density are kept for this browser', async () => {
    await raise(camera)
    const page = await visit()
    await page.getByRole('button', { name: 'Bahasa Indonesia' }).click()
    await page.getByText('1 gangguan, 1 belum ditangani').waitFor()
    await rowOf(page, 'Kamera tanpa gambar: sinyal hilang').waitFor()
    await page.getByRole('button', { name: 'Tema terang' }).click()
    const tall = await rows(page).first().boundingBox()
    await page.getByRole('button', { name: 'Baris rapat' }).click()
    await vi.waitFor(
      async () => expect((await rows(page).first().boundingBox())?.height).toBeLessThan(tall?.height ?? 0),
      within,
    )
    await page.reload()
    await rowOf(page, 'Kamera tanpa gambar').waitFor()
    const kept = await page.evaluate(() => {
      const { lang, dataset } = document.documentElement
      return { lang, theme: dataset['theme'], density: dataset['density'] }
    })
    expect(kept).toEqual({ lang: 'id', theme: 'light', density: 'compact' })
  })

  test('on a telephone there is one pane', async () => {
    await raise(camera, lamp)
    const page = await visit(phone)
    await rowOf(page, 'Lamp out').tap()
    await detail(page).getByRole('heading', { name: 'Lamp out' }).waitFor()
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Back to the list')
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(width).toBe(390)
    await detail(page).getByRole('button', { name: 'Back to the list' }).tap()
    await detail(page).waitFor({ state: 'detached' })
  })

  const looks = ['dark', 'light'].flatMap((theme) => ['en', 'id'].map((language) => ({ theme, language })))

  test.each(looks)(
    'axe finds nothing wrong: $theme, $language',
    async (chosen) => {
      const page = await visit({ chosen })
      expect(await violations(page)).toEqual([])
      const [, other] = await raise(
        camera,
        { ...lamp, overdue: true },
        { ...lamp, severity: 'minor', acknowledged: true, acknowledgedBy: 'Budi' },
        { ...lamp, severity: 'warning', active: false, clearedAt: Date.now(), occurrences: 3 },
        ...outage(3),
      )
      await stage.say([{ source: 'broker', since: Date.now() }])
      await page.reload()
      await rowOf(page, 'feeder_outage').waitFor()
      await page.keyboard.press('Home')
      await page.keyboard.press('ArrowRight')
      await rowOf(page, other?.name ?? '')
        .first()
        .click()
      await page.locator('.trail, .evidence').first().waitFor()
      await page.keyboard.press('x')
      await page.locator('.alert-blind').waitFor()
      await page.mouse.move(0, 0)
      expect(await violations(page)).toEqual([])
      await page.keyboard.press('?')
      expect(await violations(page)).toEqual([])
    },
    120_000,
  )

  test('axe finds nothing wrong while the server is away, and at the door', async () => {
    const pages = await Promise.all(['dark', 'light'].map((theme) => visit({ chosen: { theme } })))
    await stage.stopFanout()
    for (const page of pages) {
      await page.locator('.alert-lost').waitFor(within)
      expect(await violations(page)).toEqual([])
    }
    await stage.startFanout()
    for (const page of pages) {
      await page.context().clearCookies()
      await page.reload()
      await page.locator('.gate-card').waitFor()
      expect(await violations(page)).toEqual([])
    }
  }, 120_000)

  test('axe finds nothing wrong on a telephone', async () => {
    await raise(camera, lamp, ...outage(3))
    const page = await visit(phone)
    await rowOf(page, 'Lamp out').waitFor()
    expect(await violations(page)).toEqual([])
    await rowOf(page, 'Lamp out').tap()
    await detail(page).getByRole('heading', { name: 'Lamp out' }).waitFor()
    expect(await violations(page)).toEqual([])
  })
})
