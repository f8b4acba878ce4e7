// The verdict of a soak, row by row: what clients know of their readings beside what the store has of them.

/** What was published: of each device the readings 0 … count − 1. */
export interface SentReadings {
  /** Those that a PUBACK was received for, by device. */
  acknowledged: ReadonlyMap<string, ReadonlySet<number>>
  /** Of each device. */
  count: number
  /** The time of measurement of a device's n-th reading, ms UTC. */
  timeOf: (n: number) => number
}

export interface StoredReading {
  time: number
  /** The number of the reading. */
  seq: number
}

export interface Reading extends StoredReading {
  device: string
}

export interface Comparison {
  /** Rows. */
  stored: number
  /** Acknowledged, but not there. */
  missing: Reading[]
  /** There once more, acknowledged or not: each row beyond the first. */
  doubled: Reading[]
  /** Rows that nobody published, or with another time. */
  foreign: Reading[]
}

export function compare(
  { acknowledged, count, timeOf }: SentReadings,
  storedByDevice: ReadonlyMap<string, readonly StoredReading[]>,
): Comparison {
  const comparison: Comparison = { stored: 0, missing: [], doubled: [], foreign: [] }
  for (const device of new Set([...acknowledged.keys(), ...storedByDevice.keys()])) {
    const rows = storedByDevice.get(device) ?? []
    const found = new Set<number>()
    for (const row of rows) {
      const { seq, time } = row
      const isOurs = acknowledged.has(device) && seq >= 0 && seq < count && time === timeOf(seq)
      if (!isOurs) comparison.foreign.push({ device, ...row })
      else if (found.has(seq)) comparison.doubled.push({ device, ...row })
      else found.add(seq)
    }
    for (const seq of acknowledged.get(device) ?? []) {
      if (!found.has(seq)) comparison.missing.push({ device, seq, time: timeOf(seq) })
    }
    comparison.stored += rows.length
  }
  return comparison
}
