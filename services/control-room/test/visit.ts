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
  /** Query to arrive with. */
  query?: string
}

/** Opens a sign-in link and waits until the room is live. */
export async function visit(browser: Browser, link: string, options: VisitOptions = {}): Promise<Visit> {
  const { chosen = {}, query = '', ...more } = options
  const context = await browser.newContext({
    viewport: { width: 1366, height: 768 },
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    ...more,
  })
  await context.addInitScript((kept) => {
    for (const [key, value] of Object.entries(kept)) {
      if (localStorage.getItem(`ronda.${key}`) === null) localStorage.setItem(`ronda.${key}`, value)
    }
  }, chosen)
  const page = await context.newPage()
  const address = new URL(link)
  address.search = query
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
  page.on('console', (message) => {
    // A refused connection is reported by the browser itself, and is what some tests are about.
    const isNetwork = /Failed to load resource|WebSocket connection/.test(message.text())
    if (['error', 'warning'].includes(message.type()) && !isNetwork) complaints.push(message.text())
  })
  page.on('request', (request) => {
    if (new URL(request.url()).host !== address.host) complaints.push(`request to ${request.url()}`)
  })
  await page.goto(address.href)
  await page.locator('.connection-live').waitFor()
  return { page, complaints, leave: () => context.close() }
}
