import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'

const main = join(import.meta.dirname, '../src/main.ts')
const city = join(import.meta.dirname, '../../../infra/cities/tangsel')

function start(env: Record<string, string>) {
  const dir = mkdtempSync(join(tmpdir(), 'ronda-fanout-process-'))
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, RONDA_DATA_DIR: dir, RONDA_CITY: city, RONDA_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
    rmSync(dir, { recursive: true, force: true })
  })
  return child
}

/** The address that the process says it listens on. */
async function addressOf(child: ReturnType<typeof start>): Promise<string> {
  for await (const line of createInterface({ input: child.stdout })) {
    const { address }: { address?: string } = JSON.parse(line)
    if (address !== undefined) return address
  }
  throw new Error('it never listened')
}

test('runs as a process and ends when it is told to', async () => {
  const child = start({})
  const address = await addressOf(child)
  expect((await fetch(`${address}/healthz`)).status).toBe(200)
  const exited = once(child, 'exit')
  const before = performance.now()
  child.kill('SIGTERM')
  expect(await exited).toEqual([0, null])
  expect(performance.now() - before).toBeLessThan(2_500)
})

test('two share a data directory, and a port in use is told in words', async () => {
  const first = start({})
  const address = await addressOf(first)
  const dir = mkdtempSync(join(tmpdir(), 'ronda-fanout-process-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const shared = { RONDA_DATA_DIR: dir }
  const addresses = await Promise.all([addressOf(start(shared)), addressOf(start(shared))])
  expect(new Set([address, ...addresses]).size).toBe(3)

  const late = start({ ...shared, RONDA_PORT: new URL(address).port })
  let said = ''
  late.stderr.on('data', (data: Buffer) => (said += data.toString('utf8')))
  expect(await once(late, 'exit')).toEqual([2, null])
  expect(said).toMatch(/set RONDA_PORT to another port/)
})
