// Runs a load in a process of its own and brings back what it measured.
import { firstMessage, start } from '../process.ts'
import type { LoadOrder, LoadResult } from './publisher.ts'
import type { StormOrder, StormResult } from './storm.ts'

export async function runLoad(order: LoadOrder, core?: number): Promise<LoadResult> {
  // The publisher sends this and nothing else.
  return (await run('publisher', order, core)) as LoadResult
}

export async function runStorm(order: StormOrder, core?: number): Promise<StormResult> {
  // The storm sends this and nothing else.
  return (await run('storm', order, core)) as StormResult
}

function run(name: string, order: object, core: number | undefined): Promise<unknown> {
  const load = start(`simulators/bench/src/load/${name}.ts`, core === undefined ? {} : { core })
  load.child.send(order)
  return firstMessage(load.child)
}
