// A process of its own: rows into the embedded store in batches as the historian commits them; then more of them, until
// it is killed.
import { emptyCounts } from '@ronda/contracts/ledger'
import { openStore } from '@ronda/ingest/open-store'
import { readEnvironment } from '@ronda/runtime/config'
import { createLog } from '@ronda/runtime/log'
import { quantilesOf } from '../load/quantiles.ts'
import { consumer, createLamps, rowsAWeek } from './week.ts'

export interface FillOrder {
  dir: string
  devices: number
}

export interface FillResult {
  rowsPerSecond: number
  /** ms from a batch's beginning until it is committed. */
  batchP99Ms: number
}

/** Then, after each batch. */
export interface Committed {
  rows: number
}

/** What the historian takes at a time. */
const batchRows = 10_000

process.once('message', (order: FillOrder) => void run(order))

async function run({ dir, devices }: FillOrder): Promise<void> {
  const store = await openStore(readEnvironment({ RONDA_DATA_DIR: dir }), dir, createLog('bench', 'warn'))
  const lamps = createLamps(devices)
  let rows = 0

  /** Gives how long the store took for it; making the rows is not its work. */
  async function commitBatch(): Promise<number> {
    const batch = Array.from({ length: batchRows }, (_, n) => lamps.row(rows + n))
    const startedAt = performance.now()
    const staged = await store.stage(consumer, batch)
    rows += batchRows
    await staged.commit({
      cursor: { epoch: 'bench', position: rows, ordinal: rows },
      counts: { ...emptyCounts, written: rows, stored: rows },
    })
    return performance.now() - startedAt
  }

  const took: number[] = []
  while (rows < devices * rowsAWeek) took.push(await commitBatch())
  const tookMs = took.reduce((sum, ms) => sum + ms, 0)
  process.send?.({
    rowsPerSecond: (rows / tookMs) * 1_000,
    batchP99Ms: quantilesOf(took).p99,
  } satisfies FillResult)
  for (;;) {
    await commitBatch()
    process.send?.({ rows } satisfies Committed)
  }
}
