// A system for tests that cannot start says why, and leaves nothing.
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startSystem } from '../testing/running-system.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ronda-not-started-'))
  vi.stubEnv('TMPDIR', dir)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(dir, { recursive: true, force: true })
})

test('because a service gives up', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await expect(startSystem({ RONDA_API_PORT: String(port) })).rejects.toThrow(/port \d+ on 127\.0\.0\.1 is in use/)
  server.close()
  expect(readdirSync(dir)).toEqual([])
})

test('because it does not become ready in time', async () => {
  // More than any disk has.
  const starting = startSystem({ RONDA_DISK_RESERVE_MB: '1000000' }, { timeoutMs: 8_000 })
  await expect(starting).rejects.toThrow(/disk|space|has not started yet/)
  expect(readdirSync(dir)).toEqual([])
})
