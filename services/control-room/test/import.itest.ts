// Importing on the page: what would be done is seen before it is done, tokens are seen once, and a long file is as
// light as a short one.
import { NewDevice } from '@ronda/contracts/device'
import { readFile } from 'node:fs/promises'
import { within } from '@ronda/infra/testing/within'
import { parse } from 'csv-parse/sync'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { makePerson } from './people.ts'
import { dialog, looks, violations } from './page.ts'
import { openRoom } from './room.ts'
import type { VisitOptions } from './visit.ts'

const room = openRoom()
const place = { latitude: -6.3, longitude: 106.68, district: 'serpong' }
const header = 'id,kind,name,latitude,longitude,district,street'
const path = '/api/v1/devices/import'

beforeAll(async () => {
  await makePerson(room.stage, 'dewi', 'Dewi Lestari', 'administrator')
})

const enter = (options: VisitOptions = {}) =>
  room.visit({ role: 'administrator', path: '/devices', query: '?view=import', ...options })
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name })
const rowsOf = (page: Page) => page.getByRole('listbox').getByRole('option')

async function register(id: string): Promise<void> {
  await room.stage.registry.register(NewDevice.parse({ id, kind: 'streetlight', name: id, ...place }), 'test')
}

function choose(page: Page, csv: string | Buffer, name = 'lampu.csv'): Promise<void> {
  return page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(csv) })
}

async function saved(page: Page, name: string | RegExp): Promise<{ name: string; rows: string[][] }> {
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, name).click()])
  return {
    name: download.suggestedFilename(),
    rows: parse(await readFile(await download.path(), 'utf8'), { bom: true }),
  }
}

describe('an import', () => {
  test('is seen value by value, confirmed, and its tokens are shown once', async () => {
    await register('old-1')
    await register('old-2')
    const page = await enter()
    await choose(
      page,
      [
        header,
        'old-1,streetlight,PJU Baru,-6.3,106.68,serpong,Jl. Astek',
        'old-2,streetlight,old-2,-6.3,106.68,serpong,',
        'new-1,camera,CCTV Simpang,-6.31,106.7,setu,Jl. Muncul',
        'new-2,camera,CCTV Taman,-6.31,106.7,setu,',
      ].join('\n'),
    )
    await button(page, 'Import: 2 new, 1 changed').waitFor(within)
    expect(await rowsOf(page).count()).toBe(4)
    await page.getByText('2 tokens are issued and shown once.').waitFor()
    await rowsOf(page).filter({ hasText: 'new-1' }).getByText('Camera · Setu · Jl. Muncul').waitFor()
    expect(await violations(page)).toEqual([])

    await page.getByRole('button', { name: 'Changed 1', exact: true }).click()
    await page.getByRole('listbox').focus()
    await page.keyboard.press('ArrowDown')
    const detail = page.getByRole('complementary', { name: 'Value' })
    await detail.getByRole('row', { name: 'Name old-1 PJU Baru' }).waitFor()
    await detail.getByRole('row', { name: 'Street none Jl. Astek' }).waitFor()
    expect(await violations(page)).toEqual([])

    // Nothing is written before.
    expect((await page.request.get(`${room.stage.url}/api/v1/devices/new-1`)).status()).toBe(404)
    await button(page, 'Import: 2 new, 1 changed').click()
    const tokens = dialog(page, 'Tokens of 2 devices')
    await tokens.getByText('Shown this once.').waitFor(within)
    expect(await tokens.getByRole('listitem').count()).toBe(2)
    expect(await violations(page)).toEqual([])
    const file = await saved(page, 'Download as a file')
    expect(file.name).toMatch(/^ronda-tokens-[\d-]+\.csv$/)
    expect(file.rows).toEqual([
      ['id', 'token'],
      ['new-1', expect.stringMatching(/^[\w-]{43}$/)],
      ['new-2', expect.stringMatching(/^[\w-]{43}$/)],
    ])
    await page.getByRole('button', { name: 'Done', exact: true }).click()
    await page.getByText('2 devices new, 1 changed, 1 unchanged.').waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByRole('link', { name: 'To the devices' }).click()
    await page.getByRole('link', { name: 'CCTV Simpang' }).waitFor()
  })

  test('with problems imports nothing, and tells what to do, as a file too', async () => {
    const page = await enter()
    await choose(
      page,
      [header, 'ok-1,camera,A,-6.3,106.7,setu,', 'bad-1,camera,"A, B",north,106.7,kasemen,'].join('\n'),
    )
    const problems = page.getByRole('list', { name: 'Problems' })
    await problems.getByText('latitude cannot be “north”').waitFor(within)
    await problems.getByText('Write degrees from -90 to 90, as -6.3012.').waitFor()
    await page.getByText('Nothing can be imported: 1 problem.').waitFor()
    expect(await button(page, /^Import$/).isDisabled()).toBe(true)
    expect(await violations(page)).toEqual([])
    const { name, rows } = await saved(page, 'Download the problems')
    expect(name).toBe('ronda-import-problems.csv')
    expect(rows).toEqual([
      ['Line', 'Column', 'What stands there', 'What is wrong', 'What to do'],
      ['3', 'latitude', 'north', 'latitude cannot be “north”', 'Write degrees from -90 to 90, as -6.3012.'],
    ])
    await button(page, 'Choose another file').click()
    await choose(page, 'nama;jenis\nA;camera\n')
    await problems.getByText('The column id is missing').waitFor(within)
    await problems.getByText('Columns are separated by commas, not semicolons.').waitFor()
    await button(page, 'Choose another file').click()
    await choose(page, Buffer.from('PK\u0003\u0004'), 'lampu.xlsx')
    await page.getByText('lampu.xlsx is no CSV.').waitFor()
    expect(await violations(page)).toEqual([])
  })

  test('that would do something else by now is not done, but seen anew', async () => {
    await register('race-1')
    const page = await enter()
    await choose(page, 'id,name\nrace-1,Other')
    await button(page, 'Import: 1 changed').waitFor(within)
    await room.stage.registry.update('race-1', { name: 'Meanwhile' }, 'test')
    await button(page, 'Import: 1 changed').click()
    await page.getByText('The registry was changed since this preview, so nothing was imported.').waitFor(within)
    expect(await violations(page)).toEqual([])
    await button(page, 'Check again').click()
    await rowsOf(page).getByText('Meanwhile').waitFor(within)
    await button(page, 'Import: 1 changed').click()
    await page.getByText('0 devices new, 1 changed, 0 unchanged.').waitFor(within)
  })

  test('whose answer was lost can be looked up, and its tokens issued anew', async () => {
    const page = await enter()
    await page.route(`**${path}?*`, async (route) => {
      await route.fetch()
      await route.abort()
    })
    await choose(page, [header, 'lost-1,camera,A,-6.3,106.7,setu,'].join('\n'))
    await button(page, 'Import: 1 new').click()
    await page.getByText('nobody knows whether the import was done').waitFor(within)
    await page.unroute(`**${path}?*`)
    await button(page, 'Check again').click()
    await page.getByText('There is nothing to import.').waitFor(within)
    await page.getByLabel('New tokens for known devices too').check()
    await page.getByText('1 token is issued and shown once.').waitFor(within)
    await rowsOf(page).getByText('A new token is issued; the old one ends.').waitFor()
    await button(page, 'Import: 1 changed').click()
    await dialog(page, 'Token of lost-1').waitFor(within)
    await button(page, 'Copy').click()
    await button(page, 'Copied').waitFor(within)
    await page.keyboard.press('Escape')
    expect(await page.getByRole('dialog', { name: 'Close without saving?' }).count()).toBe(0)
  })

  test('cannot be checked while the server is away; the file stays chosen', async () => {
    const page = await enter()
    await page.route(`**${path}/preview?*`, (route) => route.abort())
    await choose(page, [header, 'away-1,camera,A,-6.3,106.7,setu,'].join('\n'))
    await page.getByText('The file could not be checked. Nothing was written.').waitFor(within)
    expect(await violations(page)).toEqual([])
    await page.unroute(`**${path}/preview?*`)
    await button(page, 'Check again').click()
    await button(page, 'Import: 1 new').waitFor(within)
  })

  test('can be dropped', async () => {
    const page = await enter()
    const data = await page.evaluateHandle((csv) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([csv], 'drop.csv', { type: 'text/csv' }))
      return transfer
    }, [header, 'drop-1,camera,A,-6.3,106.7,setu,'].join('\n'))
    await page.locator('.import-drop').dispatchEvent('dragover', { dataTransfer: data })
    await page.getByText('Drop the file here').waitFor()
    await page.locator('.import-drop').dispatchEvent('drop', { dataTransfer: data })
    await button(page, 'Import: 1 new').waitFor(within)
    expect(await page.locator('.import-file').innerText()).toBe('drop.csv')
  })

  test('begins with a file of all columns, or of all devices', async () => {
    const page = await enter()
    const { rows } = await saved(page, 'Download an empty file with all columns')
    expect(rows).toHaveLength(1)
    expect(rows[0]).toContain('nominalPowerW')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download all devices as CSV' }).click(),
    ])
    expect(await readFile(await download.path(), 'utf8')).toMatch(/^id,kind,.*\n(.*\n)*pju-1,streetlight,/)
  })
})

test('a file of fifty thousand devices is looked through without a long wait', async () => {
  const page = await enter()
  const many = Array.from({ length: 50_000 }, (_, i) => `many-${i},streetlight,M ${i},-6.3,106.68,ciputat,Jl. Astek`)
  await choose(page, [header, ...many].join('\n'))
  await button(page, 'Import: 50,000 new').waitFor(within)
  expect(await rowsOf(page).count()).toBeLessThan(60)
  await page.getByRole('listbox').focus()
  const before = Date.now()
  await page.keyboard.press('End')
  await rowsOf(page).filter({ hasText: 'many-49999' }).waitFor()
  await page.getByRole('complementary', { name: 'Value' }).getByText('Line 50001').waitFor()
  await page.keyboard.press('Home')
  await rowsOf(page).filter({ hasText: 'many-0' }).first().waitFor()
  // Each of these steps is drawn at once; a list that drew all rows would take many seconds.
  expect(Date.now() - before).toBeLessThan(3_000)
  expect(await violations(page)).toEqual([])
})

describe('looks of an import', () => {
  const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
  const cases = looks.flatMap((chosen) => [
    { ...chosen, where: 'a desk', options: {} },
    { ...chosen, where: 'a telephone', options: phone },
  ])

  test.each(cases)(
    'axe finds nothing wrong: $theme, $language, $where',
    async ({ theme, language, where, options }) => {
      const page = await enter({ chosen: { theme, language }, ...options })
      const looked = async () => {
        expect(await violations(page)).toEqual([])
        if (where !== 'a desk') expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
      }
      const fresh = `${theme}-${language}-${where === 'a desk' ? 'desk' : 'phone'}`
      await choose(
        page,
        [header, `${fresh}-1,camera,A,-6.3,106.7,setu,`, `${fresh}-2,camera,B,-6.3,106.7,setu,`].join('\n'),
      )
      await rowsOf(page).first().click()
      await page.locator('.import-detail table').waitFor()
      await looked()
      await page.locator('.import-confirm .button').click()
      await page.locator('.tokens-list').waitFor()
      await looked()
      await page.locator('.ask-foot .button').first().click()
      await page.keyboard.press('Escape')
      await page.locator('.import-done').waitFor()
      await looked()
      await page.goto(`${room.stage.url}/devices?view=import`)
      await page.locator('.import-drop').waitFor()
      await choose(page, [header, 'bad 1,lamp,A,north,106.7,kasemen,', 'x'].join('\n'))
      await page.locator('.import-list .virtual-row').first().waitFor()
      await looked()
    },
  )
})
