// Somebody opens the page: a browser of their own, signed in by a link, and everything that it complains about.
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

export interface Visit {
  page: Page
  /** What the browser complained about, and every request that left this machine's page. */
  complaints: string[]
  leave(): Promise<void>
}

export interface VisitOptions extends BrowserContextOptions {
  /** What was chosen in this browser before: language, theme, density, letters. */
  chosen?: Readonly<Record<string, string>>
  /** Where to arrive, the list of faults when absent; with a query, and with a fragment once signed in. */
  path?: string
  query?: string
  hash?: string
}

/** Opens a sign-in link and waits until the room is live. */
export type OpenVisit = (link: string, options?: VisitOptions) => Promise<Visit>

const usual: BrowserContextOptions = {
  viewport: { width: 1366, height: 768 },
  locale: 'en-GB',
  timezoneId: 'Europe/London',
  // Motion says nothing here, and each of its frames is drawn without a graphics card.
  reducedMotion: 'reduce',
}

/**
 * A new browser context with its process takes longer than the page in it, so whoever leaves a usual one leaves
 * it to the next: they come to it without cookies and with nothing kept, as to a new one.
 */
export function createVisits(browser: Browser): OpenVisit {
  const free: Page[] = []

  async function openPage(own: BrowserContextOptions): Promise<Page> {
    const context = await browser.newContext({ ...usual, ...own })
    return context.newPage()
  }

  return async (link, { chosen = {}, path = '/', query = '', hash = '', ...own } = {}) => {
    const isUsual = Object.keys(own).length === 0
    const page = (isUsual ? free.pop() : undefined) ?? (await openPage(own))
    const address = new URL(link)
    address.pathname = path
    address.search = query

    await page.context().clearCookies()
    // A document of the same origin in which nothing runs.
    await page.goto(`${address.origin}/favicon.svg`)
    await page.evaluate((kept) => {
      localStorage.clear()
      sessionStorage.clear()
      for (const [key, value] of Object.entries(kept)) localStorage.setItem(`ronda.${key}`, value)
    }, chosen)

    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
    page.on('console', (message) => {
      // A refused connection is reported by the browser itself, and is what some tests are about.
      const isNetwork = /Failed to load resource|WebSocket connection/.test(message.text())
      // Without a graphics card the map is slow, which its driver remarks on.
      const isDriver = message.text().includes('GL Driver Message')
      if (['error', 'warning'].includes(message.type()) && !isNetwork && !isDriver) complaints.push(message.text())
    })
    page.on('request', (request) => {
      if (new URL(request.url()).host !== address.host) complaints.push(`request to ${request.url()}`)
    })
    await page.goto(address.href)
    await page.locator('.connection-live').waitFor()
    if (hash !== '') {
      await page.goto('about:blank')
      address.hash = hash
      await page.goto(address.href)
      await page.locator('.connection-live').waitFor()
    }

    async function leave(): Promise<void> {
      if (!isUsual) return page.context().close()
      await page.removeAllListeners(undefined, { behavior: 'wait' })
      await page.unrouteAll()
      await page.mouse.move(0, 0)
      await page.goto('about:blank')
      free.push(page)
    }
    return { page, complaints, leave }
  }
}
