// The control room's page in a real browser, and what an eye and a memory meter see of it.
import { launchChromium } from '@ronda/infra/testing/chromium'
import type { Page } from 'playwright-core'

export interface WatchedPage {
  page: Page
  /** Bytes on the heap of its script, without garbage. */
  heapBytes(): Promise<number>
  /** The frames that it draws while something is done. */
  framesOf(doing: () => Promise<void>): Promise<Frames>
  close(): Promise<void>
}

export interface Frames {
  perSecond: number
  /** Of those that a screen has room for, how many were left out: 0 to 1. */
  leftOut: number
}

/** Of a screen, and of a browser that draws on none. */
const framesPerSecond = 60

/** Signs in by a link and opens a path of it. */
export async function watchPage(signInLink: string, path: string): Promise<WatchedPage> {
  const browser = await launchChromium()
  try {
    const page = await browser.newPage({ viewport: { width: 1_920, height: 1_080 } })
    await page.goto(signInLink)
    await page.locator('.connection-live').waitFor()
    await page.goto(new URL(path, signInLink).href)
    await page.locator('.connection-live').waitFor()
    const devtools = await page.context().newCDPSession(page)
    return {
      page,
      async heapBytes() {
        await devtools.send('HeapProfiler.collectGarbage')
        return (await devtools.send('Runtime.getHeapUsage')).usedSize
      },
      async framesOf(doing) {
        await page.evaluate(countFrames)
        await doing()
        const { frames, seconds } = await page.evaluate(endFrames)
        const perSecond = frames / seconds
        return { perSecond, leftOut: Math.max(0, 1 - perSecond / framesPerSecond) }
      },
      close: () => browser.close(),
    }
  } catch (error) {
    await browser.close()
    throw error
  }
}

/** What there is in the page, where the two functions below run. */
interface Drawing {
  requestAnimationFrame(draw: () => void): number
  cancelAnimationFrame(next: number): void
  counting: { frames: number; startedAt: number; next: number }
}

function countFrames(): void {
  const window = globalThis as unknown as Drawing
  const counting = { frames: 0, startedAt: performance.now(), next: 0 }
  const count = () => {
    counting.frames++
    counting.next = window.requestAnimationFrame(count)
  }
  counting.next = window.requestAnimationFrame(count)
  window.counting = counting
}

function endFrames(): { frames: number; seconds: number } {
  const window = globalThis as unknown as Drawing
  const { counting } = window
  window.cancelAnimationFrame(counting.next)
  return { frames: counting.frames, seconds: (performance.now() - counting.startedAt) / 1_000 }
}
