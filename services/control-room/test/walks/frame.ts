// What is around every section: the rail, the top bar, the list of keys, the way back from nowhere.
import { pagePathOf, pageSections } from '@ronda/contracts/page-routes'
import { expect } from 'vitest'
import { sections } from '../../src/sections.ts'
import { type Hand, button, follow, heading, press, switchLanguage } from '../hand.ts'
import { dialog, goTo } from '../page.ts'

export async function walkFrame({ page, text, language, open }: Hand): Promise<void> {
  const { frame, keys, alerts, section: names } = text
  await open('/')
  await page.getByRole('link', { name: frame.skipToContent }).focus()
  await page.keyboard.press('Enter')
  const isIn = () => page.evaluate(() => document.activeElement?.id)
  await expect.poll(isIn).toBe('main')

  // Each section by its link, and by its letter.
  const rail = page.getByRole('navigation', { name: frame.sections })
  for (const section of pageSections) {
    const path = pagePathOf({ section })
    await rail.getByRole('link', { name: names[section] }).click()
    await page.waitForURL((url) => url.pathname === path)
    await goTo(page, 'f')
    await page.waitForURL((url) => url.pathname === '/')
    await goTo(page, sections[section].letter)
    await page.waitForURL((url) => url.pathname === path)
    await goTo(page, 'f')
    await rail.waitFor()
  }

  for (const [there, back] of [
    [frame.toLightTheme, frame.toDarkTheme],
    [frame.toCompact, frame.toComfortable],
  ] as const) {
    await press(page, there)
    await press(page, back)
    await button(page, there).waitFor()
  }
  const sound = button(page, alerts.sound)
  for (const isOn of ['true', 'false']) {
    await sound.click()
    expect(await sound.getAttribute('aria-pressed')).toBe(isOn)
  }
  await switchLanguage(page, language)

  await press(page, frame.keys)
  const help = dialog(page, keys.title)
  const letters = help.getByRole('checkbox', { name: keys.letters })
  await letters.uncheck()
  await press(help, frame.close)
  await page.keyboard.press('?')
  expect(await help.count()).toBe(0)
  await press(page, frame.keys)
  await letters.check()
  await page.keyboard.press('Escape')
  await help.waitFor({ state: 'detached' })
  await page.keyboard.press('?')
  await help.waitFor()
  await page.keyboard.press('Escape')

  await page.goto(new URL('/nowhere', page.url()).href)
  await heading(page, frame.nothingHere)
  await follow(page, frame.toFaults)
  await rail.waitFor()
}
