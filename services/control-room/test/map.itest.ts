// The map: what it shows, in words and as it is picked, and what it says when there is nothing to draw.
import { NewDevice } from '@ronda/contracts/device'
import { within } from '@ronda/infra/testing/within'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { camera, lamp, outage } from './faults.ts'
import { detail, goTo, looks, violations } from './page.ts'
import { openRoom } from './room.ts'

const room = openRoom()
const { change, raise, visit } = room

const at = { latitude: -6.3, longitude: 106.68 }
const cabinet = { id: 'panel-1', kind: 'cabinet', name: 'Panel Jl. Raya Serpong', district: 'serpong' } as const
const far = { latitude: -6.34, longitude: 106.73, district: 'pamulang' }

beforeAll(async () => {
  const devices = [
    { ...cabinet, ...at, longitude: 106.684 },
    { id: 'pju-2', kind: 'streetlight', name: 'PJU Jl. Raya Serpong 14', ...at, latitude: -6.302, cabinet: 'panel-1' },
    { id: 'cctv-1', kind: 'camera', name: 'CCTV Simpang Gaplek 02', ...far },
  ]
  for (const device of devices) {
    await room.stage.registry.register(NewDevice.parse({ district: 'serpong', ...device }), 'test')
  }
})

const inView = (page: Page) => page.getByRole('button', { name: 'In view' })
const list = (page: Page) => page.getByRole('region', { name: 'In view' })
const card = (page: Page) => page.getByRole('complementary', { name: 'Device' })

/** Close enough for a device to stand for itself, in the middle of the map. */
const close = ({ latitude, longitude }: { latitude: number; longitude: number }) => `#17/${latitude}/${longitude}`

async function openMap(options: Parameters<typeof visit>[0] = {}): Promise<Page> {
  const page = await visit({ path: '/map', ...options })
  await page.locator('.map-canvas[data-shown]').waitFor()
  return page
}

/** Clicks into the middle until it is drawn there. */
async function pickMiddle(page: Page, opened: () => Promise<boolean>): Promise<void> {
  const canvas = page.locator('.map-canvas canvas')
  await vi.waitFor(async () => {
    await canvas.click()
    expect(await opened()).toBe(true)
  }, within)
}

describe('the map', () => {
  test('tells what is in view, gravest first, follows the faults, and opens what is chosen', async () => {
    await raise({ ...lamp, deviceId: 'pju-1', ...at })
    const page = await openMap()
    await inView(page).getByText('1 fault, 4 devices').waitFor()
    expect(await page.getByText('BPS, OCHA HDX').textContent()).toMatch(/CC BY-IGO/)
    await inView(page).click()
    const [loss] = await raise({ ...camera, deviceId: 'cctv-1', ...far })
    await inView(page).getByText('2 faults, 4 devices').waitFor()
    const items = list(page).getByRole('button')
    expect(await items.allInnerTexts()).toEqual([
      expect.stringContaining('No picture: signal lost'),
      expect.stringContaining('Lamp out'),
      ...Array.from({ length: 4 }, () => expect.any(String)),
    ])
    await items.first().click()
    await detail(page).getByRole('heading', { name: 'No picture: signal lost' }).waitFor()
    expect(new URL(page.url()).search).toBe(`?fault=${loss?.id}`)
    // It is brought into sight; what is elsewhere is not.
    await inView(page).getByText('1 fault, 1 device').waitFor(within)
    await page.getByRole('button', { name: 'Show the whole city' }).click()
    await inView(page).getByText('2 faults, 4 devices').waitFor(within)
    if (loss !== undefined) await change(loss, 'closed', { closedAt: Date.now() })
    await inView(page).getByText('1 fault, 4 devices').waitFor()
    await page.goBack()
    await detail(page).waitFor({ state: 'detached' })
    expect(new URL(page.url()).pathname).toBe('/map')
  })

  test('opens the device that is picked, or what is wrong with it; the address keeps it', async () => {
    const page = await openMap({ hash: close(at) })
    await pickMiddle(page, () => card(page).isVisible())
    await card(page).getByRole('heading', { name: 'PJU Jl. Raya Serpong 12' }).waitFor()
    await card(page).getByText('It has not reported anything yet.').waitFor()
    expect(new URL(page.url()).search).toBe('?device=pju-1')
    await page.reload()
    await card(page).getByRole('heading', { name: 'PJU Jl. Raya Serpong 12' }).waitFor()
    await page.keyboard.press('Escape')
    await card(page).waitFor({ state: 'detached' })

    await raise({ ...lamp, deviceId: 'pju-1', ...at })
    await inView(page).getByText('1 fault').waitFor()
    await pickMiddle(page, () => detail(page).isVisible())
    await detail(page).getByRole('heading', { name: 'Lamp out' }).waitFor()
  })

  test('opens a cluster by going closer', async () => {
    const page = await openMap({ hash: `#11/${at.latitude}/${at.longitude}` })
    const zoom = () => Number(new URL(page.url()).hash.slice(1).split('/')[0])
    await vi.waitFor(async () => {
      if (zoom() <= 11) await page.locator('.map-canvas canvas').click()
      expect(zoom()).toBeGreaterThan(11)
    }, within)
    expect(await card(page).count()).toBe(0)
  })

  test('shows what the filters leave, which go along to the list and back', async () => {
    await raise({ ...lamp, deviceId: 'pju-1', ...at }, { ...camera, deviceId: 'cctv-1', ...far })
    const page = await openMap()
    await inView(page).getByText('2 faults, 4 devices').waitFor()
    await page.getByRole('button', { name: 'Kind' }).click()
    await page.getByRole('checkbox', { name: /^Camera/ }).check()
    await page.keyboard.press('Escape')
    await inView(page).getByText('1 fault, 1 device').waitFor()
    await goTo(page, 'f')
    await page.getByText('1 of 2 open').waitFor()
    expect(page.url()).toBe(`${room.stage.url}/?kind=camera`)
    await goTo(page, 'm')
    await inView(page).getByText('1 fault, 1 device').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('nowhere')
    await inView(page).getByText('0 faults, 1 device').waitFor()
  })

  test('goes on while the server is away, and comes when it was away at first', async () => {
    const page = await openMap()
    await inView(page).getByText('4 devices').waitFor()
    await room.stage.stopFanout()
    await page.getByText(/Reconnecting since/).waitFor(within)
    await inView(page).click()
    expect(await list(page).getByRole('button').count()).toBe(4)
    await room.stage.startFanout()
    await page.locator('.connection-live').waitFor(within)

    await page.route('**/districts.geojson', (route) => route.abort())
    await page.reload()
    await page.getByText('The server does not answer: the map comes when it is back.').waitFor()
    expect(await violations(page)).toEqual([])
    await page.unroute('**/districts.geojson')
    await room.stage.stopFanout()
    await page.getByText(/Reconnecting since/).waitFor(within)
    await room.stage.startFanout()
    await page.locator('.map-canvas canvas').waitFor(within)
    expect(await page.locator('.map-notice').count()).toBe(0)
  })

  test('in a browser that draws none, says so and still tells what there is', async () => {
    await raise({ ...lamp, deviceId: 'pju-1', ...at })
    const page = await visit({ locale: 'en-US' })
    await page.addInitScript(() => {
      // As where WebGL is switched off.
      const original = Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, 'getContext')
      Object.defineProperty(HTMLCanvasElement.prototype, 'getContext', {
        value(this: HTMLCanvasElement, kind: string, ...more: unknown[]) {
          return kind.startsWith('webgl') ? null : original?.value.call(this, kind, ...more)
        },
      })
    })
    await page.goto(`${room.stage.url}/map`)
    await page.getByText('This browser cannot draw the map').waitFor()
    await inView(page).getByText('1 fault, 4 devices').click()
    await list(page).getByRole('button', { name: 'Lamp out' }).click()
    await detail(page).getByRole('heading', { name: 'Lamp out' }).waitFor()
    expect(await page.locator('.map-canvas canvas').count()).toBe(0)
  })
})

describe('looks of the map', () => {
  test.each(looks)('axe finds nothing wrong: $theme, $language', async (chosen) => {
    const [parent] = await raise(...outage(3))
    await raise({ ...lamp, deviceId: 'pju-1', ...at }, { ...camera, kind: 'site', deviceId: 'taman', ...far })
    const page = await openMap({ chosen, query: '?device=panel-1' })
    const label = chosen.language === 'en' ? 'In view' : 'Yang terlihat'
    await page.getByRole('button', { name: label }).click()
    await page.locator('.in-sight-item').first().waitFor()
    await page.locator('.detail .evidence, .detail .hint').first().waitFor()
    expect(await violations(page)).toEqual([])
    await page.goto(`${room.stage.url}/map?fault=${parent?.id}`)
    await page.locator('.trail, .relatives').first().waitFor()
    expect(await violations(page)).toEqual([])
  })

  test('on a telephone the sections are below, and what is opened covers the map', async () => {
    await raise({ ...lamp, deviceId: 'pju-1', ...at })
    const page = await openMap({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true })
    expect(await violations(page)).toEqual([])
    await inView(page).tap()
    await list(page).getByRole('button', { name: 'Lamp out' }).tap()
    await detail(page).getByRole('heading', { name: 'Lamp out' }).waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    await detail(page).getByRole('button', { name: 'Back to the list' }).tap()
    await page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: 'Faults' }).tap()
    await page.getByText('1 open, 1 not acknowledged').waitFor()
  })
})
