// What Prometheus may ask of ingest: the ledger, the two consumers, and the counters that the sources send with
// their heartbeats.
import type { Bucket, Stream } from '@ronda/backbone/backbone'
import type { Ledger } from '@ronda/contracts/ledger'
import type { SourceRow } from '@ronda/contracts/record'
import { Gauge, Registry, collectDefaultMetrics } from 'prom-client'

export interface MetricsDeps {
  log: Stream
  ledger: () => Promise<Ledger>
  sources: Bucket<SourceRow>
  undeclared: () => number
}

export function createMetrics({ log, ledger, sources, undeclared }: MetricsDeps): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'ronda_ingest_' })

  const gauge = (name: string, help: string, labelNames: string[], collect: (gauge: Gauge) => void | Promise<void>) =>
    new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      collect: function () {
        this.reset()
        return collect(this)
      },
    })

  gauge('ronda_messages', 'Messages of the ledger by state', ['state'], async (self) => {
    const { accepted, written, deadLettered, pending } = await ledger()
    for (const [state, count] of Object.entries({ accepted, written, deadLettered, pending }))
      self.set({ state }, count)
  })
  gauge('ronda_readings', 'Readings by what became of them', ['outcome'], async (self) => {
    const { readings } = await ledger()
    for (const [outcome, count] of Object.entries(readings)) if (count !== null) self.set({ outcome }, count)
  })
  gauge('ronda_undeclared_keys', 'Payload keys that no schema declares, dropped since the start', [], (self) =>
    self.set(undeclared()),
  )
  gauge('ronda_log_bytes', 'Size of the log', [], async (self) => self.set((await log.size()).bytes))
  gauge('ronda_log_blocked', '1 while the log takes no messages', [], (self) =>
    self.set(log.blocked === undefined ? 0 : 1),
  )
  gauge('ronda_source_accepting', '1 while a source accepts messages', ['source'], async (self) => {
    for (const {
      key: source,
      value: { accepting },
    } of await sources.list())
      self.set({ source }, accepting ? 1 : 0)
  })
  gauge('ronda_source_connections', 'Connections of a source', ['source'], async (self) => {
    for (const {
      key: source,
      value: { connections },
    } of await sources.list())
      self.set({ source }, connections)
  })
  // Names of counters with a colon have a label behind it.
  const labelled = (name: string, help: string, label: string, prefix: string) =>
    gauge(name, help, ['source', label], async (self) => {
      for (const [source, counter, count] of await counters()) {
        if (counter.startsWith(prefix)) self.set({ source, [label]: counter.slice(prefix.length) }, count)
      }
    })
  labelled('ronda_source_refused', 'Refused by a source since it started, by code', 'code', 'refused:')
  labelled('ronda_source_commit_ms_bucket', 'Commits of a source by how long they took, ms', 'le', 'commits:')
  gauge('ronda_source_counter', 'Counters of a source since it started', ['source', 'counter'], async (self) => {
    for (const [source, counter, count] of await counters()) {
      if (!counter.includes(':')) self.set({ source, counter }, count)
    }
  })

  async function counters(): Promise<[source: string, counter: string, count: number][]> {
    const rows = await sources.list()
    return rows.flatMap(({ key, value }) =>
      Object.entries(value.counters).map(([counter, count]): [string, string, number] => [key, counter, count]),
    )
  }
  return registry
}
