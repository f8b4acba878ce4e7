// Telemetry over HTTP into a log that now and then takes nothing.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSessions } from '@ronda/access/sessions'
import { newToken } from '@ronda/access/secrets'
import type { Backbone, Stream } from '@ronda/backbone/backbone'
import { openDeviceDirectory } from '@ronda/backbone/device-directory'
import { openBackbone } from '@ronda/backbone/open'
import { AppError } from '@ronda/contracts/errors'
import { readEnvironment } from '@ronda/runtime/config'
import { createHttpServer } from '@ronda/runtime/http'
import { createLog } from '@ronda/runtime/log'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { telemetryRoutes } from '../src/api/telemetry-routes.ts'
import { makeDeviceRow } from '../src/testing/messages.ts'

const lamp = makeDeviceRow('pju-1')

let dir: string
let backbone: Backbone
const stopped = new AbortController()
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ronda-telemetry-'))
  backbone = openBackbone({ dir, env: readEnvironment({ RONDA_DATA_DIR: dir }), now: Date.now })
})
afterEach(async () => {
  stopped.abort()
  await backbone.close()
  rmSync(dir, { recursive: true, force: true })
})

/** The log, which finds its disk full every other time that it is asked. */
function flickering(log: Stream): Stream {
  let asked = 0
  return {
    ...log,
    get blocked() {
      asked += 1
      return asked % 2 === 0 ? new AppError('storage_full', 'make room') : undefined
    },
  }
}

test('a request is appended whole or refused whole', async () => {
  await backbone.commit({ writes: [{ bucket: 'devices', key: 'pju-1', value: lamp }] })
  const env = readEnvironment({})
  const app = createHttpServer(createLog('telemetry-test', 'error'), env)
  const adminToken = newToken()
  const log = flickering(backbone.stream('log'))
  telemetryRoutes(app, {
    backbone: { ...backbone, stream: () => log },
    sessions: createSessions({ backbone, adminToken, pagePort: env.RONDA_PORT, remembersUse: true, now: Date.now }),
    devices: await openDeviceDirectory(backbone, { signal: stopped.signal }),
    deviceOfToken: () => undefined,
    city: 'tangsel',
    source: 'ingest',
    now: Date.now,
  })
  const body = [1, 2, 3].map((powerW) => ({ device: 'pju-1', payload: { powerW } }))
  const headers = { authorization: `Bearer ${adminToken}` }
  const stored = async () => (await backbone.stream('log').head()).ordinal

  for (let i = 0; i < 4; i++) {
    const before = await stored()
    const { statusCode } = await app.inject({ method: 'POST', url: '/api/v1/telemetry', headers, body })
    expect([202, 503]).toContain(statusCode)
    expect((await stored()) - before).toBe(statusCode === 202 ? 3 : 0)
  }
})
