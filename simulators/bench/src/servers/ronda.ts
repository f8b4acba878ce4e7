// Ronda's own services on free ports and a folder of their own, and devices registered over the API.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Ledger } from '@ronda/contracts/ledger'
import { formatTopic } from '@ronda/contracts/topics'
import { type Started, accepts, freePort, pidOf, start, waitFor } from '../process.ts'

const city = { slug: 'tangsel', district: 'serpong' }

export interface Target {
  port: number
  /** One for each connection. */
  credentials: readonly Credentials[]
}

export interface Credentials {
  username: string
  password: string
  topic: string
}

export interface Ronda {
  /** Of the broker. */
  pid: number
  target: Target
  ledger(): Promise<Ledger>
  stop(): Promise<void>
}

export interface RondaOptions {
  devices: number
  /** Without it, ingest only registers the devices and is gone while the broker is measured. */
  ingest: boolean
  brokerCore?: number
}

export async function startRonda({ devices, ingest: keepIngest, brokerCore }: RondaOptions): Promise<Ronda> {
  const dir = mkdtempSync(join(tmpdir(), 'ronda-bench-'))
  const [mqttPort, apiPort] = [await freePort(), await freePort()]
  const env = {
    RONDA_DATA_DIR: dir,
    RONDA_MQTT_PORT: String(mqttPort),
    RONDA_API_PORT: String(apiPort),
    RONDA_LOG_LEVEL: 'warn',
    RONDA_MQTT_MAX_RATE: '0',
  }
  const api = `http://127.0.0.1:${apiPort}`
  const pinned = (core: number | undefined) => (core === undefined ? { env } : { env, core })

  let ingest: Started | undefined = start('services/ingest/src/main.ts', { env })
  await waitFor(async () => (await fetch(`${api}/healthz`)).ok, 20_000, 'ingest did not answer')
  const authorization = `Bearer ${readFileSync(join(dir, 'admin-token'), 'utf8').trim()}`
  const credentials = await register(api, authorization, devices)
  if (!keepIngest) {
    await ingest.stop()
    ingest = undefined
  }
  const broker = start('services/broker/src/main.ts', pinned(brokerCore))
  await waitFor(() => accepts(mqttPort), 20_000, 'the broker did not listen')

  return {
    pid: pidOf(broker),
    target: { port: mqttPort, credentials },
    async ledger() {
      const response = await fetch(`${api}/api/v1/ledger`, { headers: { authorization } })
      // The ledger's own schema is checked where it is made.
      return (await response.json()) as Ledger
    },
    async stop() {
      await broker.stop()
      await ingest?.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function register(api: string, authorization: string, devices: number): Promise<Credentials[]> {
  const rows = Array.from(
    { length: devices },
    (_, i) => `bench-${i},streetlight,Bench ${i},-6.3,106.68,${city.district},60,100`,
  )
  const response = await fetch(`${api}/api/v1/devices/import`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'text/csv' },
    body: ['id,kind,name,latitude,longitude,district,intervalS,nominalPowerW', ...rows].join('\n'),
  })
  if (!response.ok) throw new Error(`the import failed: ${await response.text()}`)
  const lines = (await response.text()).trim().split('\n').slice(1)
  return lines.map((line) => {
    const [username = '', , , , password = ''] = line.split(',')
    return {
      username,
      password,
      topic: formatTopic({ city: city.slug, kind: 'streetlight', deviceId: username, channel: 'telemetry' }),
    }
  })
}

/** The same connections for a broker that asks for no credentials. */
export function anonymous(count: number): Credentials[] {
  return Array.from({ length: count }, (_, i) => ({
    username: `bench-${i}`,
    password: '',
    topic: formatTopic({ city: city.slug, kind: 'streetlight', deviceId: `bench-${i}`, channel: 'telemetry' }),
  }))
}
