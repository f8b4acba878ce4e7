// Critical faults for the ear, in a browser that plays nothing before a gesture. Tones are counted where they begin.
import { within } from '@ronda/infra/testing/within'
import type { Page } from 'playwright-core'
import { describe, expect, test, vi } from 'vitest'
import { camera, lamp } from './faults.ts'
import { strip, violations } from './page.ts'
import { openRoom } from './room.ts'

const room = openRoom()
const { raise, change } = room

/** A browser of its own, which counts what is played from the next load on. */
async function enter(chosen: Record<string, string> = {}): Promise<Page> {
  const page = await room.visit({ locale: 'en-US', chosen })
  await page.context().addInitScript(() => {
    // What the browser's driver does counts as a gesture, which nobody has made: only those of a hand do here.
    let hasBeenActive = false
    for (const gesture of ['pointerup', 'keydown']) {
      document.addEventListener(gesture, () => (hasBeenActive = true), { capture: true })
    }
    Object.defineProperty(Navigator.prototype, 'userActivation', { get: () => ({ hasBeenActive }) })
    let played = 0
    const { start } = OscillatorNode.prototype
    OscillatorNode.prototype.start = function count(when) {
      played += 1
      document.documentElement.dataset['played'] = String(played)
      start.call(this, when)
    }
  })
  await page.reload()
  await page.locator('.connection-live').waitFor()
  return page
}

const played = async (page: Page) => Number((await page.locator('html').getAttribute('data-played')) ?? 0)
const inStrip = (page: Page, name: string) => strip(page).locator('.alert-where', { hasText: name })
const button = (page: Page) => page.getByRole('button', { name: 'Sound for critical faults' })

describe('sound', () => {
  test('is off until it is turned on; then each critical fault is heard once', async () => {
    const page = await enter()
    await raise({ ...camera, name: 'CCTV silent' })
    await inStrip(page, 'CCTV silent').waitFor()
    expect(await played(page)).toBe(0)

    await button(page).click()
    // So one knows what it will be like.
    expect(await played(page)).toBe(1)
    const [fault] = await raise({ ...camera, name: 'CCTV heard' }, { ...camera, name: 'CCTV with it' })
    await vi.waitFor(async () => expect(await played(page)).toBe(2), within)
    if (fault === undefined) throw new Error('nothing was raised')
    const taken = await change(fault, 'acknowledged', { acknowledged: true, acknowledgedBy: 'Budi' })
    await inStrip(page, 'CCTV heard').waitFor({ state: 'detached' })
    await change(taken, 'updated', { acknowledged: false })
    await inStrip(page, 'CCTV heard').waitFor()
    await raise(lamp)
    await page.getByRole('button', { name: /new$/ }).waitFor()
    expect(await played(page)).toBe(2)

    await button(page).click()
    await raise({ ...camera, name: 'CCTV muted' })
    await inStrip(page, 'CCTV muted').waitFor()
    expect(await played(page)).toBe(2)
  })

  test('is kept for this browser; while that blocks it the strip says so, until a gesture', async () => {
    const page = await enter({ sound: 'on' })
    const warning = page.getByText('Sound is on, but this browser plays none')
    await warning.waitFor()
    expect(await violations(page)).toEqual([])
    expect(await button(page).getAttribute('aria-pressed')).toBe('true')
    await page.getByRole('button', { name: 'Allow sound' }).click()
    await warning.waitFor({ state: 'detached' })
    // What was there already is not news, a gesture later either.
    expect(await played(page)).toBe(0)
    await raise(camera)
    await vi.waitFor(async () => expect(await played(page)).toBe(1), within)
  })
})
