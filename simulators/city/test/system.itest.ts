// The simulator as a process against the real services: what it registers is registered, what it sends is
// accepted and stored without a refusal, and what it breaks becomes a fault.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Fault } from '@ronda/contracts/fault'
import { Ledger } from '@ronda/contracts/ledger'
import { afterEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { within } from '../../../infra/testing/within.ts'

const root = join(import.meta.dirname, '../../..')

const LogLine = z.looseObject({ level: z.number(), msg: z.string().optional() })
type LogLine = z.infer<typeof LogLine>

interface Running {
  process: ChildProcess
  lines: LogLine[]
}

const children: ChildProcess[] = []
const folders: string[] = []
afterEach(async () => {
  for (const child of children.splice(0).toReversed()) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function run(script: string, env: Record<string, string>, args: string[] = []): Running {
  const child = spawn(process.execPath, [join(root, script), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const lines: LogLine[] = []
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(LogLine.parse(JSON.parse(line))))
  return { process: child, lines }
}

/** Starts a service and returns the port that the system chose. */
async function listening(script: string, message: string, env: Record<string, string>): Promise<string> {
  const { lines } = run(script, env)
  // The broker may have several.
  const address = () => {
    const line = lines.find(({ msg }) => msg === message)
    return [line?.['address'] ?? line?.['addresses']].flat()[0]
  }
  await vi.waitFor(() => expect(address()).toBeTypeOf('string'), within)
  return new URL(String(address())).port
}

test('a simulated city is registered, accepted, stored and found faulty', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'ronda-system-'))
  folders.push(dataDir)
  // At night, so that lamps burn and fail.
  const env = { RONDA_DATA_DIR: dataDir, RONDA_LOG_LEVEL: 'info', RONDA_TIME_START: '2026-06-03T16:00:00Z' }
  const mqttPort = await listening('services/broker/src/main.ts', 'listens', { ...env, RONDA_MQTT_PORT: '0' })
  const apiPort = await listening('services/ingest/src/main.ts', 'listens', { ...env, RONDA_API_PORT: '0' })
  const adminToken = readFileSync(join(dataDir, 'admin-token'), 'utf8').trim()
  const get = async (path: string): Promise<unknown> => {
    const headers = { authorization: `Bearer ${adminToken}` }
    return (await fetch(`http://127.0.0.1:${apiPort}${path}`, { headers })).json()
  }

  const simulator = run('simulators/city/src/main.ts', { ...env, RONDA_MQTT_PORT: mqttPort, RONDA_API_PORT: apiPort }, [
    '--devices',
    '60',
    '--faults',
    '20',
    '--interval',
    '2',
  ])
  await vi.waitFor(async () => {
    const { faults } = z.object({ faults: z.array(Fault) }).parse(await get('/api/v1/faults'))
    expect(faults.map(({ code }) => code)).toContain('lamp_failure')
  }, within)
  await vi.waitFor(async () => {
    const ledger = Ledger.parse(await get('/api/v1/ledger'))
    expect(ledger.written).toBeGreaterThan(300)
    expect(ledger.deadLettered).toBe(0)
  }, within)

  simulator.process.kill('SIGTERM')
  const [code] = (await once(simulator.process, 'exit')) as [number | null]
  expect(code).toBe(0)
  expect(simulator.lines.filter(({ level }) => level > 30)).toEqual([])
  expect(simulator.lines.map(({ msg }) => msg)).toEqual([
    'devices registered',
    'the simulated city runs',
    'stopping',
    'stopped',
  ])
})
