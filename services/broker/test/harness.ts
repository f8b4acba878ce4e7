// A broker in this process on a real backbone in a folder of its own, with devices registered straight into
// the bucket, as ingest does it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newToken, sha256Hex } from '@ronda/access/secrets'
import type { Backbone, Entry } from '@ronda/backbone/backbone'
import { openEmbeddedBackbone } from '@ronda/backbone/embedded/embedded'
import { decodeJson, decodeRecord } from '@ronda/backbone/record-codec'
import { AuditEntry } from '@ronda/contracts/audit'
import { Device, NewDevice } from '@ronda/contracts/device'
import type { LogRecord } from '@ronda/contracts/record'
import { ServicePrincipal, type ServiceRow } from '@ronda/contracts/service-principal'
import { type Clock, systemClock } from '@ronda/runtime/clock'
import { type EnvironmentInput, readEnvironment } from '@ronda/runtime/config'
import { createLog } from '@ronda/runtime/log'
import { type MqttClient, connectAsync, type IClientOptions } from 'mqtt'
import type { IConnectPacket } from 'mqtt-packet'
import { type Broker, createBroker } from '../src/app.ts'
import { type RawClient, connectRaw } from './raw-client.ts'

export const city = 'tangsel'
const log = createLog('broker-test', 'error')

export interface Harness {
  backbone: Backbone
  broker: Broker
  port: number
  register(id: string, more?: Partial<NewDevice>): Promise<string>
  update(id: string, change: Partial<Device>, token?: string): Promise<void>
  connect(id: string, token: string, options?: IClientOptions): Promise<MqttClient>
  /** Registers a service that may subscribe to these filters, or changes it; its token. */
  registerService(id: string, more?: Partial<ServiceRow['service']>): Promise<string>
  /** A client in real packets. */
  raw(id: string, token: string, more?: Partial<IConnectPacket>): Promise<RawClient>
  /** The audit trail. */
  trail(): Promise<AuditEntry[]>
  /** The newest heartbeat's counters. */
  counters(): Promise<Record<string, number>>
  /** Every record of the log but the heartbeats. */
  records(): Promise<LogRecord[]>
  heartbeats(): Promise<LogRecord[]>
  restart(): Promise<void>
  end(): Promise<void>
}

export interface HarnessOptions {
  maxLogBytes?: number
  clock?: Clock
  env?: EnvironmentInput
}

export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const dir = mkdtempSync(join(tmpdir(), 'ronda-broker-'))
  const open = () =>
    openEmbeddedBackbone({ dir, reserveBytes: 0, maxLogBytes: options.maxLogBytes ?? 1e9, now: Date.now })
  const clients: MqttClient[] = []

  async function start() {
    const backbone = open()
    const env = readEnvironment({ RONDA_MQTT_PORT: '0', RONDA_MQTT_MAX_RATE: '0', ...options.env })
    const broker = await createBroker({ env, backbone, city, clock: options.clock ?? systemClock, log })
    try {
      const [address = ''] = await broker.start()
      return { backbone, broker, port: Number(new URL(address).port) }
    } catch (error) {
      await broker.stop()
      await backbone.close()
      throw error
    }
  }
  let running = await start()

  async function put(device: Device, tokenSha256: string) {
    await running.backbone.commit({ writes: [{ bucket: 'devices', key: device.id, value: { device, tokenSha256 } }] })
  }

  const raws: RawClient[] = []

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
    register: (id, more) => registerIn(running.backbone, id, more),
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
    async registerService(id, more = {}) {
      const token = newToken()
      const service = ServicePrincipal.parse({
        id,
        description: id,
        filters: [`${city}/v1/+/+/telemetry`],
        ...more,
        revision: 1,
        createdAt: 0,
      })
      const value = { service, tokenSha256: sha256Hex(token) }
      await running.backbone.commit({ writes: [{ bucket: 'service-principals', key: id, value }] })
      return token
    },
    async raw(id, token, more) {
      const raw = await connectRaw(running.port, id, token, more)
      raws.push(raw)
      return raw
    },
    async trail() {
      const entries = await running.backbone.stream('audit').read(0, { records: 10_000, bytes: 1e8 })
      return entries.map(({ record }) => AuditEntry.parse(decodeJson(record)))
    },
    async counters() {
      const row = await running.backbone.bucket('sources').get('broker')
      return { ...row?.value.counters }
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
      for (const { socket } of raws) socket.destroy()
      await running.broker.stop()
      await running.backbone.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Registers a device; its token. */
export async function registerIn(backbone: Backbone, id: string, more: Partial<NewDevice> = {}): Promise<string> {
  const token = newToken()
  const place = { latitude: -6.3, longitude: 106.7, district: 'serpong' }
  const known = NewDevice.parse({ id, kind: 'streetlight', name: id, ...place, ...more })
  const uid = id.replaceAll('-', '0').padEnd(10, '0').slice(0, 10)
  const value = { device: Device.parse({ ...known, uid, revision: 1 }), tokenSha256: sha256Hex(token) }
  await backbone.commit({ writes: [{ bucket: 'devices', key: id, value }] })
  return token
}

export function topicOf(id: string, channel = 'telemetry', kind = 'streetlight'): string {
  return `${city}/v1/${kind}/${id}/${channel}`
}
