// A person at the page, who goes by its words: what is pressed, followed and chosen is told by the text of the language
// that the page is in.
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Text } from '../src/text/en.ts'
import type { Language } from '../src/preferences.ts'
import type { Town } from './town.ts'

export interface Hand {
  readonly page: Page
  readonly text: Text
  readonly language: Language
  readonly town: Town
  /** Goes to an address, as a bookmark does, and waits until the page is live. */
  open(path: string): Promise<void>
}

type Within = Page | Locator

export const button = (within: Within, name: string): Locator => within.getByRole('button', { name, exact: true })

export const press = (within: Within, name: string): Promise<void> => button(within, name).click()

/** A button whose words are followed by a count. */
export const counted = (within: Within, name: string): Locator =>
  within.getByRole('button', { name: new RegExp(String.raw`^${literally(name)}( \d+)?$`) })

const literally = (words: string) => words.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

/** On, and off again. */
export async function toggle(within: Within, name: string): Promise<void> {
  const switched = counted(within, name)
  for (const isOn of ['true', 'false']) {
    await switched.click()
    await expect.poll(() => switched.getAttribute('aria-pressed')).toBe(isOn)
  }
}

export const follow = (within: Within, name: string): Promise<void> =>
  within.getByRole('link', { name, exact: true }).click()

export const heading = (within: Within, name: string): Promise<void> =>
  within.getByRole('heading', { name, exact: true }).waitFor()

export const choose = async (within: Within, label: string, option: string): Promise<void> => {
  await within.getByRole('combobox', { name: label, exact: true }).selectOption(option)
}

export const pane = (page: Page, label: string): Locator =>
  page.getByRole('complementary', { name: label, exact: true })

const languageNames = { en: 'English', id: 'Bahasa Indonesia' }

/** To the other language, and back. */
export async function switchLanguage(page: Page, own: Language): Promise<void> {
  for (const language of [own === 'en' ? 'id' : 'en', own] as const) {
    await page.getByRole('button', { name: languageNames[language] }).click()
    await page.locator(`html[lang=${language}]`).waitFor()
  }
}
