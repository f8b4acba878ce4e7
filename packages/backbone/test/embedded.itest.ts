import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { open } from 'lmdb'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import { backboneContract } from '../src/backbone.contract.ts'
import { openConsumer } from '../src/backbone.ts'
import { openBucketTables } from '../src/embedded/bucket.ts'
import { openEmbeddedBackbone } from '../src/embedded/embedded.ts'

const folders: string[] = []
function makeFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'ronda-backbone-'))
  folders.push(dir)
  return dir
}
afterEach(() => {
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true, force: true })
})

function openIn(dir: string, maxLogBytes = 1e12) {
  return openEmbeddedBackbone({ dir, reserveBytes: 0, maxLogBytes, now: Date.now })
}

backboneContract('embedded', () => {
  const dir = makeFolder()
  return { open: ({ maxLogBytes } = {}) => openIn(dir, maxLogBytes) }
})

const child = join(import.meta.dirname, 'append-child.ts')

interface Appender {
  process: ChildProcess
  lines: string[]
  exited: Promise<unknown>
}

/** Starts append-child.ts, with a limit on the size of files when one is given, and gathers what it prints. */
function startAppender(args: string[], maxFileKb?: number): Appender {
  const command = [process.execPath, child, ...args]
  // With SIGXFSZ ignored a write beyond the limit fails, as on a full disk, and does not end the process.
  const limited = `trap '' XFSZ; ulimit -f ${maxFileKb}; exec "$@"`
  const started =
    maxFileKb === undefined
      ? spawn(process.execPath, command.slice(1), { stdio: ['ignore', 'pipe', 'ignore'] })
      : spawn('bash', ['-c', limited, 'bash', ...command], { stdio: ['ignore', 'pipe', 'ignore'] })
  const lines: string[] = []
  const reader = createInterface({ input: started.stdout })
  reader.on('line', (line) => lines.push(line))
  return { process: started, lines, exited: Promise.all([once(started, 'exit'), once(reader, 'close')]) }
}

async function readTexts(dir: string): Promise<string[]> {
  const backbone = openIn(dir)
  const texts: string[] = []
  let after = 0
  for (;;) {
    const entries = await backbone.stream('log').read(after, { records: 10_000, bytes: 1e7 })
    if (entries.length === 0) break
    for (const entry of entries) {
      after = entry.position
      texts.push(new TextDecoder().decode(entry.record).slice(0, -501))
    }
  }
  await backbone.close()
  return texts
}

describe('embedded backbone, several processes', () => {
  test('two writers, one killed: what was acknowledged is there once, in order', async () => {
    const dir = makeFolder()
    const killed = startAppender([dir, 'killed', '1000000', '200'])
    const finished = startAppender([dir, 'finished', '5000', '200'])
    await vi.waitFor(() => expect(killed.lines.length).toBeGreaterThan(3_000), within)
    killed.process.kill('SIGKILL')
    await Promise.all([killed.exited, finished.exited])
    expect(finished.process.exitCode).toBe(0)

    const texts = await readTexts(dir)

    const numbersOf = (name: string) =>
      texts.filter((each) => each.startsWith(`${name} `)).map((each) => Number(each.slice(name.length + 1)))
    expect(numbersOf('finished')).toEqual(Array.from({ length: 5_000 }, (_, i) => i))
    const kept = numbersOf('killed')
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => i))
    // The last line may have been cut off by the kill.
    const acknowledged = killed.lines.slice(0, -1).map(Number)
    expect(kept.length).toBeGreaterThan(acknowledged.at(-1) ?? Infinity)
  })

  test('full: appends wait and none is acknowledged; after trimming they go on by themselves', async () => {
    const dir = makeFolder()
    const appender = startAppender([dir, 'full', '20000', '100', 'trim'], 4_096)
    await vi.waitFor(() => expect(appender.lines).toContain('blocked storage_full'), within)
    await appender.exited
    expect(appender.process.exitCode).toBe(0)
    expect(appender.lines).toContain('resumed')
    expect(appender.lines.filter((line) => /^\d+$/.test(line)).map(Number)).toEqual(
      Array.from({ length: 20_000 }, (_, i) => i),
    )
  })

  test('full, and nothing may be trimmed: every record that was acknowledged is kept', async () => {
    const dir = makeFolder()
    const appender = startAppender([dir, 'full', '20000', '100'], 4_096)
    await vi.waitFor(() => expect(appender.lines).toContain('blocked storage_full'), within)
    appender.process.kill('SIGKILL')
    await appender.exited
    const acknowledged = appender.lines.filter((line) => /^\d+$/.test(line)).length
    const texts = await readTexts(dir)
    expect(acknowledged).toBeGreaterThan(1_000)
    expect(texts.length).toBeGreaterThanOrEqual(acknowledged)
    expect(texts).toEqual(Array.from({ length: texts.length }, (_, i) => `full ${i}`))
  })

  test('a disk below its reserve makes appends wait and says what to do', async () => {
    const backbone = openEmbeddedBackbone({ dir: makeFolder(), reserveBytes: 1e18, maxLogBytes: 1e9, now: Date.now })
    const log = backbone.stream('log')
    log.append(new Uint8Array(10), { counted: true }, () => {})
    await expect.poll(() => log.blocked?.message).toMatch(/make room, or lower RONDA_DISK_RESERVE_MB/)
    const write = { bucket: 'system', key: 'detector', value: { logTime: 1, blind: [] } } as const
    await expect(backbone.commit({ writes: [write] })).rejects.toMatchObject({ code: 'storage_full' })
    // What was read can be trimmed, which makes room: a consumer goes on.
    await openConsumer(backbone, 'log', 'c')
    await backbone.close()
  })
})

test('tombstones are purged once every watcher can have heard of them, the newest excepted', async () => {
  const dir = makeFolder()
  let now = 0
  const backbone = openEmbeddedBackbone({ dir, reserveBytes: 0, maxLogBytes: 1e12, now: () => now })
  const tables = openBucketTables(open({ path: join(dir, 'state'), maxDbs: 64 }), 'status')
  const value = { online: true, at: 0, topic: 't' }
  const put = (key: string, row: typeof value | undefined) =>
    backbone.commit({ writes: [{ bucket: 'status', key, value: row }] })
  for (const key of ['a', 'b', 'c', 'd']) await put(key, value)
  await put('a', undefined)
  await put('b', undefined)
  await put('b', value)
  now = 1_000
  await put('c', undefined)
  await put('d', undefined)

  now = 3_600_000
  await tables.rows.transaction(() => tables.purge(tables.servedTombstones(now)))
  expect(Array.from(tables.rows.getKeys())).toEqual(['b', 'c', 'd'])
  now = 3_601_000
  await tables.rows.transaction(() => tables.purge(tables.servedTombstones(now)))
  expect(Array.from(tables.rows.getKeys())).toEqual(['b', 'd'])
  // Revisions go on from the newest, which is why it stays.
  const { rows } = await backbone.bucket('status').watch(AbortSignal.abort())
  expect(rows.map(({ key }) => key)).toEqual(['b'])
  await put('e', value)
  expect((await backbone.bucket('status').get('e'))?.revision).toBe(10)
  await backbone.close()
})
