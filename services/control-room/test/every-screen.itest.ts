// Every screen, in a town on the whole running system: each lives on when its server is restarted under it, and every
// action on it is done in both languages. What each walk operates is noted; when all are done, nothing that the page has
// offered was left out.
import { launchChromium } from '@ronda/infra/testing/chromium'
import { startSystem } from '@ronda/infra/testing/running-system'
import { within } from '@ronda/infra/testing/within'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFailed, test } from 'vitest'
import { en } from '../src/text/en.ts'
import { id } from '../src/text/id.ts'
import { type Controls, watchControls } from './controls.ts'
import type { Hand } from './hand.ts'
import { type Matter, type OpenScreen, happenWhileAway, openScreens, prepareTown } from './open-screens.ts'
import { type Town, buildTown } from './town.ts'
import { createVisits } from './visit.ts'
import { walkDevices } from './walks/devices.ts'
import { walkFaults } from './walks/faults.ts'
import { walkCameras, walkOverview, walkWall } from './walks/figures.ts'
import { walkFrame } from './walks/frame.ts'
import { walkImport } from './walks/import.ts'
import { walkMap } from './walks/map.ts'
import { walkAccounts, walkOwnAccount } from './walks/people.ts'
import { walkRegistry } from './walks/registry.ts'
import { walkSystem } from './walks/system.ts'

let browser: Browser
let town: Town

beforeAll(async () => {
  const [launched, system] = await Promise.all([launchChromium(), startSystem()])
  browser = launched
  town = await buildTown(system)
})
afterAll(async () => {
  await browser.close()
  await town.system.stop()
})

describe('a restart of the server', () => {
  const complaints: string[] = []
  let matter: Matter
  let screens: readonly OpenScreen[] = []

  beforeAll(async () => {
    matter = await prepareTown(town)
    screens = await openScreens(browser, town, { text: id, matter, complaints })
  })
  afterAll(async () => {
    await screens[0]?.page.context().close()
    await town.closeFaults()
  })

  /** What does not hold on each screen, in its words. */
  async function onEach(isTrue: (opened: OpenScreen) => Promise<unknown>): Promise<string[]> {
    const results = await Promise.allSettled(screens.map(isTrue))
    return results.flatMap((result, at) =>
      result.status === 'rejected' ? [`${screens[at]?.screen.name}: ${String(result.reason)}`] : [],
    )
  }

  test('is shown on every screen while it lasts, and each goes on by itself and misses nothing', async () => {
    const { system } = town
    await system.stopService('fanout')
    const lost = { hasText: id.connection.reconnecting('') }
    expect(await onEach(({ page }) => page.locator('.connection', lost).waitFor())).toEqual([])
    await happenWhileAway(town, matter)
    await system.stopService('ingest')
    system.startService('fanout')
    // The connection is back before anything answers.
    expect(await onEach(({ page }) => page.locator('.connection', lost).waitFor({ state: 'detached' }))).toEqual([])
    system.startService('ingest')
    await system.whenReady(AbortSignal.timeout(within.timeout))
    expect(await onEach(({ screen, page }) => screen.showsNews(page, id))).toEqual([])
  })

  test('by kill -9 of all of it does no more harm, and nothing was loaded anew', async () => {
    const live = ({ page }: OpenScreen) => page.locator('.connection-live')
    const lost = onEach((opened) => live(opened).waitFor({ state: 'detached' }))
    for (const service of ['fanout', 'ingest', 'broker']) town.system.killHard(service)
    expect(await lost).toEqual([])
    expect(await onEach((opened) => live(opened).waitFor())).toEqual([])
    await town.breakCamera('CCTV after all')
    const [first] = screens
    await first?.page.locator('.alert-where', { hasText: 'CCTV after all' }).waitFor()
    const stays = ({ page }: OpenScreen) => page.evaluate(() => document.documentElement.hasAttribute('data-stays'))
    expect(await Promise.all(screens.map(stays))).toEqual(screens.map(() => true))
    expect(complaints).toEqual([])
  })
})

const walks: readonly [screen: string, walk: (hand: Hand) => Promise<void>][] = [
  ['the frame', walkFrame],
  ['faults', walkFaults],
  ['the map', walkMap],
  ['devices', walkDevices],
  ['the registry', walkRegistry],
  ['importing', walkImport],
  ['cameras', walkCameras],
  ['the overview', walkOverview],
  ['the wall', walkWall],
  ['the system', walkSystem],
  ['accounts', walkAccounts],
  // Last: it leaves the room.
  ['one’s own account, and the door', walkOwnAccount],
]

describe.each([
  { language: 'en', text: en },
  { language: 'id', text: id },
] as const)('every action in the language $language', ({ language, text }) => {
  let hand: Hand
  let controls: Controls
  let complaints: string[]

  beforeAll(async () => {
    const body = { name: 'Sari', role: 'administrator' }
    const { url: link } = await town.system.post<{ url: string }>('/api/v1/sign-in-links', body)
    const visit = await createVisits(browser)(link, { chosen: { language }, path: '/system' })
    const { page } = visit
    complaints = visit.complaints
    controls = await watchControls(page, language, text)
    hand = {
      page,
      text,
      language,
      town,
      async open(path) {
        await page.goto(town.url + path)
        await page.locator('.connection-live').waitFor()
      },
    }
  })

  afterAll(() => town.closeFaults())

  test.each(walks)('%s', async (_screen, walk) => {
    onTestFailed(async () => {
      const { page } = hand
      process.stdout.write(`failed at ${page.url()} with\n${await page.locator('body').ariaSnapshot()}\n`)
    })
    await walk(hand)
    expect(complaints).toEqual([])
  })

  test('nothing that was offered was left out', () => {
    expect(controls.idle()).toEqual([])
    // So many are seen at least: a survey that sees nothing misses nothing.
    expect(controls.count()).toBeGreaterThan(150)
  })
})
