// The InfluxDB adapter, for 1.x, 2.x and 3.x. InfluxDB keeps the last of rows that have measurement, tags and time
// in common, so equal rows collapse by themselves, untold; a device that sends the same reading from two districts
// has it in each. It keeps no cursors: what is staged is written, and the consumer's cursor follows elsewhere.
import { AppError } from '@ronda/contracts/errors'
import { resolveCount, resolveQuery } from '../query.ts'
import { createStageGate } from '../stage-gate.ts'
import type { HistoryRow, Store } from '../store.ts'
import {
  type Series,
  countQuery,
  historiesQuery,
  historyQuery,
  latestQuery,
  newestQuery,
  oldestQuery,
  rowsOf,
} from './influxql.ts'
import { type InfluxOptions, createInfluxServer } from './server.ts'
import { writeRows } from './writing.ts'

/** Connects with the first call; a server that is down at the time is no reason not to start. */
export function openInfluxStore(options: InfluxOptions): Store {
  const server = createInfluxServer(options)
  const gate = createStageGate()

  return {
    name: 'influx',
    tellsCollapsed: false,

    stage: (_consumer, rows) =>
      gate(async () => {
        const rejected = await writeRows(server, rows)
        return {
          stored: rows.length - rejected.length,
          collapsed: 0,
          rejected,
          commit: async () => {},
          rollback: async () => {},
        }
      }),
    progress: async () => undefined,

    async latest(measurement, device) {
      return (await server.query(latestQuery(measurement, device))).flatMap(rowsOf)[0]
    },
    async history(query) {
      const rows = (await server.query(historyQuery(query, resolveQuery(query)))).flatMap(rowsOf)
      // 1.x limits each aggregate for itself, so that several together can give more buckets.
      return rows.slice(0, query.limit)
    },

    async newest(query) {
      return firstOfEach(byDevice(await server.query(newestQuery(query, resolveQuery(query)))))
    },
    async oldest(query) {
      return firstOfEach(byDevice(await server.query(oldestQuery(query, resolveQuery(query)))))
    },
    async histories(query) {
      return byDevice(await server.query(historiesQuery(query, resolveQuery(query))))
    },
    async counts(query) {
      const resolved = resolveCount(query)
      const ofValues = await Promise.all(
        query.values.map(async (value) => {
          const histories = byDevice(await server.query(countQuery(query, resolved, value)))
          return [...histories].flatMap(([device, rows]) =>
            rows.map(({ time, values }) => ({ device, value, time, count: Number(values.count) })),
          )
        }),
      )
      return ofValues.flat()
    },

    async unavailable() {
      try {
        await server.check()
        return undefined
      } catch (error) {
        if (error instanceof AppError) return error
        throw error
      }
    },
    async close() {
      server.close()
    },
  }
}

function firstOfEach(histories: ReadonlyMap<string, readonly HistoryRow[]>): Map<string, HistoryRow> {
  return new Map([...histories].flatMap(([device, [row]]) => (row === undefined ? [] : [[device, row]])))
}

/** A long series comes in several pieces. */
function byDevice(found: readonly Series[]): Map<string, HistoryRow[]> {
  const histories = new Map<string, HistoryRow[]>()
  for (const series of found) {
    const device = series.tags?.device ?? ''
    histories.set(device, [...(histories.get(device) ?? []), ...rowsOf(series)])
  }
  return histories
}
