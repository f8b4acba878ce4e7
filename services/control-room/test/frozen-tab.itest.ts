// A tab that a browser or a closed laptop has frozen: its script stands still while its socket is open and events come.
// What waits for it is bounded, here and there, and once it goes on it shows what is. `FROZEN_TAB_S=600` lets it stand
// still for ten minutes of 200 events a second.
import { setTimeout as delay } from 'node:timers/promises'
import { type MemoryWatch, watchMemory } from '@ronda/infra/testing/memory'
import type { Fault } from '@ronda/contracts/fault'
import type { Page } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import { type Stage, setStage } from './stage.ts'

const frozenS = Number(process.env['FROZEN_TAB_S'] ?? 0)
const eventsPerSecond = 200
const openFaults = 100
const eventsAtOnce = 20
/** Beside it a socket may hold what is written at once. */
const maxQueuedBytes = 128 * 1024
/** The short run is for a machine that has other things to do, too. */
const correctWithinMs = frozenS > 0 ? 2_000 : 10_000
/** What a browser keeps of a socket that nobody reads, with what its collector leaves lying. */
const mostGrowthBytes = 64 * 1024 * 1024
/** Big where it has to come soon that nothing more fits between two sockets of one machine. */
const evidence: Fault['evidence'] = frozenS > 0 ? { powerW: 1 } : { powerW: 1, note: 'x'.repeat(8_000) }

let stage: Stage
afterEach(() => stage.end())

const ends = [
  { end: 'which fanout goes on with', limits: {}, metric: 'catching_up_readers' },
  { end: 'which fanout has given up', limits: { stallMs: 500 }, metric: 'ended_total{reason="stalled"}' },
]

test.each(frozenS > 0 ? [{ end: `for ${frozenS} s`, limits: {}, metric: '' }] : ends)(
  'a frozen tab, $end, costs little and is right at once when it goes on',
  async ({ limits, metric }) => {
    stage = await setStage({}, { maxQueuedBytes, ...limits })
    const faults = await stage.detector.raise(...Array.from({ length: openFaults }, () => ({ evidence })))
    const { page, complaints, leave } = await stage.visit()
    await page.getByText(`${openFaults} open`).waitFor()
    const processes = await processesOf(page)
    const memory = watchMemory(processes.map(({ id }) => id))
    await watchPauses(page)

    const thaw = freeze(processes)
    const told = await tellUntil(faults, async () => (await stage.metric(metric)) >= 1).catch((error: unknown) => {
      thaw()
      throw error
    })

    // The last words: two more, one less, and one that was changed.
    const [first, second] = faults
    if (first === undefined || second === undefined) throw new Error('there are no faults')
    await stage.detector.raise({ name: 'PJU meanwhile' }, { name: 'PJU as well' })
    await stage.detector.change({ ...first, revision: 1_000_000 }, 'closed', { closedAt: Date.now() })
    await stage.detector.change({ ...second, revision: 1_000_000 }, 'updated', {
      severity: 'critical',
      name: 'PJU last',
    })
    const wokenAt = performance.now()
    thaw()
    await page.getByText(`${openFaults + 1} open`).waitFor()
    await page.getByText('PJU last').first().waitFor()
    await page.locator('.connection-live').waitFor()
    const correctMs = performance.now() - wokenAt

    memory.stop()
    // It stood still all the time, or this would be no test of it.
    expect(await longestPauseMs(page)).toBeGreaterThan(told.seconds * 1_000)
    process.stdout.write(`${wordsOf({ ...told, correctMs, memory })}\n`)
    expect(correctMs).toBeLessThan(correctWithinMs)
    expect(told.mostQueuedBytes).toBeLessThan(maxQueuedBytes + eventsAtOnce * 10_000)
    expect(memory.growthBytes ?? 0).toBeLessThan(mostGrowthBytes)
    expect(complaints).toEqual([])
    await leave()
  },
  (frozenS + 180) * 1_000,
)

interface BrowserProcess {
  id: number
  type: string
}

/** As the system does with who sleeps: nothing of the page runs, and nobody tells its sockets. */
function freeze(processes: readonly BrowserProcess[]): () => void {
  const pages = processes.filter(({ type }) => type === 'renderer')
  for (const { id } of pages) process.kill(id, 'SIGSTOP')
  return () => {
    for (const { id } of pages) process.kill(id, 'SIGCONT')
  }
}

async function watchPauses(page: Page): Promise<void> {
  await page.evaluate(() => {
    let last = performance.now()
    let longest = 0
    setInterval(() => {
      const now = performance.now()
      longest = Math.max(longest, now - last)
      last = now
      document.documentElement.dataset['longestPause'] = String(longest)
    }, 10)
  })
}

async function longestPauseMs(page: Page): Promise<number> {
  return Number(await page.evaluate(() => document.documentElement.dataset['longestPause']))
}

/** Events about all faults in turn, until fanout holds what it may; or for as long as was asked for. */
async function tellUntil(faults: readonly Fault[], isHeld: () => Promise<boolean>) {
  const startedAt = performance.now()
  let events = 0
  let mostQueuedBytes = 0
  const seconds = () => (performance.now() - startedAt) / 1_000
  while (frozenS > 0 ? seconds() < frozenS : !(await isHeld())) {
    const round = Math.floor(events / faults.length)
    const next = faults.slice(events % faults.length).slice(0, eventsAtOnce)
    await Promise.all(
      next.map((fault) =>
        stage.detector.change({ ...fault, revision: round + 1 }, 'updated', { occurrences: round + 2 }),
      ),
    )
    events += next.length
    mostQueuedBytes = Math.max(mostQueuedBytes, await stage.metric('queued_bytes'))
    if (frozenS > 0) await delay(Math.max(0, (events / eventsPerSecond - seconds()) * 1_000))
  }
  return { events, seconds: seconds(), mostQueuedBytes }
}

/** All of the browser: one draws the page, another has its sockets. */
async function processesOf(page: Page): Promise<BrowserProcess[]> {
  const session = await page.context().browser()?.newBrowserCDPSession()
  const { processInfo = [] } = (await session?.send('SystemInfo.getProcessInfo')) ?? {}
  return processInfo
}

interface Found {
  events: number
  seconds: number
  mostQueuedBytes: number
  correctMs: number
  memory: MemoryWatch
}

function wordsOf({ events, seconds, mostQueuedBytes, correctMs, memory }: Found): string {
  return [
    `${events} events in ${seconds.toFixed(0)} s`,
    `fanout held ${Math.round(mostQueuedBytes / 1_024)} KB at most`,
    `no process of the browser grew by more than ${Math.round((memory.growthBytes ?? NaN) / 1_048_576)} MB`,
    `right after ${Math.round(correctMs)} ms`,
  ].join(', ')
}
