// The control room's page in a real browser, while 100 events a second come: what it costs to leave it open, and how
// smoothly the map of a large city moves. Services, the browser and who tells of the faults share the machine.
import { setTimeout as delay } from 'node:timers/promises'
import { isInstalled } from '@ronda/infra/testing/servers'
import type { NewDevice } from '@ronda/contracts/device'
import type { Fault } from '@ronda/contracts/fault'
import { openBackbone } from '@ronda/backbone/open'
import { readEnvironment } from '@ronda/runtime/config'
import { type FaultTeller, createFaultTeller } from '../load/fault-teller.ts'
import { type WatchedPage, watchPage } from '../load/watched-page.ts'
import type { Target } from '../report.ts'
import { type Ronda, startRonda } from '../servers/ronda.ts'
import type { Suite, SuiteOptions } from './suite.ts'

const parts = { list: 'the list of faults', map: 'the map of 50,000 devices' } as const
const devices = 50_000
/** Open faults: where one is raised another is closed, so that what the heap grows by is not what is shown. */
const open = { least: 999, most: 1_000 }
const everyMs = 100
const eventsEach = 10
const warmUpMs = 10_000
const listMs = { quick: 10_000, usual: 30_000, long: 600_000 } as const
const mapMs = { quick: 5_000, usual: 10_000 } as const
const megabyte = 1_024 ** 2
/** What the heap varies by while nothing stays: compiled code comes and goes, a megabyte of it in ten minutes. */
const growthMb = 2
const mapHeapMb = 300

export const pageSuite: Suite = {
  about:
    'The page in Chromium without a graphics card, which draws in software, while 100 events a second come: heap and frames of the list of faults in half a minute (--long: ten), and frames of the map of 50,000 devices while it is moved.',
  parts: Object.values(parts),
  async run(options) {
    if (!isInstalled('chromium')) {
      options.report.note('page: Chromium is not installed here (Debian: chromium), and the page is not measured')
      return
    }
    if (options.wants(parts.list)) await measureList(options)
    if (options.wants(parts.map)) await measureMap(options)
  },
}

async function measureList({ report, quick, long }: SuiteOptions): Promise<void> {
  const add = adderTo(report, parts.list)
  await withPage({ devices: 0, path: '/' }, async ({ page, heapBytes, framesOf }) => {
    await page.locator('.row').first().waitFor()
    await delay(warmUpMs)
    const before = await heapBytes()
    const { leftOut } = await framesOf(() => delay(listMs[quick ? 'quick' : long ? 'long' : 'usual']))
    const after = await heapBytes()
    add('heap', after / megabyte, 'MB')
    add('growth of the heap', (after - before) / megabyte, 'MB', { of: 'value', atMost: growthMb })
    add('frames left out, drawn in software', leftOut * 100, '%', { of: 'value', atMost: 1 })
  })
}

async function measureMap({ report, quick }: SuiteOptions): Promise<void> {
  const add = adderTo(report, parts.map)
  await withPage({ devices, path: '/map' }, async ({ page, heapBytes, framesOf }) => {
    await page.locator('.map-canvas[data-shown]').waitFor({ timeout: 60_000 })
    await delay(warmUpMs)
    const { perSecond } = await framesOf(() => move(page, mapMs[quick ? 'quick' : 'usual']))
    add('frames while it is moved, drawn in software', perSecond, '1/s', { of: 'value', atLeast: 60 })
    add('heap', (await heapBytes()) / megabyte, 'MB', { of: 'value', atMost: mapHeapMb })
  })
}

/** Dragged in circles, as fast as a hand moves. */
async function move({ mouse }: WatchedPage['page'], forMs: number): Promise<void> {
  const [x, y, radius, stepMs] = [960, 540, 150, 16]
  await mouse.move(x + radius, y)
  await mouse.down()
  const startedAt = performance.now()
  for (let now = startedAt; now < startedAt + forMs; now = performance.now()) {
    const angle = ((now - startedAt) / 1_000) * Math.PI
    await mouse.move(x + radius * Math.cos(angle), y + radius * Math.sin(angle))
    await delay(stepMs)
  }
  await mouse.up()
}

interface Opened {
  devices: number
  path: string
}

/** While something is done with the page, faults come and go. */
async function withPage(
  { devices: count, path }: Opened,
  doing: (watched: WatchedPage) => Promise<void>,
): Promise<void> {
  const ronda = await startRonda({ devices: 0, planned: count, services: ['ingest', 'broker', 'fanout'] })
  try {
    const link = await ronda.signInLink()
    await whileFaultsCome(ronda, async () => {
      const watched = await watchPage(link, path)
      try {
        await doing(watched)
      } finally {
        await watched.close()
      }
    })
  } finally {
    await ronda.stop()
  }
}

async function whileFaultsCome({ dir, plan }: Ronda, doing: () => Promise<void>): Promise<void> {
  const backbone = openBackbone({ dir, env: readEnvironment({ RONDA_DATA_DIR: dir }), now: Date.now })
  const end = new AbortController()
  try {
    const placeOf = (nth: number) => placeIn(plan[nth % plan.length])
    const teller = createFaultTeller(backbone, { open, placeOf })
    await teller.tell(open.most)
    const measuring = doing().finally(() => end.abort())
    const ended = await Promise.allSettled([measuring, keepTelling(teller, end.signal)])
    for (const each of ended) if (each.status === 'rejected') throw each.reason
  } finally {
    await backbone.close()
  }
}

function placeIn(device: NewDevice | undefined): Partial<Fault> {
  if (device === undefined) return {}
  const { id, name, kind, district, latitude, longitude } = device
  return { deviceId: id, name, kind, district, latitude, longitude }
}

async function keepTelling(teller: FaultTeller, end: AbortSignal): Promise<void> {
  const startedAt = performance.now()
  for (let told = 0; !end.aborted; told++) {
    await delay(Math.max(0, startedAt + told * everyMs - performance.now()))
    await teller.tell(eventsEach)
  }
}

function adderTo(report: SuiteOptions['report'], part: string) {
  return (figure: string, value: number, unit: string, target?: Target) =>
    report.add({
      suite: 'page',
      figure: `${figure}, ${part}`,
      value,
      unit,
      ...(target === undefined ? {} : { target }),
    })
}
