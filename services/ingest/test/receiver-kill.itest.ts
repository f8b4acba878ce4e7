// Power cuts in the middle of deliveries: nothing is lost, and each cut repeats one notice at most.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { openEmbeddedBackbone } from '@ronda/backbone/embedded/embedded'
import { expect, onTestFinished, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import { createFaultWriter } from '../src/testing/faults.ts'
import { accept, startReceiver } from './receiver.ts'

const main = join(import.meta.dirname, '../src/main.ts')
const city = join(import.meta.dirname, '../../../infra/cities/tangsel')
const cuts = 2
const faultCount = 40

test('killed while a receiver answers, it goes on where it was', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'ronda-receiver-kill-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  let child: ChildProcess | undefined
  onTestFinished(() => void child?.kill('SIGKILL'))

  async function start(): Promise<string> {
    const env = { ...process.env, RONDA_DATA_DIR: dir, RONDA_CITY: city, RONDA_API_PORT: '0' }
    const started = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    child = started
    for await (const line of createInterface({ input: started.stdout })) {
      const { address }: { address?: string } = JSON.parse(line)
      if (address !== undefined) return address
    }
    throw new Error('it never listened')
  }

  const receiver = await startReceiver()
  const address = await start()
  const response = await fetch(`${address}/api/v1/receivers`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${readFileSync(join(dir, 'admin-token'), 'utf8').trim()}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ id: 'complaints', description: 'Complaints', url: receiver.url }),
  })
  expect(response.status).toBe(201)

  // Killed when a notice has arrived, before, while or after its answer gets back.
  let left = cuts
  const died: Promise<unknown>[] = []
  receiver.answer = (arrival, answer, request) => {
    const isTime = left > 0 && receiver.arrivals.length === (cuts - left + 1) * 8
    if (!isTime) {
      accept(arrival, answer, request)
      return
    }
    const victim = child
    if (victim === undefined) throw new Error('nobody to kill')
    left--
    died.push(once(victim, 'exit').then(start))
    if (left % 2 === 0) victim.kill('SIGKILL')
    accept(arrival, answer, request)
    if (left % 2 === 1) victim.kill('SIGKILL')
  }
  const backbone = openEmbeddedBackbone({ dir, reserveBytes: 0, maxLogBytes: 1e9, now: Date.now })
  onTestFinished(() => backbone.close())
  const faults = await createFaultWriter(backbone).raise(
    ...Array.from({ length: faultCount }, (_, n) => ({ name: `f${n}` })),
  )
  const told = () => receiver.arrivals.map(({ body }) => body.fault?.id)
  await vi.waitFor(() => expect(new Set(told()).size).toBe(faultCount), { ...within, timeout: 100_000 })
  expect(died).toHaveLength(cuts)
  await Promise.all(died)

  const order = faults.map(({ id }) => id)
  expect([...new Set(told())]).toEqual(order)
  expect(told().length - faultCount).toBeLessThanOrEqual(cuts)
  // A repeat has the id of the first, by which it is told.
  expect(new Set(receiver.arrivals.map(({ headers }) => headers['webhook-id'])).size).toBe(faultCount)
})
