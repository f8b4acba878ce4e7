// History in the order of its devices. Rows come in the order of time, so that each block of the table has a few rows
// of every device, and one device's week is in all of them. What lies far enough back to be nearly complete is
// written anew, slice of time by slice, each in the order of devices: a device's rows are then in a block or two of a
// slice, and DuckDB skips the others. See docs/adr/0026-history-by-device.md.
import type { Measurement } from '@ronda/contracts/measurements'
import type { Database, Run } from './database.ts'
import { minutesSql, timeBetween } from './history-sql.ts'
import type { Instant, Marks } from './marks.ts'

/** Rows of a slice, roughly. More takes more memory to sort, less leaves a device's rows in more blocks. */
const sliceRows = 250_000
/** The longest slice, for tables that grow slowly. */
const sliceMs = 86_400_000
/** How far behind the newest row. What comes later still stays where it was written. */
const lateMs = 600_000
const minuteMs = 60_000

export interface ClusteredTable {
  measurement: Measurement
  /** Name of the table of rows. */
  name: string
  marks: Pick<Marks, 'newestMs'>
}

export interface Clustering {
  /**
   * To be told of every commit. Where enough has come since the last time, it answers what it begins, which goes on
   * beside the writer. That throws like any use of the database and may be begun again.
   */
  committed(rows: number): Promise<void> | undefined
}

interface Slice {
  from: Instant
  to: Instant
}

export function createClustering(
  db: Database,
  tables: readonly ClusteredTable[],
  rowsOfASlice = sliceRows,
): Clustering {
  // The first commit looks at what earlier sessions have left.
  let rowsSince = rowsOfASlice / 2
  let running: Promise<void> | undefined

  async function clusterAll(): Promise<void> {
    const clustered = new Map(
      (await db.read('SELECT measurement, untilMs FROM clustered')).map((row) => [
        row.measurement,
        Number(row.untilMs),
      ]),
    )
    for (const table of tables) {
      const fromMs = clustered.get(table.measurement) ?? 0
      const untilMs = Math.floor((table.marks.newestMs() - lateMs) / minuteMs) * minuteMs
      if (untilMs <= fromMs) continue
      const rows = await db.read(minutesSql(table.name, instant(fromMs), instant(untilMs)))
      const minutes = rows.map(({ minute, rows }) => ({ tsMs: Number(minute) * minuteMs, rows: Number(rows) }))
      let from = instant(fromMs)
      for (const toMs of ends(minutes, untilMs)) {
        const slice = { from, to: instant(toMs) }
        await db.aside((run) => rewrite(run, table, slice))
        from = slice.to
      }
    }
  }

  /** Where so many minutes make a slice; what comes after the last does not yet. */
  function* ends(minutes: readonly { tsMs: number; rows: number }[], untilMs: number): Iterable<number> {
    let longestMs = Infinity
    let sum = 0
    for (const { tsMs, rows } of minutes) {
      if (tsMs >= longestMs) {
        yield longestMs
        longestMs = Infinity
        sum = 0
      }
      if (longestMs === Infinity) longestMs = tsMs + sliceMs
      sum += rows
      if (sum < rowsOfASlice) continue
      yield tsMs + minuteMs
      longestMs = Infinity
      sum = 0
    }
    if (longestMs <= untilMs) yield longestMs
  }

  return {
    committed(rows) {
      rowsSince += rows
      if (running !== undefined || rowsSince < rowsOfASlice / 2) return undefined
      rowsSince = 0
      running = clusterAll().finally(() => {
        running = undefined
      })
      return running
    },
  }
}

/** In one transaction: readers and the writer see the rows where they were, or where they are. */
async function rewrite(run: Run, { measurement, name }: ClusteredTable, { from, to }: Slice): Promise<void> {
  const within = timeBetween(from, to)
  const [last] = await run(`SELECT max(rowid) AS id FROM ${name} WHERE ${within}`)
  await run(`INSERT INTO ${name} SELECT * FROM ${name} WHERE ${within} ORDER BY series, time`)
  await run(`DELETE FROM ${name} WHERE ${within} AND rowid <= ${String(last?.id)}`)
  await run(`DELETE FROM clustered WHERE measurement = '${measurement}'`)
  await run(`INSERT INTO clustered VALUES ('${measurement}', ${to.tsMs})`)
}

function instant(tsMs: number): Instant {
  return { tsMs, sub: 0 }
}
