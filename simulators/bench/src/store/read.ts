// A process of its own: opens a store whose process was killed, looks whether it has what was promised, and asks it
// for one device's week.
import { openStore } from '@ronda/ingest/open-store'
import { readEnvironment } from '@ronda/runtime/config'
import { createLog } from '@ronda/runtime/log'
import { type Quantiles, quantilesOf } from '../load/quantiles.ts'
import { beginning, consumer, createLamps, weekMs } from './week.ts'

export interface ReadOrder {
  dir: string
  devices: number
}

export interface ReadResult {
  openMs: number
  /** What the store says was committed. */
  rows: number
  /** Of the devices that were asked for, by that. */
  missingRows: number
  /** ms. */
  week: Quantiles
  latest: Quantiles
}

const buckets = 300
const asked = 50
const fields = ['powerW', 'voltageV', 'energyWh'] as const

process.once('message', (order: ReadOrder) => {
  void run(order).then((result) => process.send?.(result, () => process.exit(0)))
})

async function run({ dir, devices }: ReadOrder): Promise<ReadResult> {
  const openedAt = performance.now()
  const store = await openStore(readEnvironment({ RONDA_DATA_DIR: dir }), dir, createLog('bench', 'warn'))
  const openMs = performance.now() - openedAt
  const lamps = createLamps(devices)
  const rows = (await store.progress(consumer))?.cursor.ordinal ?? 0
  const these = Array.from({ length: asked }, (_, n) => Math.floor((n * devices) / asked))
  const ofDevice = (device: number) => ({ measurement: 'streetlight', device: lamps.id(device), fields }) as const

  async function timeEach(ask: (device: number) => Promise<unknown>): Promise<Quantiles> {
    const took: number[] = []
    for (const device of these) {
      const startedAt = performance.now()
      await ask(device)
      took.push(performance.now() - startedAt)
    }
    return quantilesOf(took)
  }

  const inBuckets = { from: beginning, to: beginning + weekMs, everyMs: weekMs / buckets, limit: 2 * buckets }
  const week = await timeEach((device) => store.history({ ...ofDevice(device), ...inBuckets }))
  const latest = await timeEach((device) => store.latest('streetlight', lamps.id(device)))
  let missingRows = 0
  for (const device of these) {
    const found = await store.history({ ...ofDevice(device), from: 0, to: Infinity, limit: rows })
    missingRows += lamps.rowsOf(device, rows) - found.length
  }
  await store.close()
  return { openMs, rows, missingRows, week, latest }
}
