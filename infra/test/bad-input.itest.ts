// What goes wrong at a start is told in words that say what to do, and ends with a code that tells a person is
// needed.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freePorts } from '../testing/ports.ts'
import { startSystem } from '../testing/running-system.ts'

const root = join(import.meta.dirname, '../..')
const scripts = ['broker', 'ingest', 'fanout'].map((name) => `services/${name}/src/main.ts`)

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ronda-bad-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

async function environment(more: Record<string, string> = {}): Promise<Record<string, string>> {
  const [mqtt, api, page] = await freePorts(3)
  return {
    RONDA_DATA_DIR: join(dir, 'data'),
    RONDA_MQTT_PORT: String(mqtt),
    RONDA_API_PORT: String(api),
    RONDA_PORT: String(page),
    ...more,
  }
}

interface Ended {
  status: number | null
  stderr: string
}

/** Runs a service that is not going to start. */
async function run(script: string, more: Record<string, string> = {}): Promise<Ended> {
  const env = { ...process.env, ...(await environment(more)) }
  const child = spawn(process.execPath, [join(root, script)], { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (chunk) => (stderr += String(chunk)))
  const [status] = await once(child, 'close')
  return { status: Number(status), stderr }
}

const runEach = (more: Record<string, string>) => Promise.all(scripts.map((script) => run(script, more)))

test('all problems of the configuration are told at once', async () => {
  const problems = {
    RONDA_PORT: 'eighty',
    RONDA_STORE: 'mysql',
    RONDA_BIND: 'everywhere',
    INFLUX_URL: 'localhost:8086',
  }
  for (const { status, stderr } of await runEach(problems)) {
    expect(status).toBe(2)
    expect(stderr).toMatch(/4 problems \(config_invalid\)/)
    for (const name of Object.keys(problems)) expect(stderr).toMatch(new RegExp(`^ +- ${name}: `, 'm'))
  }
})

test('nobody listens to a network without being told that it may', async () => {
  for (const { status, stderr } of await runEach({ RONDA_BIND: '0.0.0.0' })) {
    expect(status).toBe(2)
    expect(stderr).toMatch(/RONDA_TRUST_PROXY.*RONDA_ALLOW_PLAINTEXT=1/)
  }
})

test('a port in use is told, and which variable changes it', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const variables = ['RONDA_MQTT_PORT', 'RONDA_API_PORT', 'RONDA_PORT']
  const ended = await Promise.all(scripts.map((script, i) => run(script, { [variables[i] ?? '']: String(port) })))
  server.close()
  for (const [i, { status, stderr }] of ended.entries()) {
    expect(status).toBe(2)
    expect(stderr).toContain(`port ${port} on 127.0.0.1 is in use`)
    expect(stderr).toContain(variables[i])
  }
})

test('a city’s profile that is wrong is told with everything that is wrong', async () => {
  writeFileSync(join(dir, 'city.json'), JSON.stringify({ slug: 'X', timeZone: 'Mars' }))
  for (const { status, stderr } of await runEach({ RONDA_CITY: dir })) {
    expect(status).toBe(2)
    expect(stderr).toMatch(/- slug: [\s\S]*- timeZone: not an IANA time zone/)
  }
})

test('a data directory of a newer version is refused', async () => {
  mkdirSync(join(dir, 'data'))
  const description = { formatVersion: 99, city: 'tangsel', timeScale: 1, stampedOrigin: 0, realOrigin: 0 }
  writeFileSync(join(dir, 'data', 'ronda.json'), JSON.stringify(description))
  for (const { status, stderr } of await runEach({})) {
    expect(status).toBe(2)
    expect(stderr).toMatch(/format 99.*update Ronda/)
  }
})

test('a data directory in use by another run is refused, by reset too; nothing of it is touched', async () => {
  const system = await startSystem()
  try {
    for (const script of ['services/broker/src/main.ts', 'services/ingest/src/main.ts']) {
      const { status, stderr } = await run(script, { RONDA_DATA_DIR: system.dir })
      expect(status).toBe(2)
      expect(stderr).toMatch(/another (broker|ingest) is running on the data directory.*RONDA_DATA_DIR/)
    }
    const reset = await run('infra/local/reset.ts', { RONDA_DATA_DIR: system.dir })
    expect(reset.status).toBe(2)
    expect(readFileSync(join(system.dir, 'admin-token'), 'utf8').trim()).toBe(system.adminToken)
    await expect(system.get('/api/v1/ledger')).resolves.toMatchObject({ balanced: true })
  } finally {
    await system.stop()
  }
})

test('reset removes a data directory, and nothing else', async () => {
  writeFileSync(join(dir, 'mine.txt'), 'keep')
  const other = await run('infra/local/reset.ts', { RONDA_DATA_DIR: dir })
  expect(other).toMatchObject({ status: 2, stderr: expect.stringContaining('left alone') })
  expect(readFileSync(join(dir, 'mine.txt'), 'utf8')).toBe('keep')
})
