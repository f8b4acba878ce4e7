// People: accounts as administrators keep them, one's own, and the door.
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { type Hand, button, choose, heading, press, switchLanguage } from '../hand.ts'
import { dialog, notice } from '../page.ts'
import { password } from '../people.ts'

export async function walkAccounts({ page, text, language, open }: Hand): Promise<void> {
  const { accounts: words, credentials, role } = text
  const name = `budi.${language}`
  const shown = `Budi ${language}`
  await open('/accounts')
  const form = page.getByRole('form', { name: words.make })
  await press(page, words.make)
  await press(form, words.cancel)
  await press(page, words.make)
  await form.getByLabel(credentials.displayName).fill(shown)
  await form.getByLabel(credentials.name).fill(name)
  await choose(form, words.role, role.viewer)
  await press(form, words.make)
  const card = page.getByRole('region', { name: words.linkFor(shown) })
  await press(card, words.copy)
  await press(card, words.copied)
  await press(card, words.linkDone)

  const row = page.getByRole('row').filter({ hasText: name })
  await choose(row, words.roleOf(shown), role.operator)
  await expect.poll(() => row.getByRole('combobox').inputValue()).toBe('operator')
  for (const action of ['reset', 'disable', 'remove'] as const) {
    await press(row, `${words[action]} ${shown}`)
    await press(row, words.cancel)
    await press(row, `${words[action]} ${shown}`)
    await press(row, words.confirm[action].does)
    if (action === 'reset') await press(card, words.linkDone)
    if (action === 'disable') await press(row, `${words.enable} ${shown}`)
  }
  await row.waitFor({ state: 'detached' })
}

export async function walkOwnAccount(hand: Hand): Promise<void> {
  const { page, text, language, town } = hand
  const { setUp, credentials, account: words, frame } = text
  const name = `dewi.${language}`
  const link = await town.invite(name, `Dewi ${language}`, 'operator')
  await page.context().clearCookies()
  await page.goto('about:blank')
  await page.goto(link)
  await heading(page, setUp.choose)
  await showAndHide(hand, credentials.newPassword)
  await page.getByRole('textbox', { name: credentials.newPassword }).fill(password)
  await press(page, setUp.save)
  await page.locator('.connection-live').waitFor()

  // Signed in at other places as well.
  const others = await Promise.all([1, 2, 3].map(() => town.signIn(name, password)))
  expect(others).toHaveLength(3)
  await openMenu(page, `Dewi ${language}`)
  await press(page.locator('.account-panel'), frame.myAccount)
  const own = dialog(page, words.title)
  const end = button(own, words.end)
  await end.first().click()
  await expect.poll(() => end.count()).toBe(2)
  await press(own, words.endOthers)
  await expect.poll(() => end.count()).toBe(0)
  await showAndHide(hand, credentials.currentPassword)
  await showAndHide(hand, credentials.newPassword)
  const next = `${password} juga`
  await own.getByRole('textbox', { name: credentials.currentPassword }).fill(password)
  await own.getByRole('textbox', { name: credentials.newPassword }).fill(next)
  await press(own, words.change)
  await notice(page, words.changed).waitFor()
  await press(own, frame.close)
  await openMenu(page, `Dewi ${language}`)
  await press(page.locator('.account-panel'), frame.signOut)
  await walkDoor(hand, name, next)
  await openMenu(page, `Dewi ${language}`)
  await press(page.locator('.account-panel'), frame.myAccount)
  await press(own, frame.signOut)
  await page.getByText(text.signIn.out).waitFor()

  // Whoever is asked for a password may leave, too.
  await page.goto('about:blank')
  await page.goto(await town.invite(`eka.${language}`, `Eka ${language}`, 'viewer'))
  await press(page, setUp.signOut)
  await page.getByText(text.signIn.out).waitFor()
}

async function walkDoor(hand: Hand, name: string, word: string): Promise<void> {
  const { page, text } = hand
  const { credentials, signIn } = text
  await heading(page, signIn.title)
  await lookOtherwise(hand)
  await showAndHide(hand, credentials.password)
  await page.getByLabel(credentials.name).fill(name)
  await page.getByRole('textbox', { name: credentials.password }).fill('kucing')
  await press(page, signIn.submit)
  await page.getByText(credentials.wrong).waitFor()
  await page.getByRole('textbox', { name: credentials.password }).fill(word)
  await press(page, signIn.submit)
  await page.locator('.connection-live').waitFor()
}

async function lookOtherwise({ page, language, text: { frame } }: Hand): Promise<void> {
  await press(page, frame.toLightTheme)
  await press(page, frame.toDarkTheme)
  await switchLanguage(page, language)
}

function openMenu(page: Page, name: string): Promise<void> {
  return page.locator('.top-bar').getByRole('button', { name }).click()
}

async function showAndHide({ page, text: { credentials } }: Hand, label: string): Promise<void> {
  await press(page, `${credentials.show} ${label}`)
  await press(page, `${credentials.hide} ${label}`)
}
