// What shows figures: the cameras, the overview, the wall.
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { severities } from '../../src/faults/view.ts'
import { rangeNames } from '../../src/overview/ranges.ts'
import { type Hand, choose, counted, follow, heading, press, toggle } from '../hand.ts'
import { goTo, rows } from '../page.ts'

export async function walkCameras({ page, text, language, town, open }: Hand): Promise<void> {
  const { cameras, filters, standing } = text
  const name = `CCTV ${language} wall`
  const id = await town.breakCamera(name)
  await town.register({ id: `quiet-${language}`, kind: 'camera', name: `CCTV ${language} quiet` })
  await open('/cameras')
  const tiles = page.locator('.camera-tile')
  await page.locator(`[data-camera="${id}"]`).waitFor()
  const bar = page.getByRole('search', { name: filters.region })
  // A standing is offered that some camera has.
  for (const name of Object.values(standing)) {
    if ((await counted(bar, name).count()) > 0) await toggle(bar, name)
  }
  await choose(bar, filters.district, 'Setu')
  await expect.poll(() => new URL(page.url()).search).toBe('?district=setu')
  await choose(bar, filters.district, cameras.everyDistrict)
  await page.keyboard.press('/')
  await page.keyboard.type(name)
  await expect.poll(() => tiles.count()).toBe(1)
  await press(bar, filters.clearSearch)
  await expect.poll(() => tiles.count()).toBeGreaterThan(1)
  await page.getByRole('region', { name: cameras.label }).focus()
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => page.evaluate(() => document.activeElement?.className)).toContain('camera-tile')
  await page.locator(`[data-camera="${id}"]`).click()
  await heading(page, name)

  // A desk that looks at one agency only says so, and can look at all.
  const agency = town.agencyName('diskominfo', language)
  await open('/?agency=diskominfo')
  await rows(page).first().waitFor()
  await page.getByRole('link', { name: text.section.cameras }).click()
  await bar.getByRole('button', { name: cameras.onlyAgency(agency) }).click()
  await expect.poll(() => bar.locator('.chip-on').count()).toBe(0)
}

export async function walkOverview({ page, text, town, language, open }: Hand): Promise<void> {
  const { overview, filters } = text
  await open('/overview')
  await page.locator('.ranking li').first().waitFor()
  for (const range of rangeNames) {
    await press(page, overview.ranges[range])
    await expect
      .poll(() => page.locator('.overview-range [aria-pressed="true"]').textContent())
      .toBe(overview.ranges[range])
  }
  await choose(page, filters.agency, town.agencyName('diskominfo', language))
  await expect.poll(() => new URL(page.url()).search).toContain('agency=diskominfo')
  await choose(page, filters.agency, filters.everyAgency)
  await page.getByRole('region', { name: overview.answers }).getByRole('link').first().waitFor()

  // Each figure leads to what it counts, and back; of what is told of many, one does.
  for (const severity of severities) {
    for (const place of ['.active-faults', '.answer-table']) {
      await followAndBack(page, `${place} a[href*="severity=${severity}"]`)
    }
  }
  const links = page.locator('.overview .card a')
  const hrefs = await links.evaluateAll((each) => each.map((link) => link.getAttribute('href') ?? ''))
  for (const sort of new Set(hrefs.map(sortOf))) await followAndBack(page, `.card a[href^="${sort}"]`)
  await follow(page, overview.toWall)
  await page.locator('.wall-clock').waitFor()
}

/** Where it leads, without to which of them. */
function sortOf(href: string): string {
  return href.includes('=') ? href.slice(0, href.indexOf('=') + 1) : href.slice(0, href.lastIndexOf('/') + 1) || href
}

/** Nothing, where there is no such link. */
async function followAndBack(page: Page, selector: string): Promise<void> {
  const link = page.locator(`.overview ${selector}`).first()
  if ((await link.count()) === 0) return
  const isWithin = (await link.getAttribute('href'))?.startsWith('#')
  await link.click()
  if (isWithin) return
  await page.waitForURL((url) => url.pathname !== '/overview')
  await page.goBack()
  await page.locator('.ranking li').first().waitFor()
}

/** There is nothing to operate. */
export async function walkWall({ page, text, open }: Hand): Promise<void> {
  await open('/wall')
  await page.getByRole('list', { name: text.wall.active }).getByRole('listitem').first().waitFor()
  expect(await page.getByRole('button').or(page.getByRole('link')).count()).toBe(0)
  await goTo(page, 'f')
  await rows(page).first().waitFor()
}
