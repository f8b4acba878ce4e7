// Sections and their addresses.
import { within } from '@ronda/infra/testing/within'
import { describe, expect, test } from 'vitest'
import { goTo, violations } from './page.ts'
import { openRoom } from './room.ts'

const room = openRoom()
const { visit } = room

describe('sections', () => {
  test('an address where there is nothing says so, and leads back', async () => {
    const page = await visit()
    const answer = await page.goto(`${room.stage.url}/nowhere`)
    expect(answer?.status()).toBe(404)
    await page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByRole('link', { name: 'To the faults' }).click()
    await page.getByRole('heading', { name: 'No open faults' }).waitFor()
    await page.goBack()
    await page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
    await goTo(page, 'f')
    await page.getByRole('heading', { name: 'No open faults' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/')
  })

  test('are reached by keys that a hand has pressed in time, however busy the page was in between', async () => {
    const page = await visit()
    await page.getByRole('heading', { name: 'No open faults' }).waitFor()
    await page.evaluate(() => {
      const work = () => {
        for (const until = performance.now() + 2_000; performance.now() < until; );
      }
      document.addEventListener('keydown', work, { once: true })
    })
    await goTo(page, 'd')
    await expect.poll(() => new URL(page.url()).pathname).toBe('/devices')
  })

  test('one whose code does not come says so, and comes when the server is back', async () => {
    const page = await visit()
    await page.goto(`${room.stage.url}/nowhere`)
    await page.getByRole('link', { name: 'To the faults' }).waitFor()
    // Not from what the browser has kept, either.
    await page.route('**/assets/faults-page-*', (route) => route.abort())
    await room.stage.stopFanout()
    await page.getByText(/Reconnecting since/).waitFor()
    await page.getByRole('link', { name: 'To the faults' }).click()
    await page.getByRole('heading', { name: 'This section could not be fetched' }).waitFor()
    expect(await violations(page)).toEqual([])
    await page.unroute('**/assets/faults-page-*')
    await room.stage.startFanout()
    await page.getByRole('heading', { name: 'No open faults' }).waitFor(within)
  })
})
