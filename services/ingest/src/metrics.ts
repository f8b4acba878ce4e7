// What Prometheus may ask of ingest: the ledger, the two consumers, and the counters that the sources send with
// their heartbeats.
import type { Bucket, Stream } from '@ronda/backbone/backbone'
import type { Ledger } from '@ronda/contracts/ledger'
import type { SourceRow } from '@ronda/contracts/record'
import { Counter, Gauge, type Metric, Registry, collectDefaultMetrics } from 'prom-client'
import type { SignInCounts } from './accounts/sign-in-counts.ts'
import type { ReceiverFigures } from './webhooks/dispatcher.ts'

/** Of a source's newest heartbeat: the counter's name, and its count since the source started. */
type SourceCount = [source: string, name: string, count: number]

const refused = 'refused:'
const commits = 'commits:'

/**
 * How long messages waited for their commit, as the sources counted it: theirs are ms, Prometheus has seconds. A
 * `Histogram` of the library can only observe; the registry asks of a metric no more than its name and this.
 */
function commitHistogram(counts: () => Promise<SourceCount[]>): Metric {
  const name = 'ronda_source_commit_seconds'
  const help = 'How long messages waited for their commit'
  const histogram = {
    name,
    async get() {
      const values = (await counts()).flatMap(([source, counter, count]) => {
        if (counter === 'commitMs') return [{ metricName: `${name}_sum`, labels: { source }, value: count / 1_000 }]
        if (!counter.startsWith(commits)) return []
        const bound = counter.slice(commits.length)
        const isAll = bound === '+Inf'
        const le = isAll ? bound : String(Number(bound) / 1_000)
        const bucket = { metricName: `${name}_bucket`, labels: { source, le }, value: count }
        return isAll ? [bucket, { metricName: `${name}_count`, labels: { source }, value: count }] : [bucket]
      })
      return { name, help, type: 'histogram', values }
    },
  }
  return histogram as unknown as Metric
}

export interface MetricsDeps {
  log: Stream
  ledger: () => Promise<Ledger>
  sources: Bucket<SourceRow>
  undeclared: () => number
  webhooks: () => readonly ReceiverFigures[]
  signIns: Readonly<SignInCounts>
}

export function createMetrics({ log, ledger, sources, undeclared, webhooks, signIns }: MetricsDeps): Registry {
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
  const counter = (
    name: string,
    help: string,
    labelNames: string[],
    collect: (tell: (labels: Record<string, string>, count: number) => void) => Promise<void>,
  ) =>
    new Counter({
      name,
      help,
      labelNames,
      registers: [registry],
      collect: function () {
        this.reset()
        return collect((labels, count) => this.inc(labels, count))
      },
    })

  // Names of counters with a colon have a label behind it.
  counter('ronda_source_refused_total', 'Refused by a source, by code', ['source', 'code'], async (tell) => {
    for (const [source, name, count] of await counters()) {
      if (name.startsWith(refused)) tell({ source, code: name.slice(refused.length) }, count)
    }
  })
  counter('ronda_source_total', 'Counters of a source', ['source', 'counter'], async (tell) => {
    for (const [source, name, count] of await counters())
      if (!name.includes(':')) tell({ source, counter: name }, count)
  })
  registry.registerMetric(commitHistogram(counters))
  counter('ronda_webhook_attempts_total', 'Attempts to deliver webhooks', ['receiver', 'outcome'], async (tell) => {
    for (const { receiver, attempts } of webhooks()) {
      for (const [outcome, count] of Object.entries(attempts)) tell({ receiver, outcome }, count)
    }
  })
  counter('ronda_sign_ins_total', 'Attempts of people to sign in', ['outcome'], async (tell) => {
    const { auditDropped: _untold, ...outcomes } = signIns
    for (const [outcome, count] of Object.entries(outcomes)) tell({ outcome }, count)
  })
  counter('ronda_sign_ins_untold_total', 'Refused sign-ins that the audit trail had no room for', [], async (tell) =>
    tell({}, signIns.auditDropped),
  )
  gauge('ronda_webhook_queue_age_seconds', 'Age of the oldest event not delivered', ['receiver'], (self) => {
    for (const { receiver, queueAgeMs } of webhooks()) self.set({ receiver }, queueAgeMs / 1_000)
  })

  async function counters(): Promise<SourceCount[]> {
    const rows = await sources.list()
    return rows.flatMap(({ key, value }) =>
      Object.entries(value.counters).map(([name, count]): SourceCount => [key, name, count]),
    )
  }
  return registry
}
