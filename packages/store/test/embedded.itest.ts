import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import { openEmbeddedStore } from '../src/embedded/embedded.ts'
import {
  allOf,
  energyOf,
  lampRow,
  midnight,
  progressAt,
  storeContract,
  transactionalContract,
  write,
} from '../src/store.contract.ts'

const folders: string[] = []
function makeFile(): string {
  const dir = mkdtempSync(join(tmpdir(), 'ronda-store-'))
  folders.push(dir)
  return join(dir, 'history.duckdb')
}

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true, force: true })
})

function open(file: string) {
  return openEmbeddedStore({ file, memoryLimitMb: 256, threads: 1 })
}

const makeHarness = async () => {
  const file = makeFile()
  return { open: () => open(file) }
}
storeContract('embedded', makeHarness)
transactionalContract('embedded', makeHarness)

interface Child {
  process: ChildProcess
  lines: string[]
  exited: Promise<unknown>
}

function start(args: string[], maxFileBytes?: number): Child {
  const command = [process.execPath, join(import.meta.dirname, 'embedded-child.ts'), ...args]
  // With SIGXFSZ ignored a write beyond the limit fails, as on a full disk, and does not end the process.
  const limited = ['prlimit', `--fsize=${maxFileBytes}:unlimited`, 'bash', '-c', `trap '' XFSZ; exec "$@"`, 'bash']
  const [program = '', ...rest] = maxFileBytes === undefined ? command : [...limited, ...command]
  const started = spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(started)
  const lines: string[] = []
  const reader = createInterface({ input: started.stdout })
  reader.on('line', (line) => lines.push(line))
  return { process: started, lines, exited: Promise.all([once(started, 'exit'), once(reader, 'close')]) }
}

describe('embedded store, killed', () => {
  test('between stage and commit: neither rows nor progress; staged again they are there', async () => {
    const file = makeFile()
    const child = start(['stage', file, '5000'])
    await vi.waitFor(() => expect(child.lines).toEqual(['ready']), within)
    child.process.kill('SIGKILL')
    await child.exited

    const store = await open(file)
    expect(await energyOf(store)).toEqual([])
    expect(await store.progress('test')).toBeUndefined()
    const rows = Array.from({ length: 5_000 }, (_, i) => lampRow(midnight + i, { energyWh: i }))
    expect((await write(store, rows)).stored).toBe(5_000)
    expect(await energyOf(store)).toHaveLength(5_000)
    await store.close()
  })

  test('after commit: all rows and the progress', async () => {
    const file = makeFile()
    const child = start(['commit', file, '5000'])
    await vi.waitFor(() => expect(child.lines).toEqual(['ready']), within)
    child.process.kill('SIGKILL')
    await child.exited

    const store = await open(file)
    expect(await energyOf(store)).toEqual(Array.from({ length: 5_000 }, (_, i) => i))
    expect(await store.progress('test')).toEqual(progressAt(1))
    const again = await write(store, [
      lampRow(midnight, { energyWh: 0 }),
      lampRow(midnight + 5_000, { energyWh: 5_000 }),
    ])
    expect(again).toMatchObject({ stored: 1, collapsed: 1 })
    await store.close()
  })
})

describe('embedded store, killed while it writes', () => {
  test('rows and progress are those of the same batches, and none that was acknowledged is missing', async () => {
    const file = makeFile()
    const child = start(['fill', file, '1000', '1'])
    await vi.waitFor(() => expect(child.lines.length).toBeGreaterThan(12), within)
    child.process.kill('SIGKILL')
    await child.exited

    const store = await open(file)
    const batches = (await store.progress('test'))?.cursor.position ?? 0
    // The kill may have come between a commit and its line.
    expect([child.lines.length, child.lines.length + 1]).toContain(batches)
    expect(await energyOf(store)).toEqual(Array.from({ length: batches * 5_000 }, (_, i) => i))
    await store.close()
  })
})

describe('embedded store, disk full', () => {
  // In the log of writes a failed commit leaves the database as it was; in a checkpoint DuckDB gives up and the
  // file must be opened again.
  test.each([
    ['in the log of writes', '64', 6_000_000],
    ['in a checkpoint', '1', 6_000_000],
  ])('%s: commits fail and say so, then go on by themselves; nothing is lost or doubled', async (_, mb, limit) => {
    const file = makeFile()
    const batches = 60
    const child = start(['fill', file, String(batches), mb], limit)
    const failures = () => child.lines.filter((line) => line.startsWith('failed'))
    await vi.waitFor(() => expect(failures().length).toBeGreaterThan(5), within)
    expect(new Set(failures())).toEqual(new Set(['failed store_unavailable store_unavailable']))
    const before = child.lines.filter((line) => line.startsWith('committed')).length
    expect(before).toBeGreaterThan(3)
    execFileSync('prlimit', ['--pid', String(child.process.pid), '--fsize=unlimited:unlimited'])
    await child.exited
    expect(child.process.exitCode).toBe(0)

    const store = await open(file)
    expect(await energyOf(store)).toEqual(Array.from({ length: batches * 5_000 }, (_, i) => i))
    expect(await store.progress('test')).toEqual(progressAt(batches))
    await store.close()
  })
})

describe('embedded store, its file', () => {
  test('in use by another process: says so', async () => {
    const file = makeFile()
    const child = start(['commit', file, '1'])
    await vi.waitFor(() => expect(child.lines).toEqual(['ready']), within)
    await expect(open(file)).rejects.toMatchObject({ code: 'data_dir_in_use' })
    child.process.kill('SIGKILL')
    await child.exited
    const store = await open(file)
    expect(await energyOf(store)).toEqual([0])
    await store.close()
  })

  test('that is none: says so', async () => {
    const file = makeFile()
    writeFileSync(file, 'something else '.repeat(1_000))
    await expect(open(file)).rejects.toMatchObject({ code: 'data_dir_unusable' })
    await expect(open(join(file, 'nowhere'))).rejects.toMatchObject({ code: 'data_dir_unusable' })
  })

  async function alter(file: string, sql: string): Promise<unknown[]> {
    const instance = await DuckDBInstance.create(file)
    const connection = await instance.connect()
    const rows = (await connection.run(sql)).getRowObjects()
    const found = await rows
    connection.disconnectSync()
    instance.closeSync()
    return found
  }

  test('of a newer version: is left alone', async () => {
    const file = makeFile()
    await (await open(file)).close()
    await alter(file, 'UPDATE schema_version SET version = 99')
    await expect(open(file)).rejects.toMatchObject({ code: 'data_dir_newer' })
    expect(await alter(file, 'SELECT version FROM schema_version')).toEqual([{ version: 99 }])
  })

  test('of an older version gets the columns it lacks, and keeps those that are no longer declared', async () => {
    const file = makeFile()
    const before = await open(file)
    await write(before, [lampRow(midnight, { energyWh: 1, powerW: 80, override: true, faults: 'x' })])
    await before.close()
    await alter(
      file,
      `DROP VIEW streetlight;
       ALTER TABLE streetlight_row DROP COLUMN "powerW"; ALTER TABLE streetlight_row DROP COLUMN override;
       ALTER TABLE streetlight_row DROP COLUMN faults; ALTER TABLE streetlight_row ADD COLUMN "formerW" DOUBLE`,
    )
    const store = await open(file)
    await write(store, [lampRow(midnight + 1, { energyWh: 2, powerW: 81, override: false, faults: 'y' })])
    expect(
      await store.history(allOf('streetlight', 'pju-00001', ['energyWh', 'powerW', 'override', 'faults'])),
    ).toEqual([
      { time: midnight, values: { energyWh: 1 } },
      { time: midnight + 1, values: { energyWh: 2, powerW: 81, override: false, faults: 'y' } },
    ])
    await store.close()
    expect(await alter(file, `SELECT device, district, "powerW", "formerW" FROM streetlight ORDER BY time`)).toEqual([
      { device: 'pju-00001', district: 'serpong', powerW: null, formerW: null },
      { device: 'pju-00001', district: 'serpong', powerW: 81, formerW: null },
    ])
  })

  test('keeps text with a NUL in it', async () => {
    const store = await open(makeFile())
    await write(store, [lampRow(midnight, { faults: 'a\0b' })])
    expect((await store.latest('streetlight', 'pju-00001'))?.values).toEqual({ faults: 'a\0b' })
    await store.close()
  })

  test('many readers at once are answered while a batch is written', async () => {
    const store = await open(makeFile())
    const rows = Array.from({ length: 20_000 }, (_, i) => lampRow(midnight + i, { energyWh: i, powerW: i }))
    await write(store, rows.slice(0, 10_000))
    const staged = await store.stage('test', rows.slice(10_000))
    const query = allOf('streetlight', 'pju-00001', ['energyWh'])
    const [, ...answers] = await Promise.all([
      staged.commit(progressAt(2)),
      ...Array.from({ length: 20 }, () => store.history(query)),
    ])
    for (const answer of answers) expect([10_000, 20_000]).toContain(answer.length)
    expect(await store.history(query)).toHaveLength(20_000)
    await store.close()
  })
})
