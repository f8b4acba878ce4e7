// The embedded store by itself: rows in, as the historian commits them, one device's week out of ten million rows, and
// how soon it is there again after the process that wrote was killed.
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { makeTemporaryFolder } from '../interruption.ts'
import { ask, firstMessage, start } from '../process.ts'
import type { Target } from '../report.ts'
import type { Committed, FillResult } from '../store/fill.ts'
import type { ReadResult } from '../store/read.ts'
import type { Suite } from './suite.ts'

const part = 'a week of street lights'
/** Each has 10,080 rows. */
const devices = { quick: 100, full: 1_000 } as const
const millions = { quick: 1, full: 10 } as const
/** After so long it is killed in the midst of a batch. */
const killAfterMs = 1_500

export const storeSuite: Suite = {
  about:
    "The embedded store alone: rows a second in batches as the historian commits them, one device's week, and opening after kill -9.",
  parts: [part],
  async run({ report, quick }) {
    const size = quick ? 'quick' : 'full'
    const dir = makeTemporaryFolder()
    try {
      const filled = await fillAndKill({ dir, devices: devices[size] })
      // read.ts sends this and nothing else.
      const read = (await ask('simulators/bench/src/store/read.ts', { dir, devices: devices[size] })) as ReadResult
      const of = `${millions[size]} million rows`
      const add = (figure: string, value: number, unit: string, target?: Target) =>
        report.add({ suite: 'store', figure, value, unit, ...(target === undefined ? {} : { target }) })
      add(`appended, ${of}`, filled.rowsPerSecond, 'rows/s')
      add('commit of 10,000 rows p99', filled.batchP99Ms, 'ms')
      add(`a device, 7 days in 300 buckets, ${of}: p50`, read.week.p50, 'ms', atMost(50))
      add(`a device, 7 days in 300 buckets, ${of}: p99`, read.week.p99, 'ms')
      add(`newest row of a device, ${of}: p50`, read.latest.p50, 'ms')
      add('opened after kill -9', read.openMs, 'ms')
      const lost = Math.max(0, filled.committed - read.rows) + Math.abs(read.missingRows)
      add('committed rows lost or doubled by kill -9', lost, 'rows', atMost(0))
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  },
}

async function fillAndKill(order: { dir: string; devices: number }): Promise<FillResult & { committed: number }> {
  const { child } = start('simulators/bench/src/store/fill.ts')
  child.send(order)
  // fill.ts sends its result first, and then what it has committed since.
  const result = (await firstMessage(child)) as FillResult
  let committed = 0
  child.on('message', ({ rows }: Committed) => (committed = rows))
  await delay(killAfterMs)
  // What it said before its end is heard before it is disconnected.
  const gone = Promise.all([once(child, 'disconnect'), once(child, 'exit')])
  child.kill('SIGKILL')
  await gone
  return { ...result, committed }
}

function atMost(bound: number): Target {
  return { of: 'value', atMost: bound }
}
