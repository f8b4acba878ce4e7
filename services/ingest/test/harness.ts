// An ingest in this process, on a folder and ports of its own, with its detector's thread and the embedded store;
// what a broker would append is appended straight to the log.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Backbone, append } from '@ronda/backbone/backbone'
import { openBackbone } from '@ronda/backbone/open'
import { encodeRecord } from '@ronda/backbone/record-codec'
import type { Device } from '@ronda/contracts/device'
import type { Problem } from '@ronda/contracts/errors'
import type { Ledger } from '@ronda/contracts/ledger'
import type { Role } from '@ronda/contracts/permissions'
import type { LogRecord } from '@ronda/contracts/record'
import { readCity } from '@ronda/runtime/city-profile'
import { readEnvironment } from '@ronda/runtime/config'
import { openDataDir } from '@ronda/runtime/data-dir'
import { createLog } from '@ronda/runtime/log'
import { expect, vi } from 'vitest'
import { freePorts } from '../../../infra/testing/ports.ts'
import { within } from '../../../infra/testing/within.ts'
import { type IngestDeps, createIngest } from '../src/app.ts'
import { openStore } from '../src/open-store.ts'
import { makeMessage } from '../src/testing/messages.ts'

const root = join(import.meta.dirname, '../../..')

export interface Answer<T = unknown> {
  status: number
  headers: Headers
  body: T
}

export interface Harness {
  url: string
  pagePort: number
  adminToken: string
  /** The data directory. */
  dir: string
  backbone: Backbone
  /** A request with the administrator's token, unless other headers say who asks. */
  request<T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<T>>
  /** Headers of a page whose person signed in with a link. */
  signIn(role: Role, name?: string): Promise<Record<string, string>>
  /** Headers of a page without a session. */
  readonly fromPage: Record<string, string>
  register(id: string, more?: Partial<Device>): Promise<{ device: Device; token: string }>
  /** A message as the broker appends it. */
  publish(topic: string, payload: unknown, more?: Partial<LogRecord>): Promise<void>
  /** The ledger when nothing is pending. */
  settled(): Promise<Ledger>
  restart(): Promise<void>
  end(): Promise<void>
}

export async function startHarness(
  variables: Record<string, string> = {},
  more: Pick<IngestDeps, 'webhooks'> = {},
): Promise<Harness> {
  const dir = mkdtempSync(join(tmpdir(), 'ronda-ingest-'))
  const [apiPort, pagePort = 0] = await freePorts(2)
  const env = readEnvironment({
    RONDA_DATA_DIR: dir,
    RONDA_CITY: join(root, 'infra/cities/tangsel'),
    RONDA_API_PORT: String(apiPort),
    RONDA_PORT: String(pagePort),
    RONDA_LOG_LEVEL: 'error',
    ...variables,
  })
  const city = readCity(env.RONDA_CITY)
  const log = createLog('ingest-test', 'error')

  async function start() {
    const dataDir = openDataDir(env, city.profile.slug)
    const backbone = openBackbone({ dir, env, now: dataDir.clock.now })
    const store = await openStore(env, dir, log)
    const onFailure = (error: unknown) => {
      throw error
    }
    const ingest = await createIngest({ env, city, dataDir, backbone, store, log, onFailure, ...more })
    return { dataDir, backbone, store, ingest, url: await ingest.start() }
  }
  let running = await start()

  async function stop() {
    await running.ingest.stop()
    await running.store.close()
    await running.backbone.close()
  }

  async function request<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const authorised =
      'authorization' in headers || 'cookie' in headers ? {} : { authorization: `Bearer ${running.dataDir.adminToken}` }
    const type =
      body === undefined ? {} : { 'content-type': typeof body === 'string' ? 'text/csv' : 'application/json' }
    const response = await fetch(`${running.url}${path}`, {
      method,
      headers: { ...type, ...authorised, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const isJson = response.headers.get('content-type')?.includes('json') ?? false
    const content: unknown = isJson ? await response.json() : await response.text()
    // The test says what it expects.
    return { status: response.status, headers: response.headers, body: content as T }
  }

  const fromPage = { cookie: '', origin: `http://127.0.0.1:${pagePort}` }

  return {
    fromPage,
    get url() {
      return running.url
    },
    pagePort,
    dir,
    get adminToken() {
      return running.dataDir.adminToken
    },
    get backbone() {
      return running.backbone
    },
    request,
    async signIn(role, name = 'Sari') {
      const { body } = await request<{ url: string }>('POST', '/api/v1/sign-in-links', { name, role })
      const token = body.url.split('#token=')[1]
      const { status, headers } = await request('POST', '/api/v1/session', { token }, fromPage)
      expect(status).toBe(200)
      return { ...fromPage, cookie: headers.get('set-cookie')?.split(';')[0] ?? '' }
    },
    async register(id, more = {}) {
      const { status, body } = await request<{ device: Device; token: string }>('POST', '/api/v1/devices', {
        id,
        kind: 'streetlight',
        name: id,
        latitude: -6.3,
        longitude: 106.68,
        district: 'serpong',
        ...more,
      })
      expect(status).toBe(201)
      return body
    },
    async publish(topic, payload, more = {}) {
      const record = makeMessage(payload, topic, { receivedAt: Date.now(), ...more })
      await append(running.backbone.stream('log'), encodeRecord(record), { counted: true })
    },
    async settled() {
      let ledger: Ledger | undefined
      await vi.waitFor(async () => {
        ledger = (await request<Ledger>('GET', '/api/v1/ledger')).body
        expect(ledger.pending).toBe(0)
      }, within)
      if (ledger === undefined) throw new Error('no ledger')
      return ledger
    },
    async restart() {
      await stop()
      running = await start()
    },
    async end() {
      await stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

export function problem(answer: Answer): Problem {
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  // As the content type says.
  return answer.body as Problem
}

export function topicOf(id: string, channel = 'telemetry', kind = 'streetlight'): string {
  return `tangsel/v1/${kind}/${id}/${channel}`
}
