// Into the room and out of it: links, sessions, and what the door says.
import { within } from '@ronda/infra/testing/within'
import { describe, expect, test } from 'vitest'
import { rows } from './page.ts'
import { openRoom } from './room.ts'

const room = openRoom()
const { visit } = room

describe('signing in', () => {
  test('a link opens the room, once; its token is nowhere to be found afterwards', async () => {
    const page = await visit()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Kota Tangerang Selatan')
    expect(page.url()).toBe(`${room.stage.url}/`)
    const { entries } = await (await page.context().newCDPSession(page)).send('Page.getNavigationHistory')
    expect(entries.map(({ url }) => url)).toContain(`${room.stage.url}/`)
    expect(entries.filter(({ url }) => url.includes('token'))).toEqual([])
    const kept = await page.evaluate(() =>
      JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie]),
    )
    expect(kept).not.toMatch(/[\w-]{43}/)

    await page.reload()
    await page.locator('.connection-live').waitFor()
  })

  test('a link that is used up says what to do, and who is signed in stays so', async () => {
    const link = await room.stage.link()
    const first = await visit()
    await first.goto('about:blank')
    await first.goto(link)
    await first.locator('.connection-live').waitFor()

    const other = await visit()
    await other.getByRole('button', { name: 'Account' }).click()
    await other.getByRole('button', { name: 'Sign out' }).click()
    await other.getByText('You are signed out.').waitFor()
    await other.goto('about:blank')
    await other.goto(link)
    await other.getByText('This sign-in link was used already').waitFor()
    expect(await other.locator('.command').textContent()).toBe('npm run sign-in')
    expect(other.url()).toBe(`${room.stage.url}/`)

    // A link that is opened in this very tab changes the fragment only.
    await other.evaluate((next) => location.assign(next), await room.stage.link('Dewi Lestari'))
    await other.locator('.connection-live').waitFor()
    await other.getByText('Dewi Lestari').waitFor()
  })

  test('without a session the page says so, in the language of the browser', async () => {
    const page = await visit({ locale: 'id-ID' })
    await page.context().clearCookies()
    await page.reload()
    await page.getByRole('heading', { name: 'Masuk' }).waitFor()
    await page.getByText('Kota Tangerang Selatan').waitFor()
    expect(await page.locator('.command').innerText()).toBe('npm run sign-in')
  })

  test('a session that ends elsewhere ends here', async () => {
    const page = await visit()
    const request = page.context().request
    await request.delete(`${room.stage.url}/api/v1/session`, { headers: { origin: room.stage.url } })
    await page.getByText('Your session is over.').waitFor(within)
    expect(await rows(page).count()).toBe(0)
  })
})
