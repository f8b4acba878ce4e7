// The whole way: MQTT, the log, validated, into the store, the embedded one and InfluxDB. As fast as the broker
// acknowledges, then until the ledger has nothing pending; all services and the load share the machine. Beside it the
// common alternative, where it is asked for.
import { spawnSync } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { type Influxd, startInfluxd } from '@ronda/infra/testing/influxd'
import { runLoad } from '../load/run-load.ts'
import { mosquitto } from '../servers/contestants.ts'
import { startNodeRed } from '../servers/node-red.ts'
import { startRonda } from '../servers/ronda.ts'
import { usageOf } from '../usage.ts'
import type { Suite, SuiteOptions } from './suite.ts'

const parts = { embedded: 'from MQTT into the embedded store', influx: 'from MQTT into InfluxDB 1.x' } as const
const connections = 200
const inFlight = 20
const targets = { embedded: 40_000, influx: 20_000 } as const
/** The target of the one is to be held for a minute. */
const loadMs = { embedded: 60_000, influx: 12_000 } as const
/** Of the common alternative. */
const atLeastTimes = 5
/** More than it holds: it is measured while it is never without work. */
const alternativeMessagesPerSecond = 10_000
/** Without another point in the database for so long, no more are to come. */
const settledMs = 5_000

const services = ['broker', 'ingest'] as const

type Store = keyof typeof parts

export const pipelineSuite: Suite = {
  about:
    'Messages a second from MQTT into the store, validated, until the ledger balances; all services and the load on the same cores. InfluxDB 1.x where installed.',
  parts: Object.values(parts),
  async run(options) {
    const { report, wants, peers } = options
    if (wants(parts.embedded)) await withRonda('embedded', options)
    if (!wants(parts.influx)) return
    if (spawnSync('influxd', ['version']).error !== undefined) {
      report.note('pipeline: InfluxDB 1.x is not installed here (Debian: influxdb), and is not measured')
      return
    }
    const ours = await withInfluxd((influxd) => withRonda('influx', options, influxd))
    if (!peers) return
    if (!mosquitto.isInstalled()) {
      report.note('pipeline: Mosquitto is not installed here (Debian: mosquitto), and Node-RED is not measured')
      return
    }
    report.add({
      suite: 'pipeline',
      figure: `${parts.influx}, beside Mosquitto → Node-RED → InfluxDB 1.x`,
      value: ours,
      unit: 'msg/s',
      baseline: await withInfluxd((influxd) => withNodeRed(options, influxd)),
      target: { of: 'ratio', atLeast: atLeastTimes },
    })
  },
}

async function withInfluxd<T>(measure: (influxd: Influxd) => Promise<T>): Promise<T> {
  const influxd = await startInfluxd()
  try {
    return await measure(influxd)
  } finally {
    await influxd.stop()
  }
}

/** Messages a second over the whole way. */
async function withRonda(store: Store, { report, quick }: SuiteOptions, influxd?: Influxd): Promise<number> {
  const variables = influxd === undefined ? {} : { RONDA_STORE: 'influx', INFLUX_URL: influxd.url }
  const ronda = await startRonda({ devices: connections, services, variables })
  try {
    const startedAt = performance.now()
    const cpuMsBefore = services.map((service) => usageOf(ronda.pidOf(service)).cpuMs)
    const { total, seconds, acknowledged, ownCpuMs } = await runLoad('publisher', {
      ...ronda.target,
      pid: ronda.pidOf('broker'),
      inFlight,
      warmUpMs: 1_000,
      measureMs: quick ? 10_000 : loadMs[store],
    })
    const written = await ronda.whenStored(total)
    const perSecond = (total / (performance.now() - startedAt)) * 1_000
    const suite = 'pipeline'
    const part = parts[store]
    report.add({ suite, figure: `acknowledged meanwhile, ${part}`, value: acknowledged / seconds, unit: 'msg/s' })
    const addCpu = (whose: string, us: number) =>
      report.add({ suite, figure: `${whose}: CPU time a message, ${part}`, value: us, unit: 'µs' })
    for (const [n, service] of services.entries()) {
      addCpu(service, ((usageOf(ronda.pidOf(service)).cpuMs - (cpuMsBefore[n] ?? 0)) / total) * 1_000)
    }
    addCpu('the load', (ownCpuMs / acknowledged) * 1_000)
    const target = { of: 'value', atLeast: targets[store] } as const
    report.add({ suite, figure: part, value: perSecond, unit: 'msg/s', target })
    report.note(`pipeline: ${written} messages ${part}, ledger balanced`)
    return perSecond
  } finally {
    await ronda.stop()
  }
}

/** Points a second that are in the database in the end, of more than it can take. */
async function withNodeRed({ report, quick }: SuiteOptions, influxd: Influxd): Promise<number> {
  const database = 'alternative'
  await influxd.query(`CREATE DATABASE ${database}`)
  const { target, pid, stop } = await mosquitto.start({ connections })
  try {
    const nodeRed = await startNodeRed({ brokerPort: target.port, influxPort: influxd.port, database })
    try {
      const startedAt = performance.now()
      const { total } = await runLoad('publisher', {
        ...target,
        pid,
        inFlight,
        messagesPerSecond: alternativeMessagesPerSecond,
        warmUpMs: 0,
        measureMs: quick ? 5_000 : 15_000,
      })
      const { points, lastAt } = await whenSettled(influxd, database)
      report.note(`pipeline: of ${total} messages ${points} came through Mosquitto → Node-RED → InfluxDB 1.x`)
      return (points / (lastAt - startedAt)) * 1_000
    } finally {
      await nodeRed.stop()
    }
  } finally {
    await stop()
  }
}

/** Counts until no more points come; `lastAt` is the time of the last count that had grown. */
async function whenSettled(influxd: Influxd, database: string): Promise<{ points: number; lastAt: number }> {
  let points = 0
  let lastAt = performance.now()
  while (performance.now() - lastAt < settledMs) {
    const [result] = await influxd.query('SELECT COUNT("seq") FROM "streetlight"', database)
    const count = Number(result?.series?.[0]?.values[0]?.[1] ?? 0)
    if (count > points) [points, lastAt] = [count, performance.now()]
    await delay(250)
  }
  return { points, lastAt }
}
