// The registry on the page: registering, changing and retiring one device, its tokens, and what is pending.
import { NewDevice } from '@ronda/contracts/device'
import type { Role } from '@ronda/contracts/permissions'
import { within } from '@ronda/infra/testing/within'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { makePerson } from './people.ts'
import { dialog, looks, notice, violations } from './page.ts'
import { openRoom } from './room.ts'
import type { VisitOptions } from './visit.ts'

const room = openRoom()
const place = { latitude: -6.3, longitude: 106.68, district: 'serpong' }

beforeAll(async () => {
  // With an account nobody who comes by a link is asked to make the first.
  await makePerson(room.stage, 'dewi', 'Dewi Lestari', 'administrator')
  const gateway = { id: 'gw-1', kind: 'gateway', name: 'Gateway Serpong', ...place }
  await room.stage.registry.register(NewDevice.parse(gateway), 'test')
})

const enter = (options: VisitOptions & { role?: Role } = {}) =>
  room.visit({ role: 'administrator', path: '/devices', ...options })
const field = (page: Page, name: string) => page.getByRole('form').getByLabel(name)
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })

async function register(id: string, more: Partial<NewDevice> = {}): Promise<void> {
  const device = { id, kind: 'streetlight', name: `PJU ${id}`, ...place, ...more }
  await room.stage.registry.register(NewDevice.parse(device), 'test')
}

function pend(id: string) {
  const now = Date.now()
  return room.stage.pend({
    id,
    kind: 'camera',
    gateway: 'gw-1',
    firstSeenAt: now - 3_600_000,
    lastSeenAt: now,
    messages: 1_200,
  })
}

async function closeUnsaved(page: Page): Promise<void> {
  await button(page, 'Done').click()
  await dialog(page, 'Close without saving?').waitFor()
  await button(page, 'Close all the same').click()
}

describe('a device', () => {
  test('is registered; what does not fit is marked, and its token is shown once', async () => {
    const page = await enter()
    await page.getByRole('link', { name: 'Register a device' }).click()
    expect(page.url()).toBe(`${room.stage.url}/devices?view=new`)
    await field(page, 'ID').fill('PJU 9')
    await field(page, 'Name').fill('PJU Jl. Astek 9')
    await field(page, 'Latitude').fill('-6.3012, 106.6521')
    expect(await field(page, 'Longitude').inputValue()).toBe('106.6521')
    await button(page, 'Register').click()
    await page.getByText('Some values do not fit. They are marked.').waitFor(within)
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('id')
    await page.getByText('This is needed.').waitFor()
    expect(await violations(page)).toEqual([])
    await field(page, 'ID').fill('pju-9')
    await field(page, 'District').selectOption('Serpong')
    await field(page, 'Installed').fill('2026-01-05')
    await field(page, 'Tags').fill('led; baru')
    await button(page, 'Register').click()

    const shown = dialog(page, 'Token of pju-9')
    await shown.getByText('Shown this once.').waitFor(within)
    expect(await shown.getByLabel('Token').inputValue()).toMatch(/^[\w-]{43}$/)
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await dialog(page, 'Close without saving?').waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Download as a file').click()])
    expect(download.suggestedFilename()).toMatch(/^ronda-token-pju-9-[\d-]+\.csv$/)
    await button(page, 'Done').click()
    await shown.waitFor({ state: 'detached' })
    expect(page.url()).toBe(`${room.stage.url}/devices/pju-9`)
    await page.getByRole('heading', { name: 'PJU Jl. Astek 9' }).waitFor()
    await page.getByText('led, baru').waitFor()
    const kept = await page.evaluate(() =>
      JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]),
    )
    expect(kept).not.toMatch(/[\w-]{43}/)
  })

  test('of an id that is taken is refused, and says what to do', async () => {
    await register('taken-1')
    const page = await enter({ query: '?view=new' })
    for (const [name, value] of [
      ['ID', 'taken-1'],
      ['Name', 'Again'],
      ['Latitude', '-6,3'],
      ['Longitude', '106,7'],
    ] as const) {
      await field(page, name).fill(value)
    }
    await field(page, 'District').selectOption('Serpong')
    await button(page, 'Register').click()
    await page.getByText('A device of this ID exists, or did').waitFor(within)
    expect(await field(page, 'ID').getAttribute('aria-invalid')).toBe('true')
  })

  test('is changed, and loses what is emptied', async () => {
    await register('edit-1', { street: 'Jl. Lama', nominalPowerW: 90 })
    const page = await enter({ path: '/devices/edit-1' })
    await page.getByRole('link', { name: 'Edit' }).click()
    expect(page.url()).toBe(`${room.stage.url}/devices/edit-1?view=edit`)
    await page.getByText('Nothing is changed yet.').waitFor()
    expect(await button(page, 'Save').isDisabled()).toBe(true)
    expect(await violations(page)).toEqual([])
    await field(page, 'Name').fill('PJU Baru')
    await field(page, 'Street').fill('')
    await field(page, 'Enabled').uncheck()
    await page.getByText('3 values changed').waitFor()
    await button(page, 'Save').click()
    await notice(page, 'PJU Baru is saved').waitFor(within)
    await page.getByText('It is disabled').waitFor()
    expect(await page.getByText('Jl. Lama').count()).toBe(0)
    await page.reload()
    await page.getByRole('heading', { name: 'PJU Baru' }).waitFor()
  })

  test('that somebody else changed meanwhile shows both, and loses neither', async () => {
    await register('both-1', { pole: 'P-1' })
    const page = await enter({ path: '/devices/both-1', query: '?view=edit' })
    await field(page, 'Name').fill('Mine')
    await field(page, 'Circuit').fill('C-1')
    await room.stage.registry.update('both-1', { name: 'Theirs', pole: 'P-2' }, 'test')
    await button(page, 'Save').click()
    const conflict = page.getByRole('alert').filter({ hasText: 'Somebody else changed this device' })
    await conflict.getByText('Name is now “Theirs”.').waitFor(within)
    expect(await field(page, 'Name').inputValue()).toBe('Mine')
    expect(await field(page, 'Pole').inputValue()).toBe('P-2')
    expect(await violations(page)).toEqual([])
    await conflict.getByRole('button', { name: 'Take it over Name' }).click()
    expect(await field(page, 'Name').inputValue()).toBe('Theirs')
    await page.getByText('1 value changed').waitFor()
    await button(page, 'Save').click()
    await notice(page, 'Theirs is saved').waitFor(within)
    await page.getByText('P-2').waitFor()
    await page.getByText('C-1').waitFor()
  })

  test('gets a new token, whose loss is asked about', async () => {
    await register('token-1')
    const page = await enter({ path: '/devices/token-1' })
    await button(page, 'New token…').click()
    const asking = dialog(page, 'New token for PJU token-1')
    expect(await violations(page)).toEqual([])
    await asking.getByLabel('in 7 days').check()
    const sent = page.waitForRequest((request) => request.url().endsWith('/token'))
    await button(page, 'Issue a new token').click()
    expect((await sent).postDataJSON()).toEqual({ overlapS: 7 * 24 * 3_600 })
    await dialog(page, 'Token of token-1').waitFor(within)
    await closeUnsaved(page)
    expect(await page.getByRole('dialog').count()).toBe(0)
  })

  test('is retired by whoever types its id, and takes no changes from then on', async () => {
    await register('retire-1')
    const page = await enter({ path: '/devices/retire-1' })
    await button(page, 'Retire…').click()
    const asking = dialog(page, 'Retire PJU retire-1?')
    await asking.getByText('Its ID stays blocked for good.').waitFor()
    expect(await violations(page)).toEqual([])
    const retire = asking.getByRole('button', { name: 'Retire it for good' })
    await page.keyboard.type('retire-2')
    expect(await retire.isDisabled()).toBe(true)
    await page.keyboard.press('Backspace')
    await page.keyboard.type('1')
    await page.keyboard.press('Enter')
    await notice(page, 'PJU retire-1 is retired').waitFor(within)
    await page.getByText('It is retired: it takes no part any more.').waitFor(within)
    expect(await button(page, 'Retire…').count()).toBe(0)
    await page.goto(`${room.stage.url}/devices/retire-1?view=edit`)
    await page.getByText('This device is retired and cannot be changed.').waitFor(within)
    expect(await violations(page)).toEqual([])
  })

  test('whose change nobody answers is not said to be done or not', async () => {
    await register('away-1')
    const page = await enter({ path: '/devices/away-1', query: '?view=edit' })
    await field(page, 'Name').fill('Perhaps')
    await page.route('**/api/v1/devices/away-1', (route) => route.abort())
    await button(page, 'Save').click()
    await page.getByText('nobody knows whether it was done').waitFor(within)
    expect(await field(page, 'Name').inputValue()).toBe('Perhaps')
    expect(await violations(page)).toEqual([])
  })
})

describe('pending devices', () => {
  test('come by themselves, and are registered with their gateway', async () => {
    const page = await enter({ query: '?view=pending' })
    await page.getByRole('heading', { name: 'No device is pending' }).waitFor()
    expect(await violations(page)).toEqual([])
    await pend('new-1')
    const row = page.getByRole('row').filter({ hasText: 'new-1' })
    await row.getByText('1,200').waitFor(within)
    await row.getByText('Camera').waitFor()
    expect(await violations(page)).toEqual([])
    await row.getByRole('link', { name: 'Register new-1' }).click()
    expect(await field(page, 'ID').inputValue()).toBe('new-1')
    expect(await field(page, 'Kind').isDisabled()).toBe(true)
    expect(await field(page, 'Gateway').inputValue()).toBe('gw-1')
    await field(page, 'Name').fill('CCTV Simpang Muncul')
    await field(page, 'Latitude').fill('-6.33')
    await field(page, 'Longitude').fill('106.67')
    await field(page, 'District').selectOption('Setu')
    await button(page, 'Register').click()
    await dialog(page, 'Token of new-1').waitFor(within)
    await closeUnsaved(page)
    await page.getByRole('link', { name: 'Gateway Serpong' }).waitFor()
    await page.goto(`${room.stage.url}/devices?view=approve&id=new-1`)
    await page.getByText('new-1 is pending no more').waitFor(within)
    expect(await violations(page)).toEqual([])
  })

  test('are dismissed; what somebody else dismissed first is said to be gone', async () => {
    await pend('gone-1')
    await pend('gone-2')
    const page = await enter()
    await page.getByRole('link', { name: '2 pending' }).click()
    await button(page, 'Dismiss gone-1').click()
    await notice(page, 'gone-1 is dismissed').waitFor(within)
    await page.getByRole('row').filter({ hasText: 'gone-1' }).waitFor({ state: 'detached' })
    await page.route('**/api/v1/pending-devices?*', (route) => route.abort())
    await page.evaluate(() => fetch('/api/v1/pending-devices/gone-2', { method: 'DELETE' }))
    await button(page, 'Dismiss gone-2').click()
    await notice(page, /gone-2 is pending no more/).waitFor(within)
    await page.getByRole('heading', { name: 'No device is pending' }).waitFor()
    expect(await page.getByRole('row').count()).toBe(0)
  })

  test('cannot be fetched while the server is away, and come when it is back', async () => {
    const page = await enter()
    await room.stage.stopFanout()
    await page.getByText(/Reconnecting since/).waitFor(within)
    await page.getByRole('link', { name: 'Pending' }).click()
    await page.getByRole('heading', { name: 'The pending devices could not be fetched' }).waitFor(within)
    expect(await violations(page)).toEqual([])
    await room.stage.startFanout()
    await page.getByRole('heading', { name: 'No device is pending' }).waitFor(within)
  })
})

describe('who may not change the registry', () => {
  test.each(['viewer', 'operator', 'supervisor'] as const)('%s sees it, and is offered nothing else', async (role) => {
    await pend('seen-1')
    const page = await enter({ query: '?view=pending', role })
    await page.getByRole('row').filter({ hasText: 'seen-1' }).waitFor()
    expect(await page.getByText(/Dismiss|Register/).count()).toBe(0)
    await page.goto(`${room.stage.url}/devices`)
    await page.locator('.device-table tbody tr').first().waitFor()
    expect(await page.getByText(/Import|Register a device/).count()).toBe(0)
    await page.goto(`${room.stage.url}/devices/pju-1`)
    await page.getByRole('link', { name: 'Show on the map' }).waitFor()
    expect(await page.getByText(/Edit|Retire|New token/).count()).toBe(0)
    for (const path of ['/devices?view=import', '/devices?view=new', '/devices/pju-1?view=edit']) {
      await page.goto(`${room.stage.url}${path}`)
      await page.getByRole('heading', { name: 'Only administrators change the registry' }).waitFor()
    }
    expect(await violations(page)).toEqual([])
  })
})

describe('looks of the registry', () => {
  const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
  const cases = [
    ...looks.map((chosen) => ({ ...chosen, where: 'a desk', options: {} })),
    { theme: 'light', language: 'id', where: 'a telephone', options: phone },
  ]

  test.each(cases)(
    'axe finds nothing wrong: $theme, $language, $where',
    async ({ theme, language, where, options }) => {
      await pend('seen-1')
      const page = await enter({ chosen: { theme, language }, ...options })
      const looked = async (path: string, selector: string) => {
        await page.goto(`${room.stage.url}${path}`)
        await page.locator(selector).first().waitFor()
        expect(await violations(page)).toEqual([])
        if (where !== 'a desk') expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
      }
      await looked('/devices', '.device-table tbody tr')
      await looked('/devices?view=pending', '.pending-table tbody tr')
      await looked('/devices?view=new', '.device-form')
      await looked('/devices?view=approve&id=seen-1', '.device-form')
      await looked('/devices?view=import', '.import-drop')
      await looked('/devices/pju-1?view=edit', '.device-form')
      await page.locator('input[name=latitude]').fill('north')
      await page.locator('button[type=submit]').click()
      await page.locator('.field-wrong').waitFor()
      expect(await violations(page)).toEqual([])
      await looked('/devices/pju-1', '.device-actions')
      for (const index of [0, 1]) {
        await page.locator('.device-actions button').nth(index).click()
        await page.getByRole('dialog').waitFor()
        expect(await violations(page)).toEqual([])
        await page.keyboard.press('Escape')
        await page.getByRole('dialog').waitFor({ state: 'detached' })
      }
      await page.locator('.device-actions button').first().click()
      await page.locator('dialog button[type=submit]').click()
      await page.locator('.token-facts').waitFor()
      expect(await violations(page)).toEqual([])
      await page.locator('.ask-foot .button').first().click()
      await page.keyboard.press('Escape')
      await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    },
  )
})
