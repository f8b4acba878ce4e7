// The list of open faults: what it shows, folds, hides, holds still, and its keys.
import { within } from '@ronda/infra/testing/within'
import { describe, expect, test, vi } from 'vitest'
import { camera, lamp, outage } from './faults.ts'
import { detail, rowOf, rows, strip, violations } from './page.ts'
import { openRoom } from './room.ts'

const minute = 60_000

const room = openRoom()
const { change, raise, visit } = room

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
    await room.stage.registry.retire(room.device.id, 'test')
    const page = await visit()
    await page.getByRole('heading', { name: 'No devices yet' }).waitFor()
    await page.getByText('POST /api/v1/devices/import').waitFor()
    expect(await page.getByRole('link', { name: 'How to use the API' }).getAttribute('href')).toBe('/docs')
    expect(await page.getByRole('heading', { name: 'No open faults' }).count()).toBe(0)
    expect(await violations(page)).toEqual([])
    await room.stage.registry.register({ ...room.device, id: 'pju-2' }, 'test')
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
    const [closing] = await raise({ ...lamp, name: 'PJU A' }, { ...lamp, name: 'PJU B' }, { ...lamp, name: 'PJU C' })
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
    expect(page.url()).toBe(`${room.stage.url}/?district=setu`)

    await page.reload()
    await page.getByText('1 of 3 open').waitFor()
    await page.getByRole('search').getByRole('button', { name: 'Clear filters' }).click()
    await page.getByRole('searchbox').fill('gaplek')
    await rowOf(page, 'No picture').waitFor()
    expect(await rows(page).count()).toBe(1)
    expect(page.url()).toBe(`${room.stage.url}/?search=gaplek`)
  })

  test('is put together by places, folded and unfolded, selected as a whole, in the order that is asked for', async () => {
    const setu = { ...lamp, district: 'setu' }
    const due = (minutes: number) => ({ response: Date.now() + minutes * minute, repair: Date.now() + 600 * minute })
    await raise(
      { ...lamp, name: 'PJU due later', dueAt: due(50) },
      { ...setu, name: 'PJU due soon', dueAt: due(20), severity: 'minor' },
      { ...setu, name: 'PJU late', dueAt: due(-20), overdue: true, severity: 'minor' },
      { ...setu, name: 'PJU never due', severity: 'warning' },
    )
    const page = await visit()
    await page.getByRole('button', { name: 'By: Cause' }).click()
    await page.getByRole('radio', { name: 'District' }).click()
    const heads = page.locator('.row-group')
    await vi.waitFor(async () => expect(await heads.allInnerTexts()).toHaveLength(2), within)
    expect((await heads.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '))).toEqual([
      'Serpong 1 open, 1 not acknowledged',
      'Setu 3 open, 3 not acknowledged 1 overdue',
    ])
    await rowOf(page, 'PJU late').getByText('Overdue').waitFor()
    await rowOf(page, 'PJU late')
      .getByText(/response, 2\d min/)
      .waitFor()

    await page.getByRole('treegrid').focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowLeft')
    await rowOf(page, 'PJU due later').waitFor({ state: 'detached' })
    // A head stands for all of its group, and asks nothing of it until it is selected.
    await page.keyboard.press('a')
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await page.getByText('3 selected').waitFor()
    await page.getByRole('toolbar').getByRole('button', { name: 'Clear selection' }).click()

    await page.getByRole('button', { name: 'By: District' }).click()
    await page.getByRole('radio', { name: 'Nothing' }).click()
    await page.getByRole('columnheader', { name: 'Due' }).getByRole('button').click()
    expect(await page.getByRole('columnheader', { name: 'Due' }).getAttribute('aria-sort')).toBe('ascending')
    const names = page.locator('.row .where-device')
    expect(await names.allInnerTexts()).toEqual(['PJU late', 'PJU due soon', 'PJU due later', 'PJU never due'])
    expect(page.url()).toBe(`${room.stage.url}/?group=none&sort=due`)
    await page.reload()
    await rowOf(page, 'PJU late').waitFor()
    expect(await names.allInnerTexts()).toEqual(['PJU late', 'PJU due soon', 'PJU due later', 'PJU never due'])
  })

  test('is narrowed by how it stands: acknowledged or not, overdue, mine, held back', async () => {
    await raise(
      { ...lamp, name: 'PJU mine', acknowledged: true, acknowledgedBy: 'Sari Wulandari' },
      { ...lamp, name: 'PJU late', overdue: true, dueAt: { response: 1, repair: 2 } },
      { ...lamp, name: 'PJU shelved', shelvedUntil: Date.now() + 60 * minute },
      { ...lamp, name: 'PJU maintained', shelvedUntil: Date.now() + 60 * minute, maintenance: 'w1' },
    )
    const page = await visit()
    await rowOf(page, 'PJU maintained').getByText('Planned maintenance until').waitFor()
    await rowOf(page, 'PJU shelved').getByText('Shelved until').waitFor()
    const only = async (chip: string, ...names: string[]) => {
      await page.getByRole('search').getByRole('button', { name: chip, exact: true }).click()
      await vi.waitFor(async () => {
        expect(await page.locator('.row .where-device').allInnerTexts()).toEqual(names)
      }, within)
      await page.getByRole('search').getByRole('button', { name: 'Clear filters' }).click()
      await vi.waitFor(async () => expect(await rows(page).count()).toBe(4), within)
    }
    await only('Mine 1', 'PJU mine')
    await only('Acknowledged 1', 'PJU mine')
    await only('Overdue 1', 'PJU late')
    await only('Shelved 2', 'PJU shelved', 'PJU maintained')
    await page.getByRole('button', { name: 'Acknowledged 1', exact: true }).click()
    await page.getByRole('button', { name: 'Not acknowledged 3' }).click()
    expect(page.url()).toBe(`${room.stage.url}/?acknowledged=false`)
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

  test('opens a dialog again in the moment after it was closed', async () => {
    const page = await visit()
    await page.getByRole('heading', { name: 'No open faults' }).waitFor()
    await page.keyboard.press('?')
    const keys = page.getByRole('dialog', { name: 'Keyboard' })
    // Sooner than the browser tells the page that the dialog is closed.
    await keys.getByRole('button', { name: 'Close' }).evaluate((button: HTMLElement) => {
      button.click()
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true }))
    })
    await keys.waitFor()
    await page.keyboard.press('Escape')
    await keys.waitFor({ state: 'detached' })
    expect(await page.locator('dialog').count()).toBe(0)
  })
})
