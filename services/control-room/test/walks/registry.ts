// What an administrator does to the registry, one device at a time: registers, changes, retires, issues tokens, and sees
// to those that are pending.
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { type Hand, button, follow, heading, press } from '../hand.ts'
import { dialog, notice } from '../page.ts'

export async function walkRegistry(hand: Hand): Promise<void> {
  await walkRegistering(hand)
  await walkChanging(hand)
  await walkTokens(hand)
  await walkRetiring(hand)
  await walkPending(hand)
}

async function walkRegistering({ page, text, language, open }: Hand): Promise<void> {
  const { registry, deviceForm, devices, tokens } = text
  const id = `new-${language}`
  await open('/devices')
  await follow(page, registry.register)
  await follow(page, devices.toAll)
  await follow(page, registry.register)
  await follow(page, registry.cancel)
  await follow(page, registry.register)
  const form = page.getByRole('form', { name: deviceForm.newTitle })
  await fillAll(form, { id, name: `PJU ${id}`, latitude: '-6.3', longitude: '106.7' })
  await form.locator('[name=kind]').selectOption(text.kind.streetlight)
  await press(form, deviceForm.register)

  const shown = dialog(page, tokens.titleOf(id))
  await press(shown, tokens.done)
  const leaving = dialog(page, tokens.leave)
  await press(leaving, tokens.back)
  await press(shown, text.frame.close)
  await press(leaving, text.frame.close)
  const [download] = await Promise.all([page.waitForEvent('download'), press(shown, tokens.save)])
  expect(download.suggestedFilename()).toContain(id)
  await press(shown, tokens.copy)
  await press(shown, tokens.copied)
  await press(shown, tokens.done)
  await heading(page, `PJU ${id}`)
}

const values: Readonly<Record<string, string>> = {
  serial: 'S-1',
  installedAt: '2026-01-05',
  tags: 'led',
  street: 'Jl. Astek',
  pole: 'AST-1',
  site: 'taman',
  cabinet: 'panel-9',
  circuit: 'C-1',
  gateway: 'gw-1',
  intervalS: '60',
  nominalPowerW: '90',
  nominalVoltageV: '230',
  zone: 'main',
  rules: '{}',
}
const choices: Readonly<Record<string, string>> = {
  district: 'setu',
  phase: 'L1',
  supply: 'switched',
  agency: 'dishub',
}

async function fill(form: Locator, stated: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(stated)) await form.locator(`[name=${name}]`).fill(value)
}

/** Every field of the form that can be written. */
async function fillAll(form: Locator, own: Readonly<Record<string, string>>): Promise<void> {
  await fill(form, { ...values, ...own })
  for (const [name, value] of Object.entries(choices)) await form.locator(`[name=${name}]`).selectOption(value)
  await form.getByRole('checkbox').uncheck()
  await form.getByRole('checkbox').check()
}

async function walkChanging({ page, text, language, town, open }: Hand): Promise<void> {
  const { registry, deviceForm, columns } = text
  const id = `edit-${language}`
  await town.register({ id, kind: 'streetlight', name: `PJU ${id}`, pole: 'P-1' })
  await open(`/devices/${id}`)
  await follow(page, registry.edit)
  await follow(page, `PJU ${id}`)
  await follow(page, registry.edit)
  await follow(page, registry.cancel)
  await follow(page, registry.edit)
  const form = page.getByRole('form', { name: deviceForm.editTitle(`PJU ${id}`) })
  await form.locator('[name=pole]').fill('P-2')
  await town.change(id, { pole: 'P-3' })
  await press(form, deviceForm.save)
  await button(form, `${deviceForm.takeTheirs} ${columns.pole}`).click()
  expect(await form.locator('[name=pole]').inputValue()).toBe('P-3')
  await form.locator('[name=name]').fill(`PJU ${id} 2`)
  await press(form, deviceForm.save)
  await notice(page, registry.saved(`PJU ${id} 2`)).waitFor()
  await heading(page, `PJU ${id} 2`)
}

async function walkTokens({ page, text, language, town, open }: Hand): Promise<void> {
  const { registry, newToken, tokens } = text
  const id = `token-${language}`
  await town.register({ id, kind: 'streetlight', name: `PJU ${id}` })
  await open(`/devices/${id}`)
  const asking = dialog(page, newToken.title(`PJU ${id}`))
  await openAtLast(page, `${registry.newToken}…`, [button(asking, text.frame.close), button(asking, registry.cancel)])
  await asking.getByLabel(newToken.overlaps.week).check()
  await press(asking, newToken.issue)
  await press(dialog(page, tokens.titleOf(id)), tokens.done)
  await press(dialog(page, tokens.leave), tokens.close)
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
}

async function walkRetiring({ page, text, language, town, open }: Hand): Promise<void> {
  const { registry, retiring, device } = text
  const id = `retire-${language}`
  await town.register({ id, kind: 'streetlight', name: `PJU ${id}` })
  await open(`/devices/${id}`)
  const asking = dialog(page, retiring.title(`PJU ${id}`))
  await openAtLast(page, `${registry.retire}…`, [button(asking, text.frame.close), button(asking, registry.cancel)])
  await asking.getByLabel(retiring.type(id)).fill(id)
  await press(asking, retiring.retire)
  await notice(page, retiring.done(`PJU ${id}`)).waitFor()
  await page.getByText(device.retired).waitFor()
}

/** A dialog is left by each of its ways out, and then opened once more. */
async function openAtLast(page: Page, opening: string, waysOut: readonly Locator[]): Promise<void> {
  for (const wayOut of waysOut) {
    await press(page, opening)
    await wayOut.click()
  }
  await press(page, opening)
}

async function walkPending({ page, text, language, town, open }: Hand): Promise<void> {
  const { pending, devices, deviceForm, tokens, registry } = text
  const [first, second] = [`first-${language}`, `second-${language}`]
  await town.dismissPending()
  await open('/devices')
  await follow(page, registry.pending)
  await heading(page, pending.none)
  await town.pend(first)
  await town.pend(second)
  await open('/devices')
  const toPending = page.locator('.list-actions').getByRole('link').first()
  await toPending.click()
  await follow(page, devices.toAll)
  await toPending.click()
  const row = (id: string) => page.getByRole('row').filter({ hasText: id })
  await row(first).getByRole('link', { name: 'gw-1' }).click()
  await heading(page, 'Gateway Serpong')
  await open('/devices?view=pending')
  await press(row(first), `${pending.dismiss} ${first}`)
  await notice(page, pending.dismissed(first)).waitFor()
  const register = () => follow(row(second), `${pending.register} ${second}`)
  await register()
  await follow(page, pending.title)
  await register()
  await follow(page, registry.cancel)
  await register()
  const form = page.getByRole('form', { name: deviceForm.approveTitle(second) })
  await fill(form, { name: `CCTV ${second}`, latitude: '-6.33', longitude: '106.67' })
  await form.locator('[name=district]').selectOption('setu')
  await press(form, deviceForm.register)
  await press(dialog(page, tokens.titleOf(second)), tokens.copy)
  await page.keyboard.press('Escape')
  await heading(page, `CCTV ${second}`)
  await open(`/devices?view=approve&id=${first}`)
  await follow(page.locator('.no-rows'), pending.title)
  await row(second).waitFor({ state: 'detached' })
}
