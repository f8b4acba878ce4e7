// The list of devices and the page of one.
import { expect } from 'vitest'
import { deviceKinds } from '@ronda/contracts/device-kinds'
import { rangeNames } from '../../src/device/ranges.ts'
import { type Hand, choose, follow, heading, pane, press, toggle } from '../hand.ts'

export async function walkDevices(hand: Hand): Promise<void> {
  await walkList(hand)
  await walkOne(hand)
}

async function walkList({ page, text, open }: Hand): Promise<void> {
  const { devices, filters, kind } = text
  await open('/devices')
  const table = page.getByRole('region', { name: devices.label })
  const rows = table.locator('tbody tr')
  await expect.poll(() => rows.count()).toBe(100)
  await press(table, devices.more)
  await expect.poll(() => rows.count()).toBeGreaterThan(100)
  const bar = page.getByRole('search', { name: filters.region })
  for (const each of deviceKinds) await toggle(bar, kind[each])
  await page.keyboard.press('/')
  await page.keyboard.type('Astek 77')
  await expect.poll(() => rows.count()).toBe(1)
  await press(bar, filters.clearSearch)
  await expect.poll(() => rows.count()).toBe(100)
  await choose(bar, filters.district, 'Ciputat')
  await heading(table, devices.none)
  await press(table, filters.clear)
  await follow(table, 'PJU Jl. Astek 0')
  await heading(page, 'PJU Jl. Astek 0')
}

async function walkOne({ page, text, language, town, open }: Hand): Promise<void> {
  const { device, devices, frame, kind, past } = text
  const cabinet = `panel-of-${language}`
  const lamp = `pju-of-${language}`
  await town.register({ id: cabinet, kind: 'cabinet', name: `Panel of ${language}` })
  await town.register({ id: lamp, kind: 'streetlight', name: `PJU of ${language}`, cabinet, gateway: 'gw-1' })
  await town.say(lamp, { powerW: 44, voltageV: 229.5 })

  await open(`/devices/${lamp}`)
  const history = page.getByRole('region', { name: device.history })
  for (const range of rangeNames) {
    await press(history, device.ranges[range])
    await expect.poll(() => history.locator('[aria-pressed="true"]').textContent()).toBe(device.ranges[range])
  }
  const month = page.getByRole('region', { name: past.label })
  await month.getByRole('button').click()
  await month.getByRole('table').waitFor()
  await press(month, past.hideTable)
  await page
    .getByRole('region', { name: device.latest })
    .getByText(language === 'en' ? '229.5 V' : '229,5 V')
    .waitFor()
  await page.getByRole('region', { name: kind.cabinet }).getByRole('link').click()
  await heading(page, `Panel of ${language}`)
  await page.getByRole('region', { name: device.feeds }).getByRole('link').click()
  await heading(page, `PJU of ${language}`)
  await page.getByRole('region', { name: kind.gateway }).getByRole('link').click()
  await heading(page, 'Gateway Serpong')
  await follow(page, device.onMap)
  await pane(page, device.label).waitFor()
  await press(pane(page, device.label), frame.close)

  const camera = await town.breakCamera(`CCTV ${language} device`)
  await open(`/devices/${camera}`)
  await page.getByRole('region', { name: device.faults, exact: true }).getByRole('button').click()
  await pane(page, text.detail.label).getByText(`CCTV ${language} device`).first().waitFor()
  await page.goBack()
  await month.getByRole('button').click()
  await month.getByRole('table').getByRole('button').click()
  await pane(page, text.detail.label).getByText(`CCTV ${language} device`).first().waitFor()
  await page.goBack()
  await follow(page, devices.toAll)
  await page.getByRole('region', { name: devices.label }).locator('tbody tr').first().waitFor()
  await open('/devices/nobody')
  await heading(page, device.missing)
  await follow(page, devices.toAll)
  await page.getByRole('region', { name: devices.label }).locator('tbody tr').first().waitFor()
}
