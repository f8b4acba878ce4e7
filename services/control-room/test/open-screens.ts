// Every screen, opened at once in tabs of one browser, and what each has to show by itself of what happens while its
// server is away.
import type { Browser, Page } from 'playwright-core'
import type { Text } from '../src/text/en.ts'
import { heading, pane, press } from './hand.ts'
import { dialog } from './page.ts'
import { choosePassword, password } from './people.ts'
import type { Town } from './town.ts'

const lamp = 'pju-5'
const brokenLamp = 'pju-6'

/** What is there before. */
export interface Matter {
  faultId: string
}

export async function prepareTown(town: Town): Promise<Matter> {
  const camera = await town.breakCamera('CCTV before')
  const { faults } = await town.system.get<{ faults: { id: string }[] }>(`/api/v1/faults?device=${camera}`)
  await choosePassword(await town.invite('rara', 'Rara', 'administrator'))
  return { faultId: faults[0]?.id ?? '' }
}

const news = {
  camera: 'CCTV while away',
  lamp: 'PJU renamed while away',
  device: 'Titik WiFi while away',
  comment: 'Said while away',
  account: 'Made while away',
  pending: 'pending-while-away',
}

/** Somebody else does something that each of the screens is about. */
export async function happenWhileAway(town: Town, { faultId }: Matter): Promise<void> {
  await town.breakCamera(news.camera)
  await town.change(lamp, { name: news.lamp })
  await town.register({ id: 'wifi-1', kind: 'access-point', name: news.device })
  await town.system.post(`/api/v1/faults/${faultId}/comment`, { note: news.comment })
  await town.invite('made', news.account, 'viewer')
  await town.pend(news.pending)
  await town.refuse(brokenLamp, 1)
  await town.signIn('rara', password)
}

export interface Screen {
  readonly name: string
  path(matter: Matter): string
  /** Something is done to it, or it is as it is looked at. */
  prepare?(page: Page, text: Text): Promise<void>
  /** Resolves when it shows what has happened meanwhile, or what was on it, where nothing happens to it. */
  showsNews(page: Page, text: Text): Promise<void>
}

const screens: readonly Screen[] = [
  {
    name: 'the list of faults',
    path: () => '/',
    showsNews: (page) => page.locator('.alert-where', { hasText: news.camera }).waitFor(),
  },
  {
    name: 'a fault',
    path: ({ faultId }) => `/?fault=${faultId}`,
    showsNews: (page, text) => pane(page, text.detail.label).getByText(news.comment).waitFor(),
  },
  {
    name: 'the map',
    path: () => '/map',
    prepare: (page, text) => page.getByRole('button', { name: text.map.inSight }).click(),
    showsNews: (page) => page.locator('.in-sight-list').getByText(news.camera).first().waitFor(),
  },
  {
    name: 'a device on the map',
    path: () => `/map?device=${lamp}`,
    showsNews: (page, text) => heading(pane(page, text.device.label), news.lamp),
  },
  {
    name: 'the devices',
    path: () => '/devices?search=while',
    showsNews: (page) => page.getByRole('link', { name: news.device }).waitFor(),
  },
  { name: 'a device', path: () => `/devices/${lamp}`, showsNews: (page) => heading(page, news.lamp) },
  {
    name: 'the pending devices',
    path: () => '/devices?view=pending',
    showsNews: (page) => page.getByRole('row').filter({ hasText: news.pending }).waitFor(),
  },
  {
    name: 'a form that is half filled in',
    path: () => '/devices?view=new',
    prepare: (page) => page.locator('[name=name]').fill('Half'),
    showsNews: async (page, text) => {
      await page.locator('[name=name][value="Half"]').waitFor()
      await press(page, text.deviceForm.register)
      await page.getByText(text.deviceForm.check).waitFor()
    },
  },
  {
    name: 'an import that was looked at',
    path: () => '/devices?view=import',
    prepare: async (page, text) => {
      const buffer = Buffer.from('id,kind,name,latitude,longitude,district\nimported-1,camera,A,-6.3,106.7,setu')
      await page.locator('input[type=file]').setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer })
      await page.getByText(text.importing.tokensAhead(1)).waitFor()
    },
    showsNews: async (page, text) => {
      await press(page, text.importing.importNow(text.importing.confirm(1, 0)))
      await dialog(page, text.tokens.titleOf('imported-1')).waitFor()
    },
  },
  {
    name: 'the cameras',
    path: () => '/cameras',
    showsNews: (page) => page.locator('.camera-tile', { hasText: news.camera }).waitFor(),
  },
  {
    name: 'the overview',
    path: () => '/overview',
    showsNews: (page, { overview, standing, kind }) =>
      page.getByRole('link', { name: overview.standingOf('1', standing.neverSeen, kind['access-point']) }).waitFor(),
  },
  {
    name: 'the wall',
    path: () => '/wall',
    showsNews: (page) => page.getByRole('listitem').filter({ hasText: news.camera }).waitFor(),
  },
  {
    name: 'the state of the system',
    path: () => '/system',
    showsNews: async (page, text) => {
      await page.getByText(text.system.well).waitFor()
      await page.locator('.system-outdated').waitFor({ state: 'detached' })
    },
  },
  {
    name: 'the dead letters',
    path: () => '/system/dead-letters',
    showsNews: (page) => page.locator('.letters-table').getByText(brokenLamp).first().waitFor(),
  },
  {
    name: 'the accounts',
    path: () => '/accounts',
    showsNews: (page) => page.getByRole('rowheader', { name: news.account }).waitFor(),
  },
  {
    name: 'one’s own account',
    path: () => '/devices',
    prepare: async (page, text) => {
      await page.locator('.top-bar').getByRole('button', { name: 'Rara' }).click()
      await press(page.locator('.account-panel'), text.frame.myAccount)
      await dialog(page, text.account.title).getByRole('listitem').first().waitFor()
    },
    showsNews: (page, text) => dialog(page, text.account.title).getByText('Firefox').waitFor(),
  },
]

export interface OpenScreen {
  readonly screen: Screen
  readonly page: Page
}

interface OpenOptions {
  text: Text
  matter: Matter
  /** Is told what the browser complains about. */
  complaints: string[]
}

/** Each in a tab of its own, of one browser in which Rara is signed in. */
export async function openScreens(
  browser: Browser,
  town: Town,
  { text, matter, complaints }: OpenOptions,
): Promise<OpenScreen[]> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, reducedMotion: 'reduce' })
  await context.addInitScript(() => localStorage.setItem('ronda.language', 'id'))
  const headers = { origin: town.url }
  const entered = await context.request.post(`${town.url}/api/v1/session`, {
    headers,
    data: { name: 'rara', password },
  })
  if (!entered.ok()) throw new Error(await entered.text())
  const opened: OpenScreen[] = []
  for (const screen of screens) {
    const page = await context.newPage()
    page.on('pageerror', (error) => complaints.push(`${screen.name}: ${error.message}`))
    await page.goto(town.url + screen.path(matter))
    await page.locator('.connection-live').waitFor()
    await screen.prepare?.(page, text)
    // Gone with a document that is loaded anew.
    await page.evaluate(() => document.documentElement.setAttribute('data-stays', 'true'))
    opened.push({ screen, page })
  }
  return opened
}
