// Goes to a screen in Chromium as somebody would, waits until it is there, and takes its picture.
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { pageUrl } from '../local/system.ts'
import type { City } from './city.ts'
import { type Look, sizes, themes } from './looks.ts'
import type { Screen } from './screens.ts'

export interface Photographer {
  take(screen: Screen, file: string): Promise<void>
  leave(): Promise<void>
}

export interface PhotographerDeps {
  browser: Browser
  city: City
  look: Look
  /** The page's, where it is not that of the look. */
  viewport?: { width: number; height: number }
  /** What the browser complained about. */
  onComplaint: (text: string) => void
}

/** Marks on a map and charts come after what was waited for, on a machine without a graphics card much later. */
const settleMs = 4_000

export async function openPhotographer(deps: PhotographerDeps): Promise<Photographer> {
  const { browser, city, look } = deps
  const url = pageUrl(city.system.env)
  const outside = await openPage(deps)
  const inside = await openPage(deps)
  await inside.goto(await city.link())
  await inside.locator('.connection-live').waitFor()

  return {
    async take({ path, shows, act, isOutside }, file) {
      const page = isOutside ? outside : inside
      // Another fragment alone would load nothing; in this document nothing runs.
      await page.goto(`${url}/favicon.svg`)
      await page.goto(`${url}${path(city)}`)
      await page.locator(shows).first().waitFor()
      await act?.(page)
      // Nothing else tells that a map and charts are drawn.
      await page.waitForTimeout(settleMs)
      mkdirSync(dirname(file), { recursive: true })
      await page.screenshot({ path: file })
    },
    async leave() {
      for (const page of [outside, inside]) await page.context().close()
    },
  }

  async function openPage({ onComplaint, viewport = sizes[look.size] }: PhotographerDeps): Promise<Page> {
    const isPhone = look.size === 'phone'
    const context: BrowserContext = await browser.newContext({
      viewport,
      isMobile: isPhone,
      hasTouch: isPhone,
      reducedMotion: 'reduce',
    })
    await context.addInitScript(
      ([theme, language]) => {
        localStorage.setItem('ronda.theme', theme)
        localStorage.setItem('ronda.language', language)
      },
      [themes[look.theme], look.language] as const,
    )
    const page = await context.newPage()
    page.on('pageerror', ({ message }) => onComplaint(message))
    return page
  }
}
