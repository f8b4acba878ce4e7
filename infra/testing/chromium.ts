// A real browser for tests of the page: Debian's Chromium, driven by playwright-core, which brings none.
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const executablePath = '/usr/bin/chromium'

// The sandbox needs what containers lack; the rest keeps the browser from speaking to anyone but the page.
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Throws when there is none, with what to install. Whoever launches it closes it. */
export async function launchChromium(): Promise<Browser> {
  if (!existsSync(executablePath)) {
    throw new Error(`there is no ${executablePath}: browser tests need the Debian package "chromium"`)
  }
  return chromium.launch({ executablePath, args })
}
