// Runs the load in a process of its own and brings back what it measured.
import { firstMessage, start } from '../process.ts'
import type { LoadOrder, LoadResult } from './publisher.ts'

export async function runLoad(order: LoadOrder, core?: number): Promise<LoadResult> {
  const load = start('simulators/bench/src/load/publisher.ts', core === undefined ? {} : { core })
  load.child.send(order)
  // The publisher sends this and nothing else.
  return (await firstMessage(load.child)) as LoadResult
}
