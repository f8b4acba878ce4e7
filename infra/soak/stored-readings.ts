// What the store has, asked as anybody would: over the API.
import type { RunningSystem } from '../testing/running-system.ts'
import type { StoredReading } from './comparison.ts'

/** The most rows of one answer of the history. */
const mostRows = 10_000

interface History {
  rows: { time: number; values: { seq?: number } }[]
}

/** Every row of these devices with a time from `from` and before `to` (ms UTC). */
export async function readStored(
  { get }: Pick<RunningSystem, 'get'>,
  devices: readonly string[],
  from: number,
  to: number,
): Promise<Map<string, StoredReading[]>> {
  /** In halves where one answer does not hold it, so that rows of one time are never torn apart. */
  async function read(device: string, first: number, end: number): Promise<StoredReading[]> {
    const { rows } = await get<History>(
      `/api/v1/devices/${device}/history?fields=seq&from=${first}&to=${end}&limit=${mostRows}`,
    )
    if (rows.length < mostRows) return rows.map(({ time, values: { seq = -1 } }) => ({ time, seq }))
    const middle = Math.floor((first + end) / 2)
    if (middle === first)
      throw new Error(`${device} has ${mostRows} rows or more at ${first}: they cannot be told apart`)
    return [...(await read(device, first, middle)), ...(await read(device, middle, end))]
  }

  const stored = new Map<string, StoredReading[]>()
  for (const device of devices) stored.set(device, await read(device, from, to))
  return stored
}
