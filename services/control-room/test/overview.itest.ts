// The overview in a real browser: figures of what is there, each of which leads to what it counts.
import { NewDevice } from '@ronda/contracts/device'
import { emptyCounts } from '@ronda/contracts/ledger'
import { makeFault } from '@ronda/contracts/testing/make-fault'
import type { NightEnergy } from '@ronda/contracts/night-energy'
import { within } from '@ronda/infra/testing/within'
import type { Row } from '@ronda/store/store'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { camera, lamp } from './faults.ts'
import { goTo, looks, rows, violations } from './page.ts'
import { openRoom } from './room.ts'

const room = openRoom()
const { visit } = room
const minute = 60_000

beforeAll(async () => {
  const place = { latitude: -6.3, longitude: 106.68, intervalS: 60, agency: 'diskominfo' }
  await room.stage.registry.register(
    NewDevice.parse({ id: 'cctv-1', kind: 'camera', name: 'CCTV Simpang Gaplek', district: 'pamulang', ...place }),
    'test',
  )
  await liveThroughADay()
})

/** What a light's counter says at dusk and at dawn, of the Wh that it uses last night and a week before. */
async function burn(
  device: string,
  { lastNight, weekBefore }: Pick<NightEnergy, 'lastNight' | 'weekBefore'>,
  { last, before }: { last: number; before?: number },
): Promise<void> {
  if (lastNight === null || weekBefore === null) throw new Error('the city has no night')
  const readings: [tsMs: number, energyWh: number][] = [
    [lastNight.from, 5_000],
    [lastNight.to, 5_000 + last],
  ]
  if (before !== undefined) readings.push([weekBefore.from, 1_000], [weekBefore.to, 1_000 + before])
  const rows = readings.map(([tsMs, energyWh]): Row => {
    return { measurement: 'streetlight', device, district: 'serpong', tsMs, sub: 0, fields: { energyWh } }
  })
  const staged = await room.stage.store.stage('test', rows)
  await staged.commit({ cursor: { epoch: 'test', position: 1, ordinal: 1 }, counts: emptyCounts })
}

const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

/** A day: some of it answered in time, some too late, some not at all. In the order of time, as the engine has it. */
async function liveThroughADay(): Promise<void> {
  const { detector } = room.stage
  const now = Date.now()
  const at = now - 3 * 60 * minute
  const raised = (time: number) => ({ raisedAt: time, updatedAt: time, announcedAt: time })
  const taken = (time: number) => ({ acknowledged: true, acknowledgedBy: 'Budi', updatedAt: time })
  const [broken = makeFault(), out = makeFault()] = await detector.raise(
    { ...camera, deviceId: 'cctv-1', overdue: true, ...raised(at) },
    { ...lamp, deviceId: 'pju-1', agency: 'dishub', ...raised(at) },
  )
  await detector.change(out, 'acknowledged', taken(at + 4 * minute))
  await detector.change(broken, 'acknowledged', taken(at + 20 * minute))
  await detector.raise({ ...lamp, deviceId: 'pju-1', agency: 'dishub', severity: 'warning', ...raised(now) })
}

describe('the overview', () => {
  test('counts devices and faults, and leads to them', async () => {
    const page = await visit({ path: '/overview' })
    const devices = section(page, 'Devices now')
    await devices.getByRole('link', { name: '1 Never heard: Camera' }).waitFor()
    const active = section(page, 'Active faults now')
    await active.getByRole('link', { name: /Critical/ }).waitFor()
    expect(await active.getByRole('link', { name: /Critical/ }).textContent()).toMatch(/1all acknowledged$/)
    await active.getByRole('link', { name: /Warning/ }).click()
    await rows(page).first().waitFor()
    expect(new URL(page.url()).search).toBe('?severity=warning&active=true')
    expect(await rows(page).count()).toBe(1)
    await page.goBack()
    await devices.getByRole('link', { name: '1 Never heard: Camera' }).click()
    await page.waitForURL(`${room.stage.url}/cameras?state=neverSeen`)
    await page.getByRole('link', { name: 'CCTV Simpang Gaplek' }).waitFor()
  })

  test('has the load beside its targets, and how each agency answers against its due time', async () => {
    const page = await visit({ path: '/overview' })
    const load = section(page, 'Alarm load')
    await load.getByText('3 announced').waitFor()
    await load.getByText('target ≤ 6').waitFor()
    const answers = section(page, 'Answer times of the agencies')
    const critical = answers.getByRole('row', { name: /Critical/ })
    await critical.getByText('20 min p90 late').waitFor()
    await critical.getByText('due 15 min').waitFor()
    const major = answers.getByRole('row', { name: /Major/ })
    await major.getByText('4 min median').waitFor()
    expect(await major.getByText('late').count()).toBe(0)
    await section(page, 'Worst devices')
      .getByRole('link', { name: /PJU Jl. Raya Serpong 12/ })
      .waitFor()
    await section(page, 'Worst places').getByRole('link', { name: 'Pamulang' }).click()
    await page.waitForURL(`${room.stage.url}/map?district=pamulang`)
  })

  test('has the energy of the night beside that of a week before, of the lights that are known', async () => {
    await room.stage.registry.register(
      NewDevice.parse({ ...room.device, id: 'pju-2', name: 'PJU Jl. Raya Serpong 14' }),
      'test',
    )
    const page = await visit({ path: '/overview' })
    const energy = section(page, 'Energy of last night')
    await energy.getByText('Not known: no street light').waitFor()
    expect(await violations(page)).toEqual([])
    // The contract says what this path answers.
    const fetchNights = (): Promise<NightEnergy> =>
      page.evaluate(async () => (await (await fetch('/api/v1/night-energy')).json()) as NightEnergy)
    const nights = await fetchNights()
    await burn('pju-1', nights, { last: 1_530, before: 1_500 })
    await burn('pju-2', nights, { last: 470 })
    // The page asks once a minute, and the registry may only now have heard of the second light.
    await expect.poll(fetchNights).toMatchObject({ lights: 2, lastNight: { lights: 2 }, both: { lights: 1 } })
    await page.reload()
    await energy.getByText('by all street lights (2)').waitFor(within)
    expect(await energy.textContent()).toContain('2 kWh by all')
    await energy.getByText('+2.0% Lights known in both nights: 1.').waitFor()
    expect(await energy.getByRole('definition').allTextContents()).toEqual(['1.5 kWh', '1.5 kWh'])
  })

  test('is of the time and the agency in its address', async () => {
    const page = await visit({ path: '/overview', query: '?range=shift&agency=dishub' })
    await section(page, 'Alarm load').getByText('2 announced').waitFor()
    await page.getByRole('button', { name: 'Month' }).click()
    await page.getByRole('combobox', { name: 'Agency' }).selectOption('')
    await section(page, 'Alarm load').getByText('3 announced').waitFor()
    expect(new URL(page.url()).search).toBe('?range=month')
  })

  test('is reached by keys', async () => {
    const page = await visit()
    await goTo(page, 'o')
    await page.getByRole('heading', { name: 'The city in numbers' }).waitFor()
    await section(page, 'Alarm load').waitFor()
    expect(new URL(page.url()).pathname).toBe('/overview')
  })

  test('stays while the server is away, and says as of when', async () => {
    const page = await visit({ path: '/overview' })
    await section(page, 'Alarm load').waitFor()
    await room.stage.stopFanout()
    await page.getByText(/the figures with it/).waitFor(within)
    expect(await section(page, 'Alarm load').isVisible()).toBe(true)
    await page.getByRole('button', { name: 'Week' }).click()
    await page.getByText('The figures could not be fetched').waitFor(within)
    expect(await violations(page)).toEqual([])
    await room.stage.startFanout()
    await section(page, 'Alarm load').waitFor(within)
  })
})

describe('looks of the overview', () => {
  test.each(looks)('axe finds nothing wrong: $theme, $language', async (chosen) => {
    const page = await visit({ chosen, path: '/overview' })
    await page.locator('.answer-bar').first().waitFor()
    await page.locator('.ranking li').first().waitFor()
    expect(await violations(page)).toEqual([])
  })

  test('on a telephone nothing is wider than it', async () => {
    const page = await visit({
      path: '/overview',
      viewport: { width: 390, height: 844 },
      isMobile: true,
      hasTouch: true,
    })
    await page.locator('.answer-bar').first().waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    expect(await violations(page)).toEqual([])
  })
})
