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
        await page.evaluate(countFrames, 1_000 / framesPerSecond)
        await doing()
        const { frames, leftOut, ms } = await page.evaluate(endFrames)
        return { perSecond: (frames / ms) * 1_000, leftOut: leftOut / (frames + leftOut) }
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
  requestAnimationFrame(draw: (at: number) => void): void
  whenCounted: ((counted: Counted) => void) | undefined
}

interface Counted {
  frames: number
  leftOut: number
  ms: number
}

/** Resolves with the first frame. It keeps sums only: what it kept of each frame would be growth of the heap. */
function countFrames(frameMs: number): Promise<void> {
  const window = globalThis as unknown as Drawing
  window.whenCounted = undefined
  return new Promise((begun) => {
    window.requestAnimationFrame((beganAt) => {
      const counted = { frames: 0, leftOut: 0, ms: 0 }
      let lastAt = beganAt
      const count = (at: number) => {
        counted.frames++
        counted.leftOut += Math.max(0, Math.round((at - lastAt) / frameMs) - 1)
        counted.ms = at - beganAt
        lastAt = at
        if (window.whenCounted === undefined) window.requestAnimationFrame(count)
        else window.whenCounted(counted)
      }
      window.requestAnimationFrame(count)
      begun()
    })
  })
}

/** Resolves with the next frame, so that whatever holds it up counts too. */
function endFrames(): Promise<Counted> {
  const window = globalThis as unknown as Drawing
  return new Promise((resolve) => {
    window.whenCounted = resolve
  })
}
