// The list of devices and the page of one: what it is, what it said, what is wrong with it.
import { NewDevice } from '@ronda/contracts/device'
import { emptyCounts } from '@ronda/contracts/ledger'
import { within } from '@ronda/infra/testing/within'
import type { Row } from '@ronda/store/store'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { lamp } from './faults.ts'
import { detail, goTo, looks, violations } from './page.ts'
import { openRoom } from './room.ts'

const room = openRoom()
const { change, raise, visit } = room

const minute = 60_000
const place = { latitude: -6.3, longitude: 106.68, district: 'serpong', intervalS: 60 }
const devices: (Partial<NewDevice> & Pick<NewDevice, 'id' | 'kind' | 'name'>)[] = [
  { id: 'panel-1', kind: 'cabinet', name: 'Panel Jl. Raya Serpong', ...place },
  {
    id: 'pju-2',
    kind: 'streetlight',
    name: 'PJU Jl. Raya Serpong 14',
    ...place,
    street: 'Jl. Raya Serpong',
    pole: 'SRP-14',
    cabinet: 'panel-1',
    nominalPowerW: 90,
  },
  { id: 'cctv-1', kind: 'camera', name: 'CCTV Simpang Gaplek', ...place, district: 'pamulang' },
]

/** A reading each minute until `minutesAgo`, but for those of the gap. */
function readings(device: string, minutesAgo: number, fields: Row['fields']): Row[] {
  const now = Date.now()
  return Array.from({ length: 50 }, (_, i) => i)
    .filter((i) => i < 20 || i > 30)
    .map((i) => ({
      measurement: 'streetlight',
      device,
      district: 'serpong',
      tsMs: now - (minutesAgo + i) * minute,
      sub: 0,
      fields: { receivedAt: now - (minutesAgo + i) * minute, ...fields },
    }))
}

async function write(rows: Row[]): Promise<void> {
  const staged = await room.stage.store.stage('test', rows)
  await staged.commit({ cursor: { epoch: 'test', position: 1, ordinal: rows.length }, counts: emptyCounts })
}

beforeAll(async () => {
  for (const device of devices) await room.stage.registry.register(NewDevice.parse(device), 'test')
  await write([
    ...readings('pju-2', 0, { powerW: 44, dimPct: 50, commandPct: 100, voltageV: 229.5, powerFactor: 0.7 }),
    ...readings('pju-1', 30, { powerW: 88, voltageV: 228 }),
  ])
})

const rowsOf = (page: Page) => page.getByRole('region', { name: 'All devices' }).locator('tbody tr')
const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

describe('the devices', () => {
  test('are searched and narrowed, in the address, and lead to each device', async () => {
    await raise({ ...lamp, deviceId: 'pju-2' })
    const page = await visit()
    await goTo(page, 'd')
    await rowsOf(page).first().waitFor()
    expect(await rowsOf(page).count()).toBe(4)
    await rowsOf(page).filter({ hasText: 'pju-2' }).getByText('Major').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('serpong 14')
    await rowsOf(page).filter({ hasText: 'pju-1' }).waitFor({ state: 'detached' })
    expect(await rowsOf(page).count()).toBe(1)
    expect(new URL(page.url()).search).toBe('?search=serpong+14')
    await page.getByRole('button', { name: 'Camera' }).click()
    await page.getByRole('heading', { name: 'No device fits' }).waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await page.getByRole('combobox', { name: 'District' }).selectOption('Pamulang')
    await page.getByRole('link', { name: 'CCTV Simpang Gaplek' }).click()
    await page.getByRole('heading', { name: 'CCTV Simpang Gaplek' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/devices/cctv-1')
    await page.goBack()
    await page.waitForURL(`${room.stage.url}/devices?district=pamulang`)
    await rowsOf(page).filter({ hasText: 'cctv-1' }).waitFor()
  })

  test('that there is not: it says so', async () => {
    const page = await visit({ path: '/devices/nobody' })
    await page.getByRole('heading', { name: 'There is no such device' }).waitFor()
    expect(await violations(page)).toEqual([])
  })
})

describe('a device', () => {
  test('shows what it should do beside what it does, its values beside what is expected, and its past', async () => {
    const page = await visit({ path: '/devices/pju-2', query: '?range=1h' })
    const should = section(page, 'Expected and actual')
    await should.getByText('50 % of 100 %').waitFor()
    await should.getByText('44 W of 45 W').waitFor()
    const latest = section(page, 'Latest values')
    await latest.getByText('expected from 0.85').waitFor()
    expect(await latest.locator('.values-old').count()).toBe(0)
    await latest.getByText('expected 207 V to 241.5 V').waitFor({ state: 'attached' })

    const history = section(page, 'History')
    await history.getByText('As reported').waitFor()
    await history.locator('.chart canvas').first().waitFor()
    expect(await history.locator('.chart').count()).toBe(4)
    await history.getByText('44 W (44 W to 44 W)').waitFor()
    await history.getByRole('button', { name: '7 d' }).click()
    await history.getByText('Means of 30 min').waitFor()
    expect(new URL(page.url()).search).toBe('?range=7d')
    await page.reload()
    await history.getByText('Means of 30 min').waitFor()
    // The charts share their cursor.
    await history.locator('.u-over').first().hover()
    await history.locator('.chart-tip').nth(1).waitFor()
  })

  test('that has not reported for long is shown as it was, dimmed, and its connection as unknown', async () => {
    const page = await visit({ path: '/devices/pju-1' })
    const latest = section(page, 'Latest values')
    await latest.getByText('Older than two intervals of 1 min').waitFor()
    await latest.locator('.values-old').waitFor()
    await page.getByText('Connection unknown').waitFor()
    expect(await section(page, 'Expected and actual').count()).toBe(0)
  })

  test('has its faults, open and closed, its cabinet, its place on the map', async () => {
    const [fault] = await raise({ ...lamp, deviceId: 'pju-2' })
    const page = await visit({ path: '/devices/pju-2' })
    const faults = section(page, 'Faults')
    await faults.getByText('Lamp out').waitFor()
    if (fault !== undefined) {
      const taken = { acknowledged: true, acknowledgedBy: 'Budi' }
      await change(await change(fault, 'acknowledged', taken), 'closed', { closedAt: Date.now() })
    }
    await faults.getByText('Nothing is known to be wrong with it.').waitFor()
    await section(page, 'Cabinet').getByRole('link', { name: 'Panel Jl. Raya Serpong' }).click()
    await page.getByRole('heading', { name: 'Panel Jl. Raya Serpong' }).waitFor()
    await page.getByRole('region', { name: 'What it feeds' }).getByRole('link').click()
    await page.getByRole('heading', { name: 'PJU Jl. Raya Serpong 14' }).waitFor()
    await page.getByRole('link', { name: 'Show on the map' }).click()
    await page.getByRole('complementary', { name: 'Device' }).getByRole('link', { name: 'Open the device' }).waitFor()
    expect(page.url()).toContain('/map?device=pju-2')
    await page.keyboard.press('Escape')
    await page.goBack()
    await page.waitForURL(/devices|map/)
  })

  test('opens its fault in the list, and is opened from there', async () => {
    await raise({ ...lamp, deviceId: 'pju-2' })
    const page = await visit({ path: '/devices/pju-2' })
    await section(page, 'Faults').getByRole('button', { name: 'Lamp out' }).click()
    await detail(page).getByRole('link', { name: 'pju-2' }).click()
    await page.getByRole('heading', { name: 'PJU Jl. Raya Serpong 14' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/devices/pju-2')
  })

  test('stays while the server is away, and a page that could not be fetched comes when it is back', async () => {
    const page = await visit({ path: '/devices/pju-2' })
    await section(page, 'Latest values').getByText('229.5 V').waitFor()
    await room.stage.stopFanout()
    await page.getByText(/Reconnecting since/).waitFor(within)
    expect(await section(page, 'Latest values').getByText('229.5 V').isVisible()).toBe(true)
    await section(page, 'Cabinet').getByRole('link').click()
    await page.getByRole('heading', { name: 'The device could not be fetched' }).waitFor(within)
    expect(await violations(page)).toEqual([])
    await room.stage.startFanout()
    await page.getByRole('heading', { name: 'Panel Jl. Raya Serpong' }).waitFor(within)
  })
})

describe('looks of the devices', () => {
  test.each(looks)('axe finds nothing wrong: $theme, $language', async (chosen) => {
    await raise({ ...lamp, deviceId: 'pju-2' })
    const page = await visit({ chosen, path: '/devices' })
    await page.locator('.device-table tbody tr').first().waitFor()
    expect(await violations(page)).toEqual([])
    for (const id of ['pju-2', 'pju-1']) {
      await page.goto(`${room.stage.url}/devices/${id}`)
      await page.locator('.chart canvas').first().waitFor()
      expect(await violations(page)).toEqual([])
    }
  })

  test('on a telephone nothing is wider than it', async () => {
    const page = await visit({
      path: '/devices/pju-2',
      viewport: { width: 390, height: 844 },
      isMobile: true,
      hasTouch: true,
    })
    await page.locator('.chart canvas').first().waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    expect(await violations(page)).toEqual([])
    await page.getByRole('link', { name: 'All devices' }).tap()
    await page.locator('.device-table tbody tr').first().waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    expect(await violations(page)).toEqual([])
  })
})
