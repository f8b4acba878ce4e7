import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NewDevice } from '@ronda/contracts/device'
import { createLog } from '@ronda/runtime/log'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createApi } from '../src/registration/api.ts'
import { openCredentials } from '../src/registration/credentials.ts'
import { register } from '../src/registration/register.ts'
import { examplePlan } from './example-city.ts'
import { type RegistryServer, adminToken, problem, startRegistryServer } from './registry-server.ts'

let server: RegistryServer
let dir = ''
beforeEach(async () => {
  server = await startRegistryServer()
  dir = mkdtempSync(join(tmpdir(), 'ronda-registration-'))
})
afterEach(async () => {
  await server.stop()
  rmSync(dir, { recursive: true, force: true })
})

/** A start of the simulator, as far as registration goes. */
async function start(plan: readonly NewDevice[], options: { token?: string; url?: string; signal?: AbortSignal } = {}) {
  const log = createLog('test', 'error')
  const info = vi.spyOn(log, 'info').mockImplementation(() => {})
  const warn = vi.spyOn(log, 'warn').mockImplementation(() => {})
  const credentials = openCredentials(dir)
  const api = createApi({
    baseUrl: options.url ?? server.url,
    token: options.token ?? adminToken,
    log,
    signal: options.signal ?? new AbortController().signal,
  })
  const devices = await register(plan, { api, credentials, log })
  return { devices, credentials, told: info.mock.calls.map(([fields]): unknown => fields), warnings: warn.mock.calls }
}

const plan = examplePlan(50)
const nothing = { registered: 0, updated: 0, unchanged: 0, newTokens: 0, disabled: 0, retired: 0 }

test('a new plan is registered, each device with its token, and told in one line', async () => {
  const { devices, credentials, told } = await start(plan)
  expect(devices).toEqual(plan)
  expect([...server.devices.values()]).toEqual(plan)
  expect(credentials.tokens).toEqual(server.tokens)
  expect(told).toEqual([{ ...nothing, registered: 50 }])
})

test('a second start goes on with the tokens that it has', async () => {
  await start(plan)
  const tokens = new Map(server.tokens)
  const { credentials, told } = await start(plan)
  expect(told).toEqual([{ ...nothing, unchanged: 50 }])
  expect(credentials.tokens).toEqual(tokens)
  expect(server.tokens).toEqual(tokens)
})

test('a device whose token is not known gets another', async () => {
  await start(plan)
  const credentials = openCredentials(dir)
  credentials.forget('pju-00001')
  credentials.forget('panel-0001')
  credentials.save()
  const second = await start(plan)
  expect(second.told).toEqual([{ ...nothing, unchanged: 50, newTokens: 2 }])
  expect(second.credentials.tokens).toEqual(server.tokens)
})

test('an answer that was lost costs a rotation, not a device', async () => {
  server.instead.push((response) => {
    // Registered, but nobody learned the tokens.
    for (const device of plan) {
      server.devices.set(device.id, device)
      server.tokens.set(device.id, 'never told')
    }
    response.destroy()
  })
  const { credentials, told } = await start(plan)
  expect(told).toEqual([{ ...nothing, unchanged: 50, newTokens: 50 }])
  expect(credentials.tokens).toEqual(server.tokens)
})

test('devices that are not planned any more are disabled, those of others are left alone, and a larger plan takes them back', async () => {
  const own = NewDevice.parse({ ...plan[0], id: 'own-1', tags: ['ours'] })
  server.devices.set('own-1', own)
  await start(plan)
  const smaller = await start(examplePlan(20))
  expect(smaller.told).toMatchObject([{ disabled: 50 - countShared(20) }])
  const enabled = [...server.devices.values()].filter((device) => device.enabled).map(({ id }) => id)
  expect(new Set(enabled)).toEqual(new Set(['own-1', ...examplePlan(20).map(({ id }) => id)]))
  await start(plan)
  expect([...server.devices.values()].filter((device) => !device.enabled)).toEqual([])
})

function countShared(devices: number): number {
  const ids = new Set(plan.map(({ id }) => id))
  return examplePlan(devices).filter(({ id }) => ids.has(id)).length
}

test('devices that were retired stay out, the others run', async () => {
  server.retired.add('pju-00001').add('pju-00002')
  const { devices, told } = await start(plan)
  expect(devices.map(({ id }) => id)).toEqual(
    plan.map(({ id }) => id).filter((id) => id !== 'pju-00001' && id !== 'pju-00002'),
  )
  expect(told).toEqual([{ ...nothing, registered: 48, retired: 2 }])
})

describe('a service that is not ready', () => {
  test('is waited for: while it is busy, answers nonsense of a proxy, or nothing', async () => {
    server.instead.push(
      (response) => problem(response, 503, 'shutting_down'),
      (response) => response.writeHead(502).end('<html>bad gateway</html>'),
      (response) => response.destroy(),
      (response) => problem(response, 429, 'rate_limited'),
    )
    const { told, warnings } = await start(plan)
    expect(told).toEqual([{ ...nothing, registered: 50 }])
    expect(warnings.map(([, message]) => message as unknown)).toEqual(['waiting for the API: start it with npm start'])
  })

  test('is waited for until the simulator is stopped', async () => {
    const unused = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => unused.once('listening', resolve))
    const { port } = unused.address() as AddressInfo
    await new Promise((resolve) => unused.close(resolve))
    const abort = new AbortController()
    const started = start(plan, { url: `http://127.0.0.1:${port}`, signal: abort.signal })
    abort.abort()
    await expect(started).rejects.toThrow('aborted')
  })
})

describe('what waiting would not mend', () => {
  test('is a token that the API does not know', async () => {
    await expect(start(plan, { token: 'another' })).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringContaining('does the service run on the same RONDA_DATA_DIR?'),
    })
    expect(server.requests).toHaveLength(1)
  })

  test('is a plan that the registry refuses, with its reasons', async () => {
    server.instead.push((response) => problem(response, 400, 'validation_failed', ['line 2: district: a is none']))
    await expect(start(plan)).rejects.toMatchObject({
      code: 'validation_failed',
      problems: ['line 2: district: a is none'],
    })
  })

  test('is another program at the address', async () => {
    server.instead.push((response) => response.end('<html>Welcome</html>'))
    await expect(start(plan)).rejects.toMatchObject({ code: 'config_invalid' })
    server.instead.push((response) => response.writeHead(404).end('not here'))
    await expect(start(plan)).rejects.toMatchObject({ code: 'config_invalid' })
  })
})
