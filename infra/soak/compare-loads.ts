// What clients published, held against what the store has of their devices, row by row.
import type { NewDevice } from '@ronda/contracts/device'
import type { PacedLoad } from '../testing/paced-load.ts'
import type { RunningSystem } from '../testing/running-system.ts'
import { type Comparison, compare } from './comparison.ts'
import { readStored } from './stored-readings.ts'

export interface PublishedBy {
  load: PacedLoad
  devices: readonly NewDevice[]
}

export async function compareLoads(system: RunningSystem, loads: readonly PublishedBy[]): Promise<Comparison> {
  const total: Comparison = { stored: 0, missing: [], doubled: [], foreign: [] }
  for (const each of loads) {
    const { stored, missing, doubled, foreign } = await compareLoad(system, each)
    total.stored += stored
    total.missing.push(...missing)
    total.doubled.push(...doubled)
    total.foreign.push(...foreign)
  }
  return total
}

async function compareLoad(system: RunningSystem, { load, devices }: PublishedBy): Promise<Comparison> {
  const { acknowledged } = load
  const count = load.sent / devices.length
  const timeOf = (device: string, n: number) =>
    acknowledged.has(device) && n >= 0 && n < count ? load.timeOf(n) : undefined
  const ids = devices.map(({ id }) => id)
  return compare({ acknowledged, timeOf }, await readStored(system, ids, load.timeOf(0), load.timeOf(count) + 1))
}
