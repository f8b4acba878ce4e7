// The map with what lies over it: the filters, what is in view as a list, its tools, and what is opened beside it.
import { expect } from 'vitest'
import { type Hand, follow, heading, pane, press, toggle } from '../hand.ts'

export async function walkMap({ page, text, town, language, open }: Hand): Promise<void> {
  const { map, detail, device, frame } = text
  const name = `CCTV ${language} map`
  await town.breakCamera(name)
  await open('/map')
  await page.locator('.map-canvas[data-shown]').waitFor()
  await toggle(page.getByRole('search', { name: text.filters.region }), text.severity.critical)

  const zoom = () => Number(new URL(page.url()).hash.slice(1).split('/')[0])
  await press(page, map.closer)
  await expect.poll(zoom).toBeGreaterThan(0)
  const close = zoom()
  await press(page, map.closer)
  await expect.poll(zoom).toBeGreaterThan(close)
  await press(page, map.farther)
  await press(page, map.farther)
  await expect.poll(zoom).toBeLessThan(close)
  await press(page, map.closer)
  await press(page, map.whole)
  const legend = page.getByText(map.legend, { exact: true })
  await legend.click()
  await page.getByText(map.cluster).waitFor({ state: 'hidden' })
  await legend.click()
  await page.getByText(map.cluster).waitFor()

  await page.getByRole('button', { name: map.inSight }).click()
  const inSight = page.getByRole('region', { name: map.inSight })
  await inSight.locator('.in-sight-item:not(.in-sight-device)', { hasText: name }).click()
  const fault = pane(page, detail.label)
  await fault.getByText(name).first().waitFor()
  await press(fault, frame.close)
  await inSight.locator('.in-sight-device', { hasText: 'PJU Jl. Astek 7' }).first().click()
  const card = pane(page, device.label)
  await heading(card, 'PJU Jl. Astek 7')
  await press(card, frame.close)
  await card.waitFor({ state: 'detached' })
  await inSight.locator('.in-sight-device', { hasText: 'PJU Jl. Astek 7' }).first().click()
  await follow(card, device.openPage)
  await heading(page, 'PJU Jl. Astek 7')
}
