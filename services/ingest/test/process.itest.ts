// Ingest as a process: what others may read of its files, how it ends, and with which code.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeJson } from '@ronda/backbone/record-codec'
import { openEmbeddedBackbone } from '@ronda/backbone/embedded/embedded'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'

const main = join(import.meta.dirname, '../src/main.ts')
const city = join(import.meta.dirname, '../../../infra/cities/tangsel')

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ronda-ingest-process-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

function start(env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, RONDA_DATA_DIR: dir, RONDA_CITY: city, RONDA_API_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text))
  const ended = once(child, 'close')
  return {
    output: () => output,
    said: (what: string) => vi.waitFor(() => expect(output).toContain(what), within),
    terminate: () => child.kill('SIGTERM'),
    ended,
  }
}

const openBackbone = () => openEmbeddedBackbone({ dir, reserveBytes: 0, maxLogBytes: 1e9, now: Date.now })

test('its files are nobody else’s to read, whatever folder they are in', async () => {
  const { said, terminate, ended } = start()
  await said('"listens"')
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' })
  expect(files.length).toBeGreaterThan(4)
  expect(files.filter((file) => (statSync(join(dir, file)).mode & 0o077) !== 0)).toEqual([])
  terminate()
  expect(await ended).toEqual([0, null])
})

test.each(['historian', 'detector', 'registry-relay'])(
  '%s at a position of another log waits for a person',
  async (consumer) => {
    const backbone = openBackbone()
    const stream = consumer === 'registry-relay' ? 'registry' : 'log'
    await backbone.commit({ checkpoint: { consumer, stream, epoch: 'another', position: 7, ordinal: 7 } })
    await backbone.close()
    const { output, ended } = start()
    expect(await ended).toEqual([2, null])
    expect(output()).toContain('position_invalid')
  },
)

test('it stops in time while the log takes nothing', async () => {
  const backbone = openBackbone()
  await backbone.commit({ appends: [{ stream: 'registry', records: [encodeJson({ change: 'registered' })] }] })
  await backbone.close()
  // More than any disk has.
  const { said, terminate, ended, output } = start({ RONDA_DISK_RESERVE_MB: '1000000' })
  await said('"listens"')
  terminate()
  const how = await ended
  expect(output()).not.toContain('could not stop in time')
  expect(how).toEqual([0, null])
})
