// `npm start` as a newcomer does it: a link, a page with live faults, Ctrl-C, and again.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Fault } from '@ronda/contracts/fault'
import type { Ledger } from '@ronda/contracts/ledger'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { launchChromium } from '../testing/chromium.ts'
import { freeSystemPorts } from '../testing/ports.ts'
import { within } from '../testing/within.ts'

const root = join(import.meta.dirname, '../..')
const bootstrap = join(root, 'infra/local/bootstrap.mjs')
const devices = 300

const dataDir = mkdtempSync(join(tmpdir(), 'ronda-start-'))
let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  rmSync(dataDir, { recursive: true, force: true })
})

interface Started {
  /** What it has printed so far. */
  output(): string
  /** Presses Ctrl-C; how it ended, and after how many ms. */
  interrupt(): Promise<{ code: number | null; tookMs: number }>
  /** Processes that work on its data, whoever started them. */
  processesLeft(): string[]
}

const running: ChildProcess[] = []
afterEach(() => {
  for (const { pid } of running.splice(0)) if (pid !== undefined && isAlive(pid)) process.kill(-pid, 'SIGKILL')
})

/** Their ids, by a variable of their environment: services have process groups of their own. */
function processesWith(variable: string): string[] {
  return readdirSync('/proc').filter((id) => {
    try {
      return /^\d+$/.test(id) && readFileSync(`/proc/${id}/environ`, 'utf8').split('\0').includes(variable)
    } catch {
      // It has ended meanwhile.
      return false
    }
  })
}

/** Whether a process of the group is there. */
function isAlive(group: number): boolean {
  try {
    return process.kill(-group, 0)
  } catch {
    return false
  }
}

function npmStart(env: Record<string, string>): Started {
  // What npm runs; npm itself says no more than that it was interrupted.
  const child = spawn(process.execPath, [bootstrap, 'start', '--devices', String(devices)], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, which a terminal sends Ctrl-C to as a whole.
    detached: true,
  })
  running.push(child)
  const { pid } = child
  if (pid === undefined) throw new Error('npm could not be started')
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  return {
    output: () => output,
    async interrupt() {
      const from = performance.now()
      process.kill(-pid, 'SIGINT')
      const [code] = (await once(child, 'close')) as [number | null]
      return { code, tookMs: performance.now() - from }
    },
    processesLeft: () => processesWith(`RONDA_DATA_DIR=${env['RONDA_DATA_DIR']}`),
  }
}

async function enter(started: Started): Promise<Page> {
  const link = await vi.waitFor(() => {
    const [found] = /http:\/\/\S+#token=\S+/.exec(started.output()) ?? []
    if (found === undefined) throw new Error(`no link yet:\n${started.output()}`)
    return found
  }, within)
  const page = await browser.newPage({ locale: 'en-GB' })
  await page.goto(link)
  // Nobody has a name and a password yet; that can wait.
  await page.getByRole('button', { name: 'Not now' }).click()
  await page.locator('.connection-live').waitFor()
  return page
}

test('one command starts it all, Ctrl-C ends it all, and the next start goes on', async () => {
  const env = { RONDA_DATA_DIR: dataDir, ...(await freeSystemPorts()) }
  async function get<T>(path: string): Promise<T> {
    const authorization = `Bearer ${readFileSync(join(dataDir, 'admin-token'), 'utf8').trim()}`
    const response = await fetch(`http://127.0.0.1:${env.RONDA_API_PORT}${path}`, { headers: { authorization } })
    return (await response.json()) as T
  }
  const acknowledgedFaults = () => get<{ faults: Fault[] }>('/api/v1/faults?acknowledged=true')
  const ledger = () => get<Ledger>('/api/v1/ledger')
  const registered = async () => (await get<{ devices: unknown[] }>('/api/v1/devices?limit=500')).devices.length

  const first = npmStart(env)
  const page = await enter(first)
  const rows = page.getByRole('treegrid').locator('.row')
  await rows.first().waitFor()
  expect(await registered()).toBe(devices)
  await rows.first().hover()
  await rows.first().getByRole('button', { name: 'Acknowledge' }).click()
  await page.locator('.notices').getByText('Acknowledged: ').waitFor()
  const acknowledged = await acknowledgedFaults()
  expect(acknowledged.faults).toHaveLength(1)
  const before = await ledger()
  expect(before.accepted).toBeGreaterThan(0)
  await page.close()

  expect(first.processesLeft().length).toBeGreaterThanOrEqual(5)
  const ended = await first.interrupt()
  expect(ended.code).toBe(0)
  expect(ended.tookMs).toBeLessThan(5_000)
  expect(first.processesLeft()).toEqual([])
  expect(first.output()).not.toMatch(/\b(WARN|ERROR|FATAL)\b/)

  const second = npmStart(env)
  const again = await enter(second)
  await again.getByRole('treegrid').locator('.row').first().waitFor()
  const stillAcknowledged = await acknowledgedFaults()
  expect(stillAcknowledged.faults).toMatchObject(acknowledged.faults.map(({ id }) => ({ id })))
  expect(await registered()).toBe(devices)
  await vi.waitFor(async () => {
    expect((await ledger()).accepted).toBeGreaterThan(before.accepted)
  }, within)
  await again.close()
  expect(await second.interrupt()).toMatchObject({ code: 0 })
  expect(second.processesLeft()).toEqual([])
  expect(second.output()).not.toMatch(/\b(WARN|ERROR|FATAL)\b/)
})
