// Runs a load in a process of its own and brings back what it measured.
import { ask } from '../process.ts'
import type { AudienceOrder, AudienceResult } from './audience.ts'
import type { FlagsOrder, FlagsResult } from './flags.ts'
import type { LoadOrder, LoadResult } from './publisher.ts'
import type { StormOrder, StormResult } from './storm.ts'

interface Loads {
  audience: [AudienceOrder, AudienceResult]
  flags: [FlagsOrder, FlagsResult]
  publisher: [LoadOrder, LoadResult]
  storm: [StormOrder, StormResult]
}

export async function runLoad<L extends keyof Loads>(name: L, order: Loads[L][0], core?: number): Promise<Loads[L][1]> {
  // Each sends its result and nothing else.
  return (await ask(`simulators/bench/src/load/${name}.ts`, order, core)) as Loads[L][1]
}
