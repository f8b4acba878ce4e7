// The section System over the whole running system: how Ronda is, what it could not store, and sending that again.
import type { Role } from '@ronda/contracts/permissions'
import type { DeadLetterPage } from '@ronda/contracts/dead-letter'
import { launchChromium } from '@ronda/infra/testing/chromium'
import { type RunningSystem, startSystem } from '@ronda/infra/testing/running-system'
import { within } from '@ronda/infra/testing/within'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { dialog, looks, notice, violations } from './page.ts'
import { type OpenVisit, type Visit, type VisitOptions, createVisits } from './visit.ts'

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
const hourMs = 3_600_000

let system: RunningSystem
let browser: Browser
let visit: OpenVisit
const visits: Visit[] = []

beforeAll(async () => {
  ;[browser, system] = await Promise.all([launchChromium(), startSystem()])
  visit = createVisits(browser)
  // Without any account an administrator is asked to make the first one.
  await system.post('/api/v1/accounts', { name: 'someone', displayName: 'Someone', role: 'viewer' })
})
afterAll(async () => {
  await browser.close()
  await system.stop()
})

const away = new Set<string>()

async function stop(service: string): Promise<void> {
  away.add(service)
  await system.stopService(service)
}

function start(service: string): void {
  away.delete(service)
  system.startService(service)
}

afterEach(async () => {
  away.forEach(start)
  const complaints = visits.flatMap((each) => each.complaints)
  for (const each of visits.splice(0)) await each.leave()
  if (complaints.length > 0) throw new Error(complaints.join('\n'))
})

async function enter(role: Role, path: string, options: VisitOptions = {}): Promise<Page> {
  const { url } = await system.post<{ url: string }>('/api/v1/sign-in-links', { name: 'Sari', role })
  const [withoutQuery = '', query = ''] = path.split('?')
  const entered = await visit(url, { path: withoutQuery, query, ...options })
  visits.push(entered)
  return entered.page
}

let lamps = 0

/** A lamp that was installed a moment ago, as the registry says. */
async function addLamp(): Promise<string> {
  lamps += 1
  const id = `pju-${lamps}`
  const place = { latitude: -6.3, longitude: 106.7, district: 'serpong' }
  await system.post('/api/v1/devices', { id, kind: 'streetlight', name: id, ...place, installedAt: Date.now() - 1_000 })
  return id
}

async function send(device: string, payload: unknown): Promise<void> {
  await system.post('/api/v1/telemetry', [{ device, payload }])
}

/** Readings that cannot be true: measured before their lamp was installed. */
async function sendTooOld(device: string, count: number): Promise<void> {
  const ts = Date.now() - 2 * hourMs
  for (let i = 0; i < count; i++) await send(device, { ts: ts + i, powerW: 40 + i, owner: 'A Person' })
  await vi.waitFor(async () => {
    const { deadLetters } = await system.get<DeadLetterPage>(`/api/v1/dead-letters?device=${device}`)
    expect(deadLetters).toHaveLength(count)
  }, within)
}

/** Now the registry knows since when it has stood there. */
function mend(device: string): Promise<void> {
  return system.patch(`/api/v1/devices/${device}`, { installedAt: Date.now() - 24 * hourMs })
}

const rows = (page: Page) => page.locator('.letters-table tbody tr')
const term = async (page: Page, name: string) => {
  const text = await page.locator('.term').filter({ hasText: name }).locator('strong').textContent()
  return Number(text?.replace(/\D/g, ''))
}

describe('how the system is', () => {
  test('a viewer sees the ledger add up, and every service', async () => {
    const lamp = await addLamp()
    await send(lamp, [{ powerW: 1 }, { powerW: 2 }])
    const page = await enter('viewer', '/system')
    await page.getByText('Everything works.').waitFor(within)
    await page.getByRole('region', { name: 'Ledger', exact: true }).waitFor()
    await vi.waitFor(async () => {
      const [cameIn = 0, stored = 0, refused = 0, waiting = 0] = await Promise.all(
        ['Came in', 'Stored', 'Refused', 'Waiting'].map((name) => term(page, name)),
      )
      expect(cameIn).toBeGreaterThan(0)
      expect(stored + refused + waiting).toBe(cameIn)
    }, within)
    for (const name of ['Broker', 'Ingest', 'Fanout']) {
      await page.locator('.system-services tr').filter({ hasText: name }).getByText('0.1.0').waitFor()
    }
    expect(await page.locator('.system-tabs').count()).toBe(0)
  })

  test('a service that falls silent is a problem until it is back', async () => {
    const page = await enter('operator', '/system')
    await page.getByText('Everything works.').waitFor(within)
    await stop('broker')
    await page.getByRole('heading', { name: 'Broker is not heard of' }).waitFor(within)
    await page.getByText(/Silent for \d+ s/).waitFor()
    expect(await violations(page)).toEqual([])
    start('broker')
    await page.getByText('Everything works.').waitFor(within)
  })

  test('when ingest does not answer, what was known stays, with its time; without anybody it says that, too', async () => {
    const page = await enter('operator', '/system')
    await page.getByText('Everything works.').waitFor(within)
    await stop('ingest')
    await page.getByRole('heading', { name: 'The API does not answer' }).waitFor(within)
    await page.getByText(/so ingest is down or starting/).waitFor()
    await page.getByText(/^As of \d\d:\d\d:\d\d/).waitFor()
    await page.locator('.system-outdated .equation').waitFor()
    expect(await violations(page)).toEqual([])
    await stop('fanout')
    await page.getByText('The server does not answer. It is asked again when the connection is back.').waitFor(within)
    start('ingest')
    start('fanout')
    await page.getByText('Everything works.').waitFor(within)
    expect(await page.locator('.system-outdated').count()).toBe(0)
  })
})

describe('dead letters', () => {
  test('an administrator sends them again, one and all of a reason', async () => {
    const reason = 'Time cannot be true'
    const lamp = await addLamp()
    await sendTooOld(lamp, 2)
    const page = await enter('administrator', `/system/dead-letters?device=${lamp}`)
    await vi.waitFor(async () => expect(await rows(page).count()).toBe(2), within)
    await rows(page).first().getByText(reason).click()
    const detail = page.getByRole('complementary', { name: 'Dead letter' })
    await detail.getByRole('heading', { name: reason }).waitFor()
    await detail.getByText('"powerW": 41').waitFor()
    expect(await detail.textContent()).not.toContain('A Person')
    expect(new URL(page.url()).searchParams.get('letter')).toMatch(/^\d+$/)

    await detail.getByRole('button', { name: 'Send again' }).click()
    await notice(page, 'Sent again, and refused once more.').waitFor()
    await detail.locator('.letter-outcome').getByText('Sari').waitFor()

    await mend(lamp)
    await page.getByRole('button', { name: new RegExp(`^${reason}`) }).click()
    await page.getByRole('button', { name: 'Send all 2 again' }).click()
    const asked = dialog(page, 'Send dead letters again')
    expect(await violations(page)).toEqual([])
    await asked.getByRole('button', { name: 'Send again' }).click()
    await asked.getByRole('button', { name: 'Done' }).waitFor(within)
    expect(await asked.locator('.replay-counts > div').first().textContent()).toBe('Stored2')
    expect(await violations(page)).toEqual([])
    await asked.getByRole('button', { name: 'Done' }).click()
    await detail.getByText(/Stored after Sari sent it again/).waitFor(within)
    await vi.waitFor(async () => expect(await page.locator('.letter-stored').count()).toBe(2), within)
    expect(await detail.getByRole('button', { name: 'Send again' }).count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Send all 2 again' }).count()).toBe(0)

    const from = Date.now() - 3 * hourMs
    const { rows: stored } = await system.get<{ rows: unknown[] }>(
      `/api/v1/devices/${lamp}/history?fields=powerW&from=${from}&to=${Date.now()}`,
    )
    expect(stored).toHaveLength(2)
    const { entries } = await system.get<{ entries: { who: string; did: string }[] }>('/api/v1/audit')
    expect(entries.filter(({ did }) => did === 'replayed dead letters').at(-1)?.who).toBe('operator:Sari')
  })

  test('keys move through the list, open a letter and close it; its address is for a colleague', async () => {
    const lamp = await addLamp()
    await sendTooOld(lamp, 3)
    const page = await enter('administrator', `/system/dead-letters?device=${lamp}`)
    await rows(page).nth(2).waitFor()
    await page.getByRole('region', { name: 'Dead letters' }).focus()
    await page.keyboard.press('j')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    const detail = page.getByRole('complementary', { name: 'Dead letter' })
    await detail.getByText('"powerW": 41').waitFor()
    await page.keyboard.press('Escape')
    await detail.waitFor({ state: 'detached' })
    await page.keyboard.press('k')
    await page.keyboard.press('Enter')
    await detail.getByText('"powerW": 42').waitFor()

    const letter = new URL(page.url()).searchParams.get('letter')
    const colleague = await enter('supervisor', `/system/dead-letters?code=payload_shape&letter=${letter}`)
    const seen = colleague.getByRole('complementary', { name: 'Dead letter' })
    await seen.getByText('What was kept of the message is for administrators.').waitFor()
    expect(await seen.textContent()).not.toContain('powerW')
    expect(await seen.getByRole('button', { name: 'Send again' }).count()).toBe(0)
    await colleague.getByRole('heading', { name: 'None with this filter' }).waitFor()
    await colleague.getByRole('button', { name: 'Show all' }).click()
    await rows(colleague).nth(2).waitFor()
    await colleague.goto(`${new URL(colleague.url()).origin}/system/dead-letters?letter=1`)
    await colleague.getByRole('heading', { name: 'This dead letter is gone' }).waitFor()
    expect(await violations(colleague)).toEqual([])
  })

  test('whoever may not see them is told who may', async () => {
    const page = await enter('operator', '/system/dead-letters')
    await page.getByRole('heading', { name: 'Dead letters are for supervisors' }).waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByRole('link', { name: 'To the state of the system' }).click()
    await page.getByText('Everything works.').waitFor(within)
    await page.goto(`${new URL(page.url()).origin}/system/nothing`)
    await page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
  })

  test('while nobody answers it says so, and goes on by itself', async () => {
    const lamp = await addLamp()
    await sendTooOld(lamp, 1)
    const page = await enter('supervisor', `/system/dead-letters?device=${lamp}`)
    await rows(page).first().waitFor()
    await stop('ingest')
    await page.getByRole('button', { name: 'All reasons' }).click()
    await page.getByRole('button', { name: lamp }).click()
    await page.getByRole('heading', { name: 'The dead letters could not be fetched' }).waitFor(within)
    expect(await violations(page)).toEqual([])
    start('ingest')
    await rows(page).first().waitFor(within)
  })
})

describe('looks', () => {
  test.each(looks)('axe finds nothing wrong: $theme, $language', async (chosen) => {
    const lamp = await addLamp()
    await sendTooOld(lamp, 1)
    const page = await enter('administrator', '/system', { chosen })
    await page.locator('.trend, .trend-none').waitFor(within)
    expect(await violations(page)).toEqual([])
    await page.locator('.system-tabs a').nth(1).click()
    await rows(page).first().getByRole('link').click()
    await page.locator('.letter-payload').waitFor()
    await page.mouse.move(0, 0)
    expect(await violations(page)).toEqual([])
  })

  test('on a telephone nothing is wider than the screen, and what is opened covers the list', async () => {
    const lamp = await addLamp()
    await sendTooOld(lamp, 1)
    const width = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth)
    const page = await enter('administrator', '/system', phone)
    await page.getByText('Everything works.').waitFor(within)
    expect(await width(page)).toBe(390)
    expect(await violations(page)).toEqual([])
    await page.getByRole('link', { name: 'Dead letters' }).tap()
    await rows(page).first().getByRole('link').tap()
    const detail = page.getByRole('complementary', { name: 'Dead letter' })
    await detail.getByRole('heading', { name: 'Time cannot be true' }).waitFor()
    expect(await width(page)).toBe(390)
    expect(await violations(page)).toEqual([])
    await detail.getByRole('button', { name: 'Back to the list' }).tap()
    await detail.waitFor({ state: 'detached' })
  })
})
