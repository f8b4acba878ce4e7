// The wall of cameras in a real browser: health and counts of each, the worst first, and as smooth with thousands.
import { NewDevice } from '@ronda/contracts/device'
import { emptyCounts } from '@ronda/contracts/ledger'
import type { Row } from '@ronda/store/store'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { camera as noPicture } from './faults.ts'
import { looks, violations } from './page.ts'
import { openRoom } from './room.ts'

const room = openRoom()
const { raise, visit } = room
const minute = 60_000
const many = 2_000

const idOf = (index: number) => `cctv-${String(index).padStart(4, '0')}`

beforeAll(async () => {
  const place = { kind: 'camera', latitude: -6.3, longitude: 106.68, intervalS: 60, agency: 'diskominfo' } as const
  const devices = Array.from({ length: many }, (_, index) => {
    const district = index % 2 === 0 ? 'serpong' : 'setu'
    return { id: idOf(index), name: `CCTV Simpang ${String(index).padStart(4, '0')}`, district, ...place }
  })
  await Promise.all(devices.map((device) => room.stage.registry.register(NewDevice.parse(device), 'test')))
  const now = Date.now()
  const row = (index: number, agoMs: number, measurement: Row['measurement'], fields: Row['fields']): Row => ({
    measurement,
    device: idOf(index),
    district: 'serpong',
    tsMs: now - agoMs,
    sub: 0,
    fields,
  })
  const health = { fps: 25, expectedFps: 25, bitrateKbps: 2_400, recording: true }
  const written = [
    row(0, 0, 'camera', health),
    row(0, 40 * minute, 'camera', { ...health, bitrateKbps: 900 }),
    row(7, 0, 'camera', { ...health, fps: 0, bitrateKbps: 0, recording: false }),
    ...[1, 2, 3].map((n) => row(0, n * 1_000, 'camera_event', { rule: 'line-crossing', objectClass: 'motorcycle' })),
    row(0, 5_000, 'camera_event', { rule: 'loitering', objectClass: 'person' }),
  ]
  const staged = await room.stage.store.stage('test', written)
  await staged.commit({ cursor: { epoch: 'test', position: 1, ordinal: written.length }, counts: emptyCounts })
  await room.stage.hear([idOf(0), idOf(1), idOf(7)], now)
})

const tiles = (page: Page) => page.locator('.camera-tile')
const tileOf = (page: Page, index: number) => page.locator(`[data-camera="${idOf(index)}"]`)

describe('the cameras', () => {
  test('have their health and their counts, the worst first, and lead to each', async () => {
    await raise({ ...noPicture, deviceId: idOf(7) })
    const page = await visit({ path: '/cameras' })
    await tiles(page).first().getByText('No picture: signal lost').waitFor()
    await tileOf(page, 7).getByText('Not recording').waitFor()
    await page.getByRole('button', { name: 'Working 2' }).click()
    expect(new URL(page.url()).search).toBe('?state=working')
    const works = tileOf(page, 0)
    await works.getByText('2.4 Mbit/s').waitFor()
    await works.getByText('25/25 fps').waitFor()
    await works.getByText('Line crossing 3 · Loitering 1').waitFor()
    await works.getByText('Motorcycle 3 · Person 1').waitFor()
    await works.getByText('Last 6 hours: bit rate 1.7 Mbit/s, 4 events').waitFor({ state: 'attached' })
    await tileOf(page, 1).getByText('No reading in the last 6 hours').waitFor()
    await works.click()
    await page.getByRole('heading', { name: 'CCTV Simpang 0000' }).waitFor()
    expect(new URL(page.url()).pathname).toBe(`/devices/${idOf(0)}`)
  })

  test('are narrowed by district and by words, in the address', async () => {
    const page = await visit({ path: '/cameras' })
    await page.getByText('2000 cameras').waitFor()
    await page.getByRole('combobox', { name: 'District' }).selectOption('Setu')
    await page.getByText('1000 of 2000 cameras').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('simpang 0013')
    await page.getByText('1 of 2000 cameras').waitFor()
    expect(await tiles(page).count()).toBe(1)
    expect(new URL(page.url()).search).toBe('?district=setu&search=simpang+0013')
    await page.keyboard.type('x')
    await page.getByRole('heading', { name: 'No camera fits' }).waitFor()
    expect(await violations(page)).toEqual([])
  })

  test('of thousands only those in sight are drawn, and keys reach the last', async () => {
    const page = await visit({ path: '/cameras' })
    await tiles(page).first().waitFor()
    expect(await tiles(page).count()).toBeLessThan(80)
    await page.getByRole('region', { name: 'All cameras' }).focus()
    await page.keyboard.press('ArrowDown')
    const focused = () => page.evaluate(() => (document.activeElement as HTMLElement).dataset['camera'])
    await expect.poll(focused).toBeDefined()
    const first = await focused()
    await page.keyboard.press('ArrowRight')
    await expect.poll(focused).not.toBe(first)
    await page.keyboard.press('End')
    await expect.poll(focused).toBe(idOf(7))
    expect(await tileOf(page, 7).isVisible()).toBe(true)
    expect(await tiles(page).count()).toBeLessThan(80)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'CCTV Simpang 0007' }).waitFor()
  })

  test('do not change places under the pointer', async () => {
    const page = await visit({ path: '/cameras' })
    await tiles(page).first().hover()
    const first = await tiles(page).first().textContent()
    await raise({ ...noPicture, deviceId: idOf(7), name: 'CCTV Simpang 0007' })
    await page.getByRole('button', { name: 'Faulty 1' }).waitFor()
    expect(await tiles(page).first().textContent()).toBe(first)
    await page.getByRole('searchbox').or(page.getByRole('textbox')).first().hover()
    await tiles(page).first().getByText('No picture: signal lost').waitFor()
  })
})

describe('looks of the cameras', () => {
  test.each(looks)('axe finds nothing wrong: $theme, $language', async (chosen) => {
    await raise({ ...noPicture, deviceId: idOf(7) }, { ...noPicture, deviceId: idOf(1), severity: 'minor' })
    const page = await visit({ chosen, path: '/cameras' })
    await page.locator('.camera-faulty').nth(1).waitFor()
    expect(await violations(page)).toEqual([])
  })

  test('on a telephone nothing is wider than it', async () => {
    const page = await visit({
      path: '/cameras',
      viewport: { width: 390, height: 844 },
      isMobile: true,
      hasTouch: true,
    })
    await tiles(page).first().waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    expect(await violations(page)).toEqual([])
  })
})
