// What the store has of a city's readings, asked when the services have ended.
import type { Unit } from '@ronda/city/unit'
import { type Measurement, measurementOf } from '@ronda/contracts/measurements'
import type { Store } from '@ronda/store/store'
import type { StoredReading } from '../soak/comparison.ts'

/** More rows than any device of a scenario has. */
const mostRows = 1_000_000

/** Every row of every device. */
export async function readStored(store: Store, units: readonly Unit[]): Promise<Map<string, StoredReading[]>> {
  const stored = new Map<string, StoredReading[]>()
  for (const { id: device, kind } of units) {
    const measurements: Measurement[] = kind === 'camera' ? ['camera', 'camera_event'] : [measurementOf(kind)]
    const rows: StoredReading[] = []
    for (const measurement of measurements) {
      const history = { measurement, device, fields: ['seq'], from: 0, to: Number.MAX_SAFE_INTEGER, limit: mostRows }
      for (const { time, values } of await store.history(history)) rows.push({ time, seq: Number(values.seq) })
    }
    stored.set(device, rows)
  }
  return stored
}
