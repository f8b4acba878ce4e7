// Runs one of the measurements of this folder in a process of its own and brings back what it found.
import { ask } from '../process.ts'
import type { KeepingOrder, KeepingResult } from './keeping.ts'
import type { SpeedOrder, SpeedResult } from './speed.ts'
import type { StateOrder, StateResult } from './state.ts'
import type { TicksOrder, TicksResult } from './ticks.ts'

interface Measurements {
  speed: [SpeedOrder, SpeedResult]
  ticks: [TicksOrder, TicksResult]
  state: [StateOrder, StateResult]
  keeping: [KeepingOrder, KeepingResult]
}

export async function run<M extends keyof Measurements>(
  name: M,
  order: Measurements[M][0],
): Promise<Measurements[M][1]> {
  // Each sends its result and nothing else.
  return (await ask(`simulators/bench/src/engine/${name}.ts`, order)) as Measurements[M][1]
}
