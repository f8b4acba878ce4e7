// People with accounts, for tests of the page: who they are, and how they come to its door.
import type { Role } from '@ronda/contracts/permissions'
import type { Page } from 'playwright-core'
import { type Text, en } from '../src/text/en.ts'
import type { Stage } from './stage.ts'

export const password = 'tiga ekor kucing di atap'

/** The address of the link by which somebody new comes in. */
export async function invite(stage: Stage, name: string, displayName: string, role: Role): Promise<string> {
  const { link } = await stage.accounts.registry.create({ name, displayName, role }, 'test')
  return `${stage.url}/#token=${link.token}`
}

/** Makes an account whose person has chosen the password above, in a browser that nobody else uses. */
export async function makePerson(stage: Stage, name: string, displayName: string, role: Role): Promise<void> {
  await choosePassword(await invite(stage, name, displayName, role))
}

/** Somebody new comes by their link and chooses the password above. */
export async function choosePassword(link: string): Promise<void> {
  const { origin, hash } = new URL(link)
  const headers = { origin, 'content-type': 'application/json' }
  const entered = await fetch(`${origin}/api/v1/session`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ token: hash.slice('#token='.length) }),
  })
  const cookie = entered.headers.getSetCookie().map((each) => each.split(';')[0])
  const chosen = await fetch(`${origin}/api/v1/account/password`, {
    method: 'PUT',
    headers: { ...headers, cookie: cookie.join('; ') },
    body: JSON.stringify({ password }),
  })
  if (!chosen.ok) throw new Error(await chosen.text())
}

/** Ends the session of a page, and brings it to the door. */
export async function toTheDoor(page: Page, { credentials }: Text = en): Promise<void> {
  await page.context().clearCookies()
  await page.reload()
  await page.getByLabel(credentials.name).waitFor()
}

export async function signIn(page: Page, name: string, word = password, text: Text = en): Promise<void> {
  const { credentials, signIn: words } = text
  await page.getByLabel(credentials.name).fill(name)
  await page.getByRole('textbox', { name: credentials.password }).fill(word)
  await page.getByRole('button', { name: words.submit, exact: true }).click()
}
