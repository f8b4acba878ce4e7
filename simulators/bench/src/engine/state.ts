// A process of its own: what the state of very many devices takes of the memory, and how soon it is there again.
import { closeSync, openSync, readSync } from 'node:fs'
import { type StateRow, createEngine } from '@ronda/faults/engine'
import { collectGarbage } from './garbage.ts'
import { profile } from './normal-city.ts'

export interface StateOrder {
  /** A row in each line of JSON. */
  rowsFile: string
}

export interface StateResult {
  rssBytes: number
  heapBytes: number
  restoreMs: number
}

const chunkBytes = 65_536

process.once('message', (order: StateOrder) => {
  process.send?.(run(order), () => process.exit(0))
})

function run({ rowsFile }: StateOrder): StateResult {
  const before = memory()
  const engine = restore(rowsOf(rowsFile))
  const after = memory()
  // Parsed before, so that only the engine's own part is timed.
  const rows = [...rowsOf(rowsFile)]
  const startedAt = performance.now()
  const again = restore(rows)
  const restoreMs = performance.now() - startedAt
  if (engine.logTime !== again.logTime) throw new Error('the same rows give the same state')
  return { rssBytes: after.rss - before.rss, heapBytes: after.heapUsed - before.heapUsed, restoreMs }
}

function restore(state: Iterable<StateRow>) {
  return createEngine({ city: profile, epoch: 'bench', restore: { state, faults: [] } })
}

function memory() {
  collectGarbage()
  return process.memoryUsage()
}

/** One after the other, so that reading them leaves little behind. */
function* rowsOf(file: string): Iterable<StateRow> {
  const fd = openSync(file, 'r')
  const chunk = Buffer.alloc(chunkBytes)
  let rest = ''
  for (let length = readSync(fd, chunk); length > 0; length = readSync(fd, chunk)) {
    const lines = (rest + chunk.toString('latin1', 0, length)).split('\n')
    rest = lines.pop() ?? ''
    // As ticks.ts wrote them.
    for (const line of lines) yield JSON.parse(line) as StateRow
  }
  closeSync(fd)
}
