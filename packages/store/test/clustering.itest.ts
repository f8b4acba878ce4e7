import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Session, openSession } from '../src/embedded/session.ts'
import { commitStaged, settleStaged, stageRows } from '../src/embedded/staging.ts'
import { lampRow, midnight, progressAt } from '../src/store.contract.ts'
import type { Row } from '../src/store.ts'

const minute = 60_000
const sliceRows = 10_000
const devices = Array.from({ length: 20 }, (_, n) => `pju-${n}`)

let dir = ''
let session: Session
async function open(): Promise<Session> {
  return openSession({ file: join(dir, 'history.duckdb'), memoryLimitMb: 256, threads: 1, sliceRows })
}
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'ronda-clustering-'))
  session = await open()
})
afterEach(async () => {
  await session.db.close()
  rmSync(dir, { recursive: true, force: true })
})

/** A row of each device in each minute. */
function city(fromMinute: number, toMinute: number): Row[] {
  return Array.from({ length: toMinute - fromMinute }, (_, n) => fromMinute + n).flatMap((at) =>
    devices.map((device, sub) => lampRow(midnight + at * minute, { energyWh: at }, { device, sub })),
  )
}

/** How many of them were new, and what was begun with their commit. */
async function write(rows: readonly Row[]): Promise<{ stored: number; clustered: Promise<void> | undefined }> {
  const stored = await stageRows(session, rows)
  await commitStaged(session, { id: crypto.randomUUID(), consumer: 'test', progress: progressAt(1) })
  settleStaged(session)
  return { stored, clustered: session.clustering.committed(stored) }
}

/** Minutes of the rows as they lie in the table, of each device in a run of its own. */
async function runs(): Promise<{ series: number; minutes: number[] }[]> {
  const rows = await session.db.read('SELECT series, energyWh FROM streetlight_row')
  const found: { series: number; minutes: number[] }[] = []
  for (const { series, energyWh } of rows) {
    const last = found.at(-1)
    if (last !== undefined && last.series === series) last.minutes.push(Number(energyWh))
    else found.push({ series: Number(series), minutes: [Number(energyWh)] })
  }
  return found
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n)

async function expectEachOnce(minutes: number): Promise<void> {
  const rows = await session.db.read(
    'SELECT series, list(energyWh ORDER BY time) AS minutes FROM streetlight_row GROUP BY series',
  )
  expect(rows).toHaveLength(devices.length)
  for (const row of rows) expect(row.minutes).toMatchObject({ items: range(0, minutes) })
}

test('a slice has each device in one piece, in the order of time; the newest ten minutes stay as they came', async () => {
  // 500 minutes are 10,000 rows.
  await (await write(city(0, 1_011))).clustered
  const rows = await runs()
  const inSlices = rows.filter(({ minutes }) => minutes.length > 1)
  expect(inSlices).toHaveLength(2 * devices.length)
  expect(new Set(inSlices.map(({ minutes }) => JSON.stringify(minutes)))).toEqual(
    new Set([JSON.stringify(range(0, 500)), JSON.stringify(range(500, 1_000))]),
  )
  await expectEachOnce(1_011)
})

test('what comes late or again is told apart in slices as ever', async () => {
  const late = city(100, 101)
  await (await write([...city(0, 100), ...city(101, 1_200)])).clustered
  expect((await runs()).some(({ minutes }) => minutes.length > 400)).toBe(true)
  expect((await write(late)).stored).toBe(devices.length)
  expect((await write([...late, ...city(99, 102), ...city(1_199, 1_200)])).stored).toBe(0)
  await expectEachOnce(1_200)
})

test('what is committed and read meanwhile is neither lost nor doubled', async () => {
  const { clustered } = await write(city(0, 3_000))
  let ended = false
  const clustering = clustered?.finally(() => (ended = true))
  let minutes = 3_000
  for (; !ended; minutes += 5) {
    const [{ stored }, [counted]] = await Promise.all([
      write(city(minutes - 1, minutes + 5)),
      session.db.read('SELECT count(*) AS rows FROM streetlight_row'),
    ])
    expect(stored).toBe(5 * devices.length)
    expect([minutes, minutes + 5].map((all) => all * devices.length)).toContain(Number(counted?.rows))
  }
  await clustering
  await expectEachOnce(minutes)
})

test('it goes on where it was after the file was opened again, and a day without enough rows is a slice', async () => {
  await (await write(city(0, 600))).clustered
  await session.db.close()
  session = await open()
  const onePerHour = range(0, 3 * 24).map((hour) => lampRow(midnight + (600 + 60 * hour) * minute, { energyWh: hour }))
  await (await write(onePerHour)).clustered
  await (await write(city(6_000, 6_300))).clustered
  const [row] = await session.db.read('SELECT untilMs FROM clustered')
  expect(row?.untilMs).toBeGreaterThanOrEqual(midnight + 3 * 86_400_000)
})

test('what many sessions have written, each of them little, is put in order too', async () => {
  for (const part of range(0, 5)) {
    await (await write(city(part * 100, (part + 1) * 100))).clustered
    await session.db.close()
    session = await open()
  }
  expect((await runs()).every(({ minutes }) => minutes.length === 1)).toBe(true)
  await (await write(city(500, 511))).clustered
  expect((await runs()).filter(({ minutes }) => minutes.length === 500)).toHaveLength(devices.length)
  await expectEachOnce(511)
})
