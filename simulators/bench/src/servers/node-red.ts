// The common alternative: Node-RED between a broker and InfluxDB 1.x, each message parsed and shaped by the nodes that
// people use for it. From npm, into a folder that is removed with it.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePorts } from '@ronda/infra/testing/ports'
import { endWithThisProcess, makeTemporaryFolder } from '../interruption.ts'
import { waitFor } from '../process.ts'

const packages = ['node-red@5', 'node-red-contrib-influxdb@0']

/** How points are written: each by itself, as flows usually do; or a thousand, or those of a second, as one. */
export type NodeRedFlow = 'each' | 'thousands'

export interface NodeRedOptions {
  flow: NodeRedFlow
  brokerPort: number
  influxPort: number
  database: string
}

export interface NodeRed {
  /** It listens to all topics. */
  start(options: NodeRedOptions): Promise<{ stop(): Promise<void> }>
  remove(): void
}

/** Throws when npm cannot get it. */
export function installNodeRed(): NodeRed {
  const dir = makeTemporaryFolder()
  const remove = () => rmSync(dir, { recursive: true, force: true })
  const flags = ['--no-audit', '--no-fund', '--loglevel=error']
  const { status } = spawnSync('npm', ['install', '--prefix', dir, ...flags, ...packages], { stdio: 'inherit' })
  if (status !== 0) {
    remove()
    throw new Error('npm could not install Node-RED')
  }
  return { start: (options) => start(dir, options), remove }
}

async function start(dir: string, options: NodeRedOptions): Promise<{ stop(): Promise<void> }> {
  const [port = 0] = await freePorts(1)
  const settings = { uiPort: port, uiHost: '127.0.0.1', flowFile: 'flows.json', credentialSecret: false }
  writeFileSync(join(dir, 'settings.cjs'), `module.exports = ${JSON.stringify(settings)}`)
  writeFileSync(join(dir, 'flows.json'), JSON.stringify(nodesOf(options)))
  const red = join(dir, 'node_modules', 'node-red', 'red.js')
  const child = spawn(process.execPath, [red, '--userDir', dir, '--settings', join(dir, 'settings.cjs')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  endWithThisProcess(child)
  await waitFor(async () => (await fetch(`http://127.0.0.1:${port}/flows`)).ok, 60_000, 'Node-RED did not start')
  return {
    async stop() {
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
  }
}

function nodesOf({ flow, brokerPort, influxPort, database }: NodeRedOptions): object[] {
  const host = '127.0.0.1'
  const z = 'flow'
  const point = `
    const { ts, ...fields } = msg.payload
    const tags = { device: msg.topic.split('/')[3] }`
  const shapes = {
    each: `${point}
    return { measurement: 'streetlight', payload: [{ ...fields, time: ts }, tags] }`,
    thousands: `${point}
    return { payload: { measurement: 'streetlight', tags, fields, timestamp: ts } }`,
  }
  const batch = {
    mode: 'custom',
    build: 'array',
    property: 'payload',
    propertyType: 'msg',
    count: '1000',
    timeout: '1',
  }
  const written = { z, influxdb: 'influx', precision: 'ms', wires: [] }
  const writers = {
    each: [{ id: 'write', type: 'influxdb out', ...written }],
    thousands: [
      { id: 'write', z, type: 'join', ...batch, wires: [['out']] },
      { id: 'out', type: 'influxdb batch', ...written },
    ],
  }
  return [
    { id: z, type: 'tab', label: 'telemetry' },
    { id: 'broker', type: 'mqtt-broker', broker: host, port: String(brokerPort), protocolVersion: '4' },
    { id: 'in', z, type: 'mqtt in', topic: '#', qos: '1', datatype: 'json', broker: 'broker', wires: [['shape']] },
    { id: 'shape', z, type: 'function', func: shapes[flow], outputs: 1, wires: [['write']] },
    ...writers[flow],
    { id: 'influx', type: 'influxdb', hostname: host, port: String(influxPort), database, influxdbVersion: '1.x' },
  ]
}
