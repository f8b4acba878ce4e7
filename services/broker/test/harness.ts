// A broker in this process on a real backbone in a folder of its own, with devices registered straight into
// the bucket, as ingest does it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newToken, sha256Hex } from '@ronda/access/secrets'
import type { Backbone, Entry } from '@ronda/backbone/backbone'
import { openEmbeddedBackbone } from '@ronda/backbone/embedded/embedded'
import { decodeRecord } from '@ronda/backbone/record-codec'
import { Device, NewDevice } from '@ronda/contracts/device'
import type { LogRecord } from '@ronda/contracts/record'
import { type Clock, systemClock } from '@ronda/runtime/clock'
import { createLog } from '@ronda/runtime/log'
import { type MqttClient, connectAsync, type IClientOptions } from 'mqtt'
import { type Broker, createBroker } from '../src/app.ts'

export const city = 'tangsel'
const log = createLog('broker-test', 'error')

export interface Harness {
  backbone: Backbone
  broker: Broker
  port: number
  register(id: string, more?: Partial<NewDevice>): Promise<string>
  update(id: string, change: Partial<Device>, token?: string): Promise<void>
  connect(id: string, token: string, options?: IClientOptions): Promise<MqttClient>
  /** Every record of the log but the heartbeats. */
  records(): Promise<LogRecord[]>
  heartbeats(): Promise<LogRecord[]>
  restart(): Promise<void>
  end(): Promise<void>
}

export async function startHarness(options: { maxLogBytes?: number; clock?: Clock } = {}): Promise<Harness> {
  const dir = mkdtempSync(join(tmpdir(), 'ronda-broker-'))
  const open = () =>
    openEmbeddedBackbone({ dir, reserveBytes: 0, maxLogBytes: options.maxLogBytes ?? 1e9, now: Date.now })
  const clients: MqttClient[] = []

  async function start() {
    const backbone = open()
    const broker = await createBroker({ backbone, city, clock: options.clock ?? systemClock, log })
    const address = await broker.start({ host: '127.0.0.1', port: 0, variable: 'RONDA_MQTT_PORT' })
    return { backbone, broker, port: Number(new URL(address).port) }
  }
  let running = await start()

  async function put(device: Device, tokenSha256: string) {
    await running.backbone.commit({ writes: [{ bucket: 'devices', key: device.id, value: { device, tokenSha256 } }] })
  }

  async function readAll(): Promise<LogRecord[]> {
    const records: LogRecord[] = []
    let after = 0
    for (;;) {
      const entries: Entry[] = await running.backbone.stream('log').read(after, { records: 10_000, bytes: 1e8 })
      if (entries.length === 0) return records
      after = entries.at(-1)?.position ?? after
      records.push(...entries.map(({ record }) => decodeRecord(record)))
    }
  }

  return {
    get backbone() {
      return running.backbone
    },
    get broker() {
      return running.broker
    },
    get port() {
      return running.port
    },
    async register(id, more = {}) {
      const token = newToken()
      const known = NewDevice.parse({
        id,
        kind: 'streetlight',
        name: id,
        latitude: -6.3,
        longitude: 106.7,
        district: 'serpong',
        ...more,
      })
      await put(
        Device.parse({ ...known, uid: id.replaceAll('-', '0').padEnd(10, '0').slice(0, 10), revision: 1 }),
        sha256Hex(token),
      )
      return token
    },
    async update(id, change, token) {
      const row = await running.backbone.bucket('devices').get(id)
      if (row === undefined) throw new Error(`no device ${id}`)
      await put({ ...row.value.device, ...change }, token === undefined ? row.value.tokenSha256 : sha256Hex(token))
    },
    async connect(id, token, more = {}) {
      const client = await connectAsync(
        `mqtt://127.0.0.1:${running.port}`,
        { username: id, password: token, clientId: id, reconnectPeriod: 0, ...more },
        false,
      )
      client.on('error', () => {})
      clients.push(client)
      return client
    },
    async records() {
      return (await readAll()).filter(({ type }) => type !== 'heartbeat')
    },
    async heartbeats() {
      return (await readAll()).filter(({ type }) => type === 'heartbeat')
    },
    async restart() {
      await running.broker.stop()
      await running.backbone.close()
      running = await start()
    },
    async end() {
      for (const client of clients) client.end(true)
      await running.broker.stop()
      await running.backbone.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

export function topicOf(id: string, channel = 'telemetry', kind = 'streetlight'): string {
  return `${city}/v1/${kind}/${id}/${channel}`
}
