// How Ronda itself is, and the messages that it refused: found, read, and sent again.
import { expect } from 'vitest'
import { type Hand, counted, follow, heading, pane, press } from '../hand.ts'
import { dialog, notice } from '../page.ts'

export async function walkSystem(hand: Hand): Promise<void> {
  const { page, text, language, town, open } = hand
  const { system, deadLetter: words, frame } = text
  const lamp = `letters-${language}`
  await town.register({ id: lamp, kind: 'streetlight', name: `PJU ${lamp}`, installedAt: Date.now() - 1_000 })
  await town.refuse(lamp, 101)
  // What a gateway brought of a device that nobody knows, which is long.
  await town.pend(`long-${language}`)

  await open('/system')
  await page.getByText(system.well).waitFor()
  await page.getByRole('region', { name: system.ledger, exact: true }).getByRole('link').click()
  await page.waitForURL((url) => url.pathname === '/system/dead-letters')
  const tabs = page.getByRole('navigation', { name: system.parts })
  await follow(tabs, system.state)
  await page.getByText(system.well).waitFor()
  await follow(tabs, system.deadLetters)

  const rows = page.locator('.letters-table tbody tr')
  const reason = words.reason.ts_implausible.title
  const filters = page.getByRole('search', { name: words.filters })
  await expect.poll(() => rows.count()).toBe(100)
  await press(page, words.more)
  await expect.poll(() => rows.count()).toBeGreaterThan(100)
  await counted(filters, words.reason.unknown_device.title).click()
  await rows.first().getByRole('link').click()
  const opened = pane(page, words.detail)
  await press(opened, words.wholePayload)
  await counted(filters, words.everyReason).click()
  await town.refuse(lamp, 1)
  await press(filters, words.refresh)

  await rows.first().getByRole('link').click()
  await press(opened, words.replay)
  await notice(page, words.outcome.refused).waitFor()
  await press(opened, frame.close)
  await rows.first().getByRole('link').click()
  await follow(opened, lamp)
  await heading(page, `PJU ${lamp}`)

  await open(`/system/dead-letters?code=payload_shape&device=${lamp}`)
  await press(page.getByRole('region', { name: words.list }), words.showAll)
  await rows.first().waitFor()
  await open(`/system/dead-letters?device=${lamp}`)
  await filters.getByRole('button', { name: lamp }).click()
  await expect.poll(() => new URL(page.url()).search).toBe('')

  // Now the registry knows since when it has stood there.
  await town.change(lamp, { installedAt: Date.now() - 24 * 3_600_000 })
  await counted(filters, reason).click()
  const all = filters.locator('.button-small')
  const asked = dialog(page, words.replayTitle)
  await all.click()
  await press(asked, frame.close)
  await all.click()
  await press(asked, words.cancel)
  await all.click()
  const { promise, resolve } = Promise.withResolvers<void>()
  await page.route('**/dead-letters/replay', async (route) => {
    await promise
    await route.continue()
  })
  await press(asked, words.start)
  await press(asked, words.stop)
  resolve()
  await press(asked, words.done)
  await page.unroute('**/dead-letters/replay')
  await page.locator('.letter-stored').first().waitFor()
  await open('/system/nothing')
  await follow(page.locator('.no-rows'), text.section.system)
}
