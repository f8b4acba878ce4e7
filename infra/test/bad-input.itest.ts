// What goes wrong at a start is told in words that say what to do, and ends with a code that tells a person is
// needed.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { freeSystemPorts } from '../testing/ports.ts'
import { startSystem } from '../testing/running-system.ts'
import { within } from '../testing/within.ts'

const root = join(import.meta.dirname, '../..')
const scripts = ['broker', 'ingest', 'fanout'].map((name) => `services/${name}/src/main.ts`)

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ronda-bad-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

async function environment(more: Record<string, string> = {}): Promise<Record<string, string>> {
  return { RONDA_DATA_DIR: join(dir, 'data'), ...(await freeSystemPorts()), ...more }
}

interface Ended {
  status: number | null
  stderr: string
}

/** Runs a program that is going to end by itself. */
async function run(script: string, more: Record<string, string> = {}, args: string[] = []): Promise<Ended> {
  const env = { ...process.env, ...(await environment(more)) }
  const command = [join(root, script), ...args]
  const child = spawn(process.execPath, command, { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (chunk) => (stderr += String(chunk)))
  const [status] = await once(child, 'close')
  return { status: Number(status), stderr }
}

const runEach = (more: Record<string, string>) => Promise.all(scripts.map((script) => run(script, more)))

const start = 'infra/local/start.ts'

/** Runs the launcher, without a simulated city, for as long as the test. */
function launch(env: Record<string, string>) {
  const child: ChildProcess = spawn(process.execPath, [join(root, start), '--no-simulate'], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (output += text))
  return {
    output: () => output,
    said: (what: RegExp) => vi.waitFor(() => expect(output).toMatch(what), within),
    async ended() {
      const [code] = (await once(child, 'close')) as [number | null]
      return code
    },
    interrupt: () => child.kill('SIGINT'),
  }
}

/** Another program on a port: to whatever it is asked it says that all is well. */
async function startStranger(): Promise<{ port: string; requests: unknown[] }> {
  const requests: unknown[] = []
  const server = createHttpServer(({ headers }, response) => {
    requests.push(headers)
    response.end('hello')
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return { port: String((server.address() as AddressInfo).port), requests }
}

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
  writeFileSync(join(dir, 'data', 'ronda.json'), JSON.stringify({ formatVersion: 99 }))
  for (const { status, stderr } of await runEach({})) {
    expect(status).toBe(2)
    expect(stderr).toMatch(/format 99.*update Ronda/)
  }
})

test('a data directory in use by another run is refused, by reset too; nothing of it is touched', async () => {
  const system = await startSystem()
  try {
    for (const script of ['services/broker/src/main.ts', 'services/ingest/src/main.ts', start]) {
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

test.each([start, 'simulators/city/src/main.ts', 'simulators/bench/src/main.ts'])(
  '%s names an option that there is not',
  async (script) => {
    const { status, stderr } = await run(script, {}, ['--foo'])
    expect(status).toBe(2)
    expect(stderr).toMatch(/'--foo'[\s\S]*--help/)
    expect(stderr).not.toMatch(/^ +at /m)
  },
)

test('a link that another program or nobody makes is told as that', async () => {
  const env = { RONDA_DATA_DIR: dir }
  writeFileSync(join(dir, 'admin-token'), 'secret')
  const { port } = await startStranger()
  const stranger = await run('infra/local/sign-in.ts', { ...env, RONDA_API_PORT: port })
  expect(stranger).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^no link .* is not Ronda \(unavailable\)\n$/),
  })
  const nobody = await run('infra/local/sign-in.ts', env)
  expect(nobody).toMatchObject({ status: 1, stderr: expect.stringMatching(/^nothing answers at .* npm start/) })
})

describe('npm start', () => {
  test('beside another program on its ports it says which, and that program gets no token', async () => {
    const strangers = await Promise.all([startStranger(), startStranger(), startStranger()])
    const [mqtt = '', api = '', page = ''] = strangers.map(({ port }) => port)
    const ports = { RONDA_MQTT_PORT: mqtt, RONDA_API_PORT: api, RONDA_PORT: page }
    const launcher = launch(await environment(ports))
    expect(await launcher.ended()).toBe(2)
    expect(launcher.output()).toMatch(/port \d+ on 127\.0\.0\.1 is in use.*set RONDA_(MQTT_|API_)?PORT to another/)
    expect(launcher.output()).not.toMatch(/Control room|^ +at /m)
    for (const { requests } of strangers) expect(requests).toEqual([])
  })

  test('a second time on the same data directory it says that the first runs, which goes on', async () => {
    const env = await environment()
    const first = launch(env)
    await first.said(/Control room +http/)
    const second = launch(env)
    expect(await second.ended()).toBe(2)
    expect(second.output()).toMatch(/another launcher is running on the data directory/)
    expect(second.output()).not.toMatch(/Control room|^ +at /m)
    const another = launch({ ...env, RONDA_DATA_DIR: join(dir, 'other') })
    expect(await another.ended()).toBe(2)
    expect(another.output()).toMatch(/is in use by another program/)
    expect(await run('infra/local/sign-in.ts', env)).toMatchObject({ status: 0 })
    first.interrupt()
    expect(await first.ended()).toBe(0)
  })

  test('as long as it is not ready it says why, and so does a link that cannot be made', async () => {
    // More than any disk has.
    const env = await environment({ RONDA_DISK_RESERVE_MB: '1000000' })
    const launcher = launch(env)
    await launcher.said(/Not ready yet:\n +- log: .*(disk|space)/)
    const link = await run('infra/local/sign-in.ts', env)
    expect(link.status).toBe(1)
    expect(link.stderr).toMatch(/no link could be made: .*(disk|space)/)
    launcher.interrupt()
    expect(await launcher.ended()).toBe(0)
    expect(launcher.output()).not.toMatch(/could not stop in time|Control room/)
  })

  test('services that want the same port are not started', async () => {
    const { status, stderr } = await run(start, { RONDA_PORT: '8099', RONDA_API_PORT: '8099' })
    expect(status).toBe(2)
    expect(stderr).toMatch(/- RONDA_API_PORT: 8099 is RONDA_PORT too/)
  })
})
