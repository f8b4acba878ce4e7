// What the room says when it does not know: no connection, old data, a blind source.
import { within } from '@ronda/infra/testing/within'
import { describe, expect, test } from 'vitest'
import { lamp } from './faults.ts'
import { rowOf, rows } from './page.ts'
import { openRoom } from './room.ts'

const minute = 60_000

const room = openRoom()
const { change, raise, visit } = room

describe('honesty', () => {
  test('a restart of the server is shown while it lasts, and nothing that happened meanwhile is missed', async () => {
    const [first] = await raise({ ...lamp, name: 'PJU before' }, { ...lamp, name: 'PJU other' })
    const page = await visit()
    await rowOf(page, 'PJU before').waitFor()
    await room.stage.stopFanout()
    await page.getByText(/Reconnecting since \d\d:\d\d/).waitFor(within)
    // What was known stays on the screen.
    expect(await rows(page).count()).toBe(2)
    if (first !== undefined) await change(first, 'closed', { closedAt: Date.now() })
    await raise({ ...lamp, name: 'PJU meanwhile' })
    await page.getByText(/Connection lost at \d\d:\d\d/).waitFor(within)
    await room.stage.startFanout()
    await page.getByText('Live', { exact: true }).waitFor(within)
    await page.getByRole('button', { name: '1 new' }).click()
    await rowOf(page, 'PJU meanwhile').waitFor()
    expect(await rows(page).count()).toBe(2)
    await rowOf(page, 'PJU before').waitFor({ state: 'detached' })
  })

  test('old data is called stale, and a blind source is named', async () => {
    const page = await visit()
    await room.stage.fallSilent(Date.now() - 5 * minute)
    await page.getByText(/Stale since \d\d:\d\d/).waitFor(within)
    await page.getByText(/has not moved on since/).waitFor()
    await room.stage.say([{ source: 'broker', since: Date.now() - 3 * minute }])
    await page.getByText('Live', { exact: true }).waitFor(within)
    await page.getByText(/No data from broker since \d\d:\d\d: silence below may be ours/).waitFor()
    expect(await page.getByText('No open faults are known.').isVisible()).toBe(true)
  })

  test('while the server does not answer at all the page says so, and enters when it does', async () => {
    const page = await visit()
    await room.stage.stopFanout()
    // The browser itself cannot load a page from a server that is down: only what the page asks for is refused.
    await room.stage.startFanout()
    await page.route('**/api/v1/session', (route) => route.fulfill({ status: 503, body: '{}' }))
    await page.reload()
    await page.getByRole('heading', { name: 'The server does not answer' }).waitFor(within)
    await page.unroute('**/api/v1/session')
    await page.locator('.connection-live').waitFor(within)
    expect(await page.locator('.gate').count()).toBe(0)
  })
})
