// The verdict on what is stored, row by row: what devices know of their readings beside what the store has of them.

/** What was published. */
export interface SentReadings {
  /** The numbers of those that a PUBACK was received for, by device. */
  acknowledged: ReadonlyMap<string, ReadonlySet<number>>
  /** The time at which the store is to have a device's n-th reading, ms UTC; undefined of one that it has not published. */
  timeOf: (device: string, n: number) => number | undefined
}

export interface StoredReading {
  time: number
  /** The number of the reading. */
  seq: number
}

export interface Reading {
  device: string
  seq: number
  /** Undefined of one that nobody has seen. */
  time: number | undefined
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
  { acknowledged, timeOf }: SentReadings,
  storedByDevice: ReadonlyMap<string, readonly StoredReading[]>,
): Comparison {
  const comparison: Comparison = { stored: 0, missing: [], doubled: [], foreign: [] }
  for (const device of new Set([...acknowledged.keys(), ...storedByDevice.keys()])) {
    const rows = storedByDevice.get(device) ?? []
    const found = new Set<number>()
    for (const row of rows) {
      const { seq, time } = row
      if (time !== timeOf(device, seq)) comparison.foreign.push({ device, ...row })
      else if (found.has(seq)) comparison.doubled.push({ device, ...row })
      else found.add(seq)
    }
    for (const seq of acknowledged.get(device) ?? []) {
      if (!found.has(seq)) comparison.missing.push({ device, seq, time: timeOf(device, seq) })
    }
    comparison.stored += rows.length
  }
  return comparison
}
