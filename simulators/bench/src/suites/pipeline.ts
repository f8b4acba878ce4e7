// The whole way: MQTT, the log, validated, into the store, the embedded one and InfluxDB. As fast as the broker
// acknowledges, then until the ledger has nothing pending; all services and the load share the machine. Beside it the
// common alternative, where it is asked for.
import { spawnSync } from 'node:child_process'
import { type Influxd, startInfluxd } from '@ronda/infra/testing/influxd'
import { runLoad } from '../load/run-load.ts'
import type { Target } from '../report.ts'
import { mosquitto } from '../servers/contestants.ts'
import { type NodeRedFlow, installNodeRed } from '../servers/node-red.ts'
import { startRonda } from '../servers/ronda.ts'
import { usageOf } from '../usage.ts'
import { mostOfNodeRed } from './alternative.ts'
import type { Suite, SuiteOptions } from './suite.ts'

const parts = { embedded: 'from MQTT into the embedded store', influx: 'from MQTT into InfluxDB 1.x' } as const
const connections = 200
const inFlight = 20
const targets = { embedded: 40_000, influx: 20_000 } as const
/** The target of the one is to be held for a minute. */
const loadMs = { embedded: 60_000, influx: 12_000 } as const
/** Of the common alternative, as its flows usually are. */
const atLeastTimes = 5

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
    if (peers) await besideNodeRed(options, ours)
  },
}

async function besideNodeRed({ report, quick }: SuiteOptions, ours: number): Promise<void> {
  if (!mosquitto.isInstalled()) {
    report.note('pipeline: Mosquitto is not installed here (Debian: mosquitto), and Node-RED is not measured')
    return
  }
  const nodeRed = installNodeRed()
  try {
    const add = async (flow: NodeRedFlow, how: string, target?: Target) => {
      const baseline = await mostOfNodeRed(nodeRed, { flow, quick, note: report.note })
      const figure = `${parts.influx}, beside Mosquitto → Node-RED → InfluxDB 1.x${how}`
      report.add({ suite: 'pipeline', figure, value: ours, unit: 'msg/s', baseline, ...(target && { target }) })
    }
    await add('each', '', { of: 'ratio', atLeast: atLeastTimes })
    await add('thousands', ', a thousand points a request')
  } finally {
    nodeRed.remove()
  }
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
