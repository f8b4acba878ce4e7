// People with accounts, for tests of the page: who they are, and how they come to its door.
import type { Role } from '@ronda/contracts/permissions'
import type { Page } from 'playwright-core'
import type { Stage } from './stage.ts'

export const password = 'tiga ekor kucing di atap'

/** The address of the link by which somebody new comes in. */
export async function invite(stage: Stage, name: string, displayName: string, role: Role): Promise<string> {
  const { link } = await stage.accounts.registry.create({ name, displayName, role }, 'test')
  return `${stage.url}/#token=${link.token}`
}

/** Makes an account whose person has chosen the password above, in a browser that nobody else uses. */
export async function makePerson(stage: Stage, name: string, displayName: string, role: Role): Promise<void> {
  const link = await invite(stage, name, displayName, role)
  const headers = { origin: stage.url, 'content-type': 'application/json' }
  const token = link.split('#token=')[1]
  const entered = await fetch(`${stage.url}/api/v1/session`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ token }),
  })
  const cookie = entered.headers.getSetCookie().map((each) => each.split(';')[0])
  const chosen = await fetch(`${stage.url}/api/v1/account/password`, {
    method: 'PUT',
    headers: { ...headers, cookie: cookie.join('; ') },
    body: JSON.stringify({ password }),
  })
  if (!chosen.ok) throw new Error(await chosen.text())
}

/** Ends the session of a page, and brings it to the door. */
export async function toTheDoor(page: Page): Promise<void> {
  await page.context().clearCookies()
  await page.reload()
  await page.getByLabel('User name').waitFor()
}

export async function signIn(page: Page, name: string, word = password): Promise<void> {
  await page.getByLabel('User name').fill(name)
  await page.getByRole('textbox', { name: 'Password' }).fill(word)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}
