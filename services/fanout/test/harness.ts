// Fanout in this process on a real backbone in a folder of its own, and a second opening of the same backbone
// for those who write: the detector, and whoever signs people in.
import { newToken, sha256Hex } from '@ronda/access/secrets'
import type { Backbone } from '@ronda/backbone/backbone'
import { openEmbeddedBackbone } from '@ronda/backbone/embedded/embedded'
import type { FaultFilter } from '@ronda/contracts/fault'
import { readCity } from '@ronda/runtime/city-profile'
import { systemClock } from '@ronda/runtime/clock'
import { readEnvironment } from '@ronda/runtime/config'
import { createLog } from '@ronda/runtime/log'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import { type Fanout, createFanout } from '../src/app.ts'
import type { Limits } from '../src/limits.ts'
import { type ControlRoom, enterControlRoom } from './control-room.ts'
import { type TestDetector, createTestDetector } from './detector.ts'
import { readMetric } from './metric.ts'

const log = createLog('fanout-test', 'error')
const city = readCity(join(import.meta.dirname, '../../../infra/cities/tangsel'))

export interface HarnessOptions {
  limits?: Partial<Limits>
  ingestUrl?: string
  pageDir?: string
  env?: Record<string, string>
}

export interface EnterOptions {
  /** Address of fanout, where it is another one. */
  at?: string
  headers?: Record<string, string>
  /** Whose knowledge it begins with. */
  known?: ControlRoom
}

export interface Harness {
  /** The writers' opening. */
  readonly backbone: Backbone
  readonly detector: TestDetector
  readonly fanout: Fanout
  readonly url: string
  readonly adminToken: string
  /** A cookie header of a new session. */
  signIn(): Promise<string>
  signOut(cookie: string): Promise<void>
  /** A cookie header of a session that ends at a time, ms UTC. */
  putSession(expiresAt: number): Promise<string>
  /** Another fanout on the same data directory; returns its address. */
  startAnother(): Promise<string>
  /** Enters, by default with the page's origin and a session of its own. */
  enter(options?: EnterOptions): Promise<ControlRoom>
  /** Enters and, as soon as fanout knows all that the detector wrote before, subscribes. */
  watch(filter?: Partial<FaultFilter>, options?: EnterOptions & { resume?: string }): Promise<ControlRoom>
  metric(name: string, at?: string): Promise<number>
  restart(): Promise<void>
  end(): Promise<void>
}

export async function startHarness({ limits, ingestUrl, pageDir, env = {} }: HarnessOptions = {}): Promise<Harness> {
  const dir = mkdtempSync(join(tmpdir(), 'ronda-fanout-'))
  const adminToken = newToken()
  const open = () => openEmbeddedBackbone({ dir, reserveBytes: 0, maxLogBytes: 1e9, now: Date.now })
  const backbone = open()
  const rooms: ControlRoom[] = []
  async function start(onPort: number) {
    const own = open()
    const fanout = createFanout({
      env: readEnvironment({ RONDA_PORT: String(onPort), RONDA_API_PORT: '1', ...env }),
      backbone: own,
      dataDir: { adminToken, clock: systemClock, clockSettings: { scale: 1, stampedOrigin: 0, realOrigin: 0 } },
      city,
      log,
      // Without regular ones, a status tells that a reader has caught up.
      limits: { statusMs: 600_000, ...limits },
      ...(ingestUrl === undefined ? {} : { ingestUrl }),
      ...(pageDir === undefined ? {} : { pageDir }),
    })
    return { fanout, own, url: await fanout.start() }
  }
  async function stop({ fanout, own }: { fanout: Fanout; own: Backbone }) {
    await fanout.stop()
    await own.close()
  }
  let running = await start(0)
  const port = Number(new URL(running.url).port)
  const others: (typeof running)[] = []

  const harness: Harness = {
    backbone,
    detector: createTestDetector(backbone),
    adminToken,
    get fanout() {
      return running.fanout
    },
    get url() {
      return running.url
    },
    signIn: () => harness.putSession(Date.now() + 3_600_000),
    async signOut(cookie) {
      const key = sha256Hex(cookie.split('=')[1] ?? '')
      await backbone.commit({ writes: [{ bucket: 'sessions', key, value: undefined }] })
    },
    async putSession(expiresAt) {
      const id = newToken()
      const now = Date.now()
      const value = {
        name: 'Sri',
        role: 'operator',
        createdAt: now,
        seenAt: now,
        expiresAt,
        address: '127.0.0.1',
        browser: 'test',
      } as const
      await backbone.commit({ writes: [{ bucket: 'sessions', key: sha256Hex(id), value }] })
      return `ronda_${port}=${id}`
    },
    async startAnother() {
      const another = await start(0)
      others.push(another)
      return another.url
    },
    async enter({ at = running.url, headers, known } = {}) {
      const sent = headers ?? { cookie: await harness.signIn(), origin: at }
      const room = await enterControlRoom(`${at.replace('http', 'ws')}/ws/v1`, sent, known)
      rooms.push(room)
      return room
    },
    async watch(filter, { resume, ...options } = {}) {
      const room = await harness.enter(options)
      await vi.waitFor(async () => expect(await harness.metric('feed_lag_events', options.at)).toBe(0), within)
      room.subscribe(filter, resume)
      return room
    },
    metric: (name, at = running.url) => readMetric(at, adminToken, name),
    async restart() {
      await stop(running)
      running = await start(port)
    },
    async end() {
      for (const { ws } of rooms) ws.terminate()
      for (const each of [...others, running]) await stop(each)
      await backbone.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
  return harness
}
