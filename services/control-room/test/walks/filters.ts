// The filters over the list of faults, which are those over the map as well.
import type { Locator } from 'playwright-core'
import { expect } from 'vitest'
import { severities } from '../../src/faults/view.ts'
import { standings } from '../../src/faults/standing.ts'
import { type Hand, counted, press, toggle } from '../hand.ts'

export async function walkFilters({ page, text, language, town }: Hand): Promise<void> {
  const { filters, severity, standings: names } = text
  const bar = page.getByRole('search', { name: filters.region })
  for (const each of severities) await toggle(bar, severity[each])
  for (const each of standings) await toggle(bar, names[each])

  const query = () => new URL(page.url()).searchParams
  await chooseSome(bar, { label: filters.district, choice: 'Setu', none: filters.none })
  await chooseSome(bar, { label: filters.kind, choice: text.kind.camera, none: filters.none })
  await page.keyboard.press('Escape')

  const agency = town.agencyName('diskominfo', language)
  await press(bar, filters.agency)
  await bar.getByRole('radio', { name: agency }).click()
  await expect.poll(() => query().get('agency')).toBe('diskominfo')
  await press(bar, agency)
  await bar.getByRole('radio', { name: filters.everyAgency }).click()
  await expect.poll(() => query().get('agency')).toBeNull()

  await press(bar, filters.grouped(text.grouping.cause))
  await bar.getByRole('radio', { name: text.grouping.none }).click()
  await press(bar, filters.grouped(text.grouping.none))
  await bar.getByRole('radio', { name: text.grouping.cause }).click()

  await page.keyboard.press('/')
  await page.keyboard.type('nowhere')
  await expect.poll(() => query().get('search')).toBe('nowhere')
  await press(bar, filters.clearSearch)
  await counted(bar, names.mine).click()
  await press(bar, filters.clear)
  await expect.poll(() => new URL(page.url()).search).toBe('')
}

interface Choice {
  label: string
  choice: string
  none: string
}

async function chooseSome(bar: Locator, { label, choice, none }: Choice): Promise<void> {
  await press(bar, label)
  const menu = bar.getByRole('group', { name: label })
  await menu.getByRole('checkbox', { name: choice }).check()
  await press(bar, `${label}: ${choice}`)
  await press(bar, `${label}: ${choice}`)
  await press(menu, none)
  await bar.getByRole('button', { name: label, exact: true }).click()
}
