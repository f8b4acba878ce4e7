// The past of a device on its page: how it was in the last thirty days, and when it was connected.
import { NewDevice } from '@ronda/contracts/device'
import { emptyCounts } from '@ronda/contracts/ledger'
import { within } from '@ronda/infra/testing/within'
import type { Row } from '@ronda/store/store'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { lamp } from './faults.ts'
import { detail, looks, violations } from './page.ts'
import { openRoom } from './room.ts'

const room = openRoom()
const { raise, visit } = room

const minute = 60_000
const hour = 60 * minute
const place = { kind: 'streetlight', latitude: -6.3, longitude: 106.68, district: 'serpong', intervalS: 60 } as const
const began = Date.now()
let uid: string

const row = (measurement: Row['measurement'], tsMs: number, fields: Row['fields']): Row => ({
  measurement,
  device: 'pju-2',
  district: 'serpong',
  tsMs,
  sub: 0,
  fields: { receivedAt: tsMs, ...fields },
})
/** What it or the broker said of the connection that was made so many hours ago. */
const said = (hoursAgo: number, online: boolean, { will = false, of = hoursAgo } = {}) =>
  row('status', began - Math.round(hoursAgo * hour), { online, will, connectedAt: began - of * hour })

beforeAll(async () => {
  const change = await room.stage.registry.register(
    NewDevice.parse({ ...place, id: 'pju-2', name: 'PJU Jl. Raya Serpong 14' }),
    'test',
  )
  uid = change.device.uid
  // Two hours of readings, two without any, and two again.
  const readings = Array.from({ length: 360 }, (_, i) => i)
    .filter((i) => i < 120 || i >= 240)
    .map((i) => row('streetlight', began - i * minute, { powerW: 40 }))
  const words = [
    said(40, true),
    said(30, false, { will: true, of: 40 }),
    said(29, true),
    // Its end was not heard, and its will came late.
    said(6, true),
    said(5.9, false, { will: true, of: 29 }),
    said(5, false, { of: 6 }),
    said(4.9, false, { of: 6 }),
    said(4, true),
  ]
  const staged = await room.stage.store.stage('test', [...readings, ...words])
  await staged.commit({ cursor: { epoch: 'test', position: 1, ordinal: 1 }, counts: emptyCounts })
})

const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

/** Its lamp was out for an hour, five hours ago; now it is silent. */
async function live() {
  const fault = { ...lamp, deviceId: 'pju-2', uid }
  await raise(
    {
      ...fault,
      id: `${uid}.lamp_failure.${(began - 5 * hour).toString(36)}`,
      raisedAt: began - 5 * hour,
      clearedAt: began - 4.5 * hour,
      active: false,
    },
    {
      ...fault,
      id: `${uid}.comm_loss.${(began - hour).toString(36)}`,
      code: 'comm_loss',
      raisedAt: began - hour,
      message: { en: 'Silent for 1 h', id: 'Tidak ada kabar selama 1 jam' },
    },
  )
}

describe('the last thirty days', () => {
  test('are told in shares, by the keyboard and in a table that leads to the faults', async () => {
    await live()
    const page = await visit({ path: '/devices/pju-2' })
    const month = section(page, 'The last 30 days')
    await month.getByText('Silent').waitFor(within)
    for (const share of [/^Unknown 99\.\d%/, /^Working 0\.\d%/, /^Silent 0\.1%/, /^Faulty 0\.1%/]) {
      expect(await month.getByRole('listitem').filter({ hasText: share }).count(), String(share)).toBe(1)
    }
    const ribbon = month.getByRole('slider', { name: 'How it was in the last 30 days' })
    await ribbon.focus()
    const words = () => ribbon.getAttribute('aria-valuetext')
    expect(await words()).toMatch(/^Silent from .+ \d\d:\d\d:\d\d to .+, 1 h.*: Silent for 1 h$/)
    expect(await month.locator('.ribbon-words').textContent()).toBe(await words())
    await page.keyboard.press('ArrowLeft')
    expect(await words()).toMatch(/^Working from/)
    await page.keyboard.press('ArrowLeft')
    expect(await words()).toMatch(/^Unknown from .+, 1 h \d+ min$/)
    await page.keyboard.press('Home')
    expect(await words()).toMatch(/^Unknown from .+, \d+ d/)
    await page.keyboard.press('End')
    expect(await words()).toMatch(/^Silent from/)

    await month.getByRole('button', { name: 'As a table' }).click()
    const rows = month.getByRole('table').locator('tbody tr')
    expect(await rows.first().textContent()).toMatch(/Silent/)
    expect(await rows.last().textContent()).toMatch(/Unknown/)
    expect(await rows.filter({ hasText: 'Faulty' }).count()).toBe(1)
    expect(await violations(page)).toEqual([])
    await rows.filter({ hasText: 'Faulty' }).getByRole('button', { name: 'Lamp out' }).click()
    await detail(page).getByRole('heading', { name: 'Lamp out' }).waitFor()
  })

  test('show what is pointed at, and follow what happens', async () => {
    const page = await visit({ path: '/devices/pju-2' })
    const month = section(page, 'The last 30 days')
    const ribbon = month.getByRole('slider')
    await ribbon.waitFor(within)
    await ribbon.hover({ position: { x: 20, y: 10 } })
    await month.getByText(/^Unknown from/).waitFor()
    expect(await month.getByText('Silent').count()).toBe(0)
    await live()
    await month.getByRole('listitem').filter({ hasText: 'Silent' }).waitFor(within)
  })

  test('of a device that has never reported are not known', async () => {
    const page = await visit({ path: '/devices/pju-1' })
    const shares = section(page, 'The last 30 days').getByRole('listitem')
    await shares.first().waitFor(within)
    expect(await shares.allTextContents()).toEqual([expect.stringMatching(/^Unknown 100\.0%/)])
  })
})

describe('the connections', () => {
  test('are told with how they ended and how long they lasted, the newest first, each once', async () => {
    const page = await visit({ path: '/devices/pju-2' })
    const log = section(page, 'Connections of the last 30 days')
    await log.getByText('4 connections, 1 broke').waitFor(within)
    const rows = await log.locator('tbody tr').allTextContents()
    expect(rows).toHaveLength(4)
    expect(rows[0]).toMatch(/–Connected4 h/)
    expect(rows[1]).toMatch(/It signed off by itself1 h$/)
    expect(rows[2]).toMatch(/not knownNobody noticed; it connected again at .+at most 23 h$/)
    expect(rows[3]).toMatch(/The connection broke10 h$/)
  })

  test('of a device that says nothing about them: it says so', async () => {
    const page = await visit({ path: '/devices/pju-1' })
    const log = section(page, 'Connections of the last 30 days')
    await log.getByText('it has said nothing').waitFor(within)
    expect(await log.getByRole('table').count()).toBe(0)
  })
})

describe('looks of the past', () => {
  test.each(looks)('axe finds nothing wrong: $theme, $language', async (chosen) => {
    await live()
    const page = await visit({ chosen, path: '/devices/pju-2' })
    const ribbon = page.locator('.ribbon-strip')
    await ribbon.focus()
    await page.locator('.past-table').waitFor()
    await page.locator('.past [aria-expanded]').click()
    await ribbon.focus()
    expect(await page.locator('.ribbon-words').textContent()).toMatch(
      chosen.language === 'en' ? /^Silent from/ : /^Tanpa kabar dari/,
    )
    expect(await violations(page)).toEqual([])
  })

  test('on a telephone nothing is wider than it, and a finger points', async () => {
    await live()
    const page = await visit({
      path: '/devices/pju-2',
      viewport: { width: 390, height: 844 },
      isMobile: true,
      hasTouch: true,
    })
    const ribbon = page.locator('.ribbon-strip')
    await ribbon.waitFor(within)
    await page.locator('.past-table').waitFor(within)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    await ribbon.tap({ position: { x: 30, y: 20 } })
    await page.getByText(/^Unknown from/).waitFor()
    expect(await violations(page)).toEqual([])
  })
})
