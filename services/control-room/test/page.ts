// Where things are on the page, and what axe finds wrong with it.
import axe from 'axe-core'
import type { Page } from 'playwright-core'

export const rows = (page: Page) => page.getByRole('treegrid').locator('.row')
export const rowOf = (page: Page, text: string) => rows(page).filter({ hasText: text })
export const strip = (page: Page) => page.getByRole('region', { name: 'What needs attention now' })
export const detail = (page: Page) => page.getByRole('complementary', { name: 'Fault' })

export const notice = (page: Page, text: string | RegExp) => page.locator('.notices').getByText(text)
export const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name })

/** Both keys as fast as a hand, however long the page takes for each. */
export async function goTo(page: Page, letter: string): Promise<void> {
  await Promise.all([page.keyboard.press('g'), page.keyboard.press(letter)])
}

export async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source)
  const { violations: found } = await page.evaluate(() =>
    // What the source above has put on the page.
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      resultTypes: ['violations'],
    }),
  )
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')} ${failureSummary}`),
  )
}

/** Each theme and each language once: colours do not depend on the language. */
export const looks = [
  { theme: 'dark', language: 'en' },
  { theme: 'light', language: 'id' },
] as const
