// Language, theme, density, a telephone; and axe, which looks at all of them.
import { within } from '@ronda/infra/testing/within'
import { describe, expect, test, vi } from 'vitest'
import { camera, lamp, outage } from './faults.ts'
import { detail, looks, rowOf, rows, violations } from './page.ts'
import { openRoom } from './room.ts'

const room = openRoom()
const { raise, visit } = room

describe('looks', () => {
  const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }

  test('the language, the theme and the density are kept for this browser', async () => {
    await raise(camera)
    const page = await visit()
    await page.getByRole('button', { name: 'Bahasa Indonesia' }).click()
    await page.getByText('1 gangguan, 1 belum ditangani').waitFor()
    await rowOf(page, 'Kamera tanpa gambar: sinyal hilang').waitFor()
    await page.getByRole('button', { name: 'Tema terang' }).click()
    const tall = await rows(page).first().boundingBox()
    await page.getByRole('button', { name: 'Baris rapat' }).click()
    await vi.waitFor(
      async () => expect((await rows(page).first().boundingBox())?.height).toBeLessThan(tall?.height ?? 0),
      within,
    )
    await page.reload()
    await rowOf(page, 'Kamera tanpa gambar').waitFor()
    const kept = await page.evaluate(() => {
      const { lang, dataset } = document.documentElement
      return { lang, theme: dataset['theme'], density: dataset['density'] }
    })
    expect(kept).toEqual({ lang: 'id', theme: 'light', density: 'compact' })
  })

  test('on a telephone there is one pane', async () => {
    await raise(camera, lamp)
    const page = await visit(phone)
    await rowOf(page, 'Lamp out').tap()
    await detail(page).getByRole('heading', { name: 'Lamp out' }).waitFor()
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Back to the list')
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(width).toBe(390)
    await detail(page).getByRole('button', { name: 'Back to the list' }).tap()
    await detail(page).waitFor({ state: 'detached' })
  })

  test.each(looks)('axe finds nothing wrong: $theme, $language', async (chosen) => {
    const page = await visit({ chosen })
    expect(await violations(page)).toEqual([])
    const [, other] = await raise(
      camera,
      { ...lamp, overdue: true, dueAt: { response: 1, repair: Date.now() }, assignee: 'Tim 3' },
      {
        ...lamp,
        shelvedUntil: Date.now() + 3_600_000,
        dueAt: { response: Date.now() + 1e6, repair: Date.now() + 1e7 },
      },
      { ...lamp, shelvedUntil: Date.now() + 3_600_000, maintenance: 'w1' },
      { ...lamp, severity: 'minor', acknowledged: true, acknowledgedBy: 'Budi' },
      { ...lamp, severity: 'warning', active: false, clearedAt: Date.now(), occurrences: 3 },
      ...outage(3),
    )
    await room.stage.say([{ source: 'broker', since: Date.now() }])
    await page.reload()
    await rowOf(page, 'feeder_outage').waitFor()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowRight')
    await rowOf(page, other?.name ?? '')
      .first()
      .click()
    await page.locator('.trail, .evidence').first().waitFor()
    await page.keyboard.press('x')
    await page.locator('.alert-blind').waitFor()
    await page.mouse.move(0, 0)
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('?')
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    for (const key of ['t', 's', 'c', 'e']) {
      await page.keyboard.press(key)
      await page.locator('dialog.ask').waitFor()
      expect(await violations(page)).toEqual([])
      await page.keyboard.press('Escape')
      await page.locator('dialog.ask').waitFor({ state: 'detached' })
    }
    await page.getByRole('search').locator('.chip-group').click()
    await page.getByRole('radio').nth(2).click()
    await page.locator('.row-group').first().waitFor()
    expect(await violations(page)).toEqual([])
  })

  test('axe finds nothing wrong while the server is away, and at the door', async () => {
    const pages = await Promise.all(['dark', 'light'].map((theme) => visit({ chosen: { theme } })))
    await room.stage.stopFanout()
    for (const page of pages) {
      await page.locator('.alert-lost').waitFor(within)
      expect(await violations(page)).toEqual([])
    }
    await room.stage.startFanout()
    for (const page of pages) {
      await page.context().clearCookies()
      await page.reload()
      await page.locator('.gate-card').waitFor()
      expect(await violations(page)).toEqual([])
    }
  })

  test('axe finds nothing wrong on a telephone', async () => {
    await raise(camera, lamp, ...outage(3))
    const page = await visit(phone)
    await rowOf(page, 'Lamp out').waitFor()
    expect(await violations(page)).toEqual([])
    await rowOf(page, 'Lamp out').tap()
    await detail(page).getByRole('heading', { name: 'Lamp out' }).waitFor()
    expect(await violations(page)).toEqual([])
    await detail(page).getByRole('button', { name: 'Shelve' }).tap()
    await page.locator('dialog.ask').waitFor()
    expect(await violations(page)).toEqual([])
    // Within the screen, with nothing to be scrolled to.
    const { width, height } = phone.viewport
    const box = await page.locator('dialog.ask').boundingBox()
    expect(box).toMatchObject({ x: 0, width })
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBe(height)
  })

  test('on a telephone the marks select', async () => {
    await raise(camera, lamp)
    const page = await visit(phone)
    await rowOf(page, 'Lamp out').getByRole('checkbox').tap()
    await page.getByText('1 selected').waitFor()
    await rowOf(page, 'No picture').getByRole('checkbox').tap()
    await page.getByText('2 selected').waitFor()
    expect(await violations(page)).toEqual([])
    expect(await detail(page).count()).toBe(0)
  })
})
