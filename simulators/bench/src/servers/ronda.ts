// Ronda's own services on free ports and a folder of their own, and devices registered over the API.
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { planCity } from '@ronda/city/plan/plan'
import type { NewDevice } from '@ronda/contracts/device'
import type { Ledger } from '@ronda/contracts/ledger'
import { formatTopic } from '@ronda/contracts/topics'
import { freePorts } from '@ronda/infra/testing/ports'
import { registerPlan } from '@ronda/infra/testing/registration'
import { readCity } from '@ronda/runtime/city-profile'
import { makeTemporaryFolder } from '../interruption.ts'
import type { WebSocketAddress } from '../load/web-socket.ts'
import { type Started, accepts, pidOf, start, waitFor } from '../process.ts'

const city = { slug: 'tangsel', district: 'serpong' }
const cityFolder = join(import.meta.dirname, '../../../../infra/cities/tangsel')

export interface Target {
  port: number
  /** One for each connection. */
  credentials: readonly Credentials[]
}

export interface Credentials {
  username: string
  password: string
  /** What it may publish on. */
  topics: readonly string[]
}

export type Service = 'broker' | 'ingest' | 'fanout'

export interface Ronda {
  /** Its data directory. */
  dir: string
  /** Where devices connect. */
  target: Target
  /** Where control rooms connect. */
  webSocket: WebSocketAddress
  /** Of fanout. */
  metricsUrl: string
  /** Those that were planned. */
  plan: readonly NewDevice[]
  /** For an administrator, into the page. */
  signInLink(): Promise<string>
  pidOf(service: Service): number
  /**
   * Resolves with their number when all messages are in the store, at least so many as are told; throws when some were
   * refused, or the ledger does not balance.
   */
  whenStored(messages: number): Promise<number>
  /** As after a power cut. */
  restart(service: Service): Promise<void>
  stop(): Promise<void>
}

export interface RondaOptions {
  /** Its data directory, which is removed with it; a temporary one when absent. */
  dir?: string
  /** As many are registered and connect: lamps, unless there are lamps behind each of them. */
  devices: number
  lampsBehindEach?: number
  /** As many are registered beside them as a simulated city would have, of all kinds and over all districts. */
  planned?: number
  /** How often they are to report; every minute when absent. */
  intervalS?: number
  /** What runs while it is measured; ingest comes for a moment when it has only devices to register. */
  services: readonly Service[]
  /** The core of each of them; any when absent. */
  core?: number
  /** Of the environment, beside those that every measurement sets. */
  variables?: Readonly<Record<string, string>>
}

/** In the order in which they are started. */
const scripts: Readonly<Record<Service, string>> = {
  ingest: 'services/ingest/src/main.ts',
  broker: 'services/broker/src/main.ts',
  fanout: 'services/fanout/src/main.ts',
}

export async function startRonda(options: RondaOptions): Promise<Ronda> {
  const { dir = makeTemporaryFolder(), devices, planned = 0, services, core } = options
  const [mqttPort = 0, apiPort = 0, pagePort = 0] = await freePorts(3)
  const env = {
    RONDA_DATA_DIR: dir,
    RONDA_MQTT_PORT: String(mqttPort),
    RONDA_API_PORT: String(apiPort),
    RONDA_PORT: String(pagePort),
    RONDA_LOG_LEVEL: 'warn',
    RONDA_MQTT_MAX_RATE: '0',
    ...options.variables,
  }
  const listening: Readonly<Record<Service, () => Promise<boolean>>> = {
    ingest: async () => (await fetch(`http://127.0.0.1:${apiPort}/healthz`)).ok,
    broker: () => accepts(mqttPort),
    fanout: async () => (await fetch(`http://127.0.0.1:${pagePort}/healthz`)).ok,
  }
  const running = new Map<Service, Started>()

  async function begin(service: Service): Promise<void> {
    const started = start(scripts[service], core === undefined ? { env } : { env, core })
    running.set(service, started)
    const ended = once(started.child, 'exit').then(([code]) => {
      throw new Error(`${service} ended with ${code} before it listened`)
    })
    // It ends after that, too.
    ended.catch(() => {})
    await Promise.race([waitFor(listening[service], 20_000, `${service} did not listen`), ended])
  }

  async function end(service: Service): Promise<void> {
    await running.get(service)?.stop()
    running.delete(service)
  }

  const authorization = () => `Bearer ${readFileSync(join(dir, 'admin-token'), 'utf8').trim()}`
  const api = `http://127.0.0.1:${apiPort}`
  let credentials: Credentials[] = []
  if (devices + planned > 0 || services.includes('ingest')) await begin('ingest')
  if (devices > 0) credentials = await register(post, options)
  const plan = planned === 0 ? [] : planCity({ city: readCity(cityFolder), devices: planned, seed: 1, intervalS: 60 })
  if (planned > 0) await registerPlan({ post }, plan)
  if (!services.includes('ingest')) await end('ingest')
  for (const service of services) if (service !== 'ingest') await begin(service)

  async function post<T>(path: string, body: unknown): Promise<T> {
    const isCsv = typeof body === 'string'
    const response = await fetch(api + path, {
      method: 'POST',
      headers: { authorization: authorization(), 'content-type': isCsv ? 'text/csv' : 'application/json' },
      body: isCsv ? body : JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`POST ${path}: ${await response.text()}`)
    // What each path answers is in its schema.
    return (isCsv ? await response.text() : await response.json()) as T
  }

  async function ledger(): Promise<Ledger> {
    const response = await fetch(`${api}/api/v1/ledger`, { headers: { authorization: authorization() } })
    // The ledger's own schema is checked where it is made.
    return (await response.json()) as Ledger
  }

  return {
    dir,
    target: { port: mqttPort, credentials },
    webSocket: { port: pagePort, path: '/ws/v1', authorization: authorization() },
    plan,
    async signInLink() {
      // Who comes by a link while there is no account is asked to make the first one.
      await post('/api/v1/accounts', { name: 'bench', displayName: 'Bench', role: 'viewer' })
      return (await post<{ url: string }>('/api/v1/sign-in-links', { name: 'Bench', role: 'administrator' })).url
    },
    metricsUrl: `http://127.0.0.1:${pagePort}/metrics`,
    pidOf(service) {
      const started = running.get(service)
      if (started === undefined) throw new Error(`${service} does not run`)
      return pidOf(started)
    },
    async whenStored(messages) {
      const isStored = async () => {
        const { pending, accepted } = await ledger()
        return pending === 0 && accepted >= messages
      }
      await waitFor(isStored, 300_000, 'the ledger did not come to rest')
      const { balanced, deadLettered, written } = await ledger()
      if (!balanced || deadLettered > 0) throw new Error(`the ledger does not balance, or has refused ${deadLettered}`)
      return written
    },
    async restart(service) {
      const killed = running.get(service)?.child
      if (killed === undefined) throw new Error(`${service} does not run`)
      const exited = once(killed, 'exit')
      killed.kill('SIGKILL')
      await exited
      await begin(service)
    },
    async stop() {
      for (const service of [...running.keys()].toReversed()) await end(service)
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

type Post = <T>(path: string, body: unknown) => Promise<T>

/** Gives the credentials of those that connect. */
async function register(post: Post, options: RondaOptions): Promise<Credentials[]> {
  const { devices, lampsBehindEach = 0, intervalS = 60 } = options
  const names = Array.from({ length: devices }, (_, i) => `bench-${i}`)
  const lampsOf = (name: string) => Array.from({ length: lampsBehindEach }, (_, i) => `${name}-${i}`)
  const row = (id: string, kind: string, gateway: string) =>
    `${id},${kind},Bench ${id},-6.3,106.68,${city.district},${gateway},${intervalS},100`
  const isGateway = lampsBehindEach > 0
  const rows = [
    'id,kind,name,latitude,longitude,district,gateway,intervalS,nominalPowerW',
    ...names.map((name) => row(name, isGateway ? 'gateway' : 'streetlight', '')),
    ...names.flatMap((name) => lampsOf(name).map((lamp) => row(lamp, 'streetlight', name))),
  ]
  const answer = await post<string>('/api/v1/devices/import', rows.join('\n'))
  const lines = answer
    .trim()
    .split('\n')
    .slice(1, 1 + devices)
  return lines.map((line) => {
    const [username = '', , , , password = ''] = line.split(',')
    return { username, password, topics: (isGateway ? lampsOf(username) : [username]).map(topicOf) }
  })
}

/** The same connections for a broker that asks for no credentials. */
export function anonymous(count: number): Credentials[] {
  return Array.from({ length: count }, (_, i) => ({
    username: `bench-${i}`,
    password: '',
    topics: [topicOf(`bench-${i}`)],
  }))
}

function topicOf(deviceId: string): string {
  return formatTopic({ city: city.slug, kind: 'streetlight', deviceId, channel: 'telemetry' })
}
