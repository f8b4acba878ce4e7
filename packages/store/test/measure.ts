// How fast the adapters are, on this machine: `node packages/store/test/measure.ts write | read | influx`.
// `write` stages and commits a million streetlight rows in batches; `read` loads ten million and asks for one
// device's week in 300 buckets; `influx` writes to Debian's influxd.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startInfluxd } from '../../../infra/testing/influxd.ts'
import { openEmbeddedStore } from '../src/embedded/embedded.ts'
import { openInfluxStore } from '../src/influx/influx.ts'
import { midnight, progressAt } from '../src/store.contract.ts'
import type { Row, Store } from '../src/store.ts'

const devices = Array.from({ length: 20_000 }, (_, i) => `pju-${String(i).padStart(5, '0')}`)
const weekMs = 7 * 86_400_000

/** What a lamp reports as a rule, or all that it could. */
function fieldsOf(n: number, whole: boolean): Row['fields'] {
  const usual = {
    dimPct: 100,
    powerW: 80 + (n % 100) / 10,
    powerFactor: 0.95,
    energyWh: n * 10,
    voltageV: 220 + (n % 50) / 10,
    currentA: 0.4,
    temperatureC: 30.5,
    operatingHours: 1_234,
    receivedAt: midnight + n,
    seq: n,
  }
  if (!whole) return usual
  const rest = { commandPct: 100, frequencyHz: 50, illuminanceLux: 12, switchCount: 17, tiltDeg: 0.5, override: false }
  return { ...usual, ...rest }
}

/** Row number n: every device in turn, in the order of time. */
function rowAt(n: number, stepMs: number, whole: boolean): Row {
  return {
    measurement: 'streetlight',
    device: devices[n % devices.length] ?? '',
    district: 'serpong',
    tsMs: midnight + Math.floor(n * stepMs),
    sub: (n * 7_919) % 1_000_000,
    fields: fieldsOf(n, whole),
  }
}

interface Load {
  rows: number
  batch: number
  stepMs: number
  whole: boolean
}

/** Rows a second through stage and commit; making the rows is not counted. */
async function load(store: Store, { rows, batch, stepMs, whole }: Load): Promise<{ perSecond: number; p99Ms: number }> {
  const took: number[] = []
  let stagingMs = 0
  for (let start = 0; start < rows; start += batch) {
    const part = Array.from({ length: Math.min(batch, rows - start) }, (_, i) => rowAt(start + i, stepMs, whole))
    const startedAt = performance.now()
    const staged = await store.stage('measure', part)
    stagingMs += performance.now() - startedAt
    await staged.commit(progressAt(start + batch))
    took.push(performance.now() - startedAt)
  }
  const totalMs = took.reduce((sum, ms) => sum + ms, 0)
  say(`    staging ${Math.round((stagingMs / totalMs) * 100)} % of the time`)
  return { perSecond: Math.round((rows / totalMs) * 1_000), p99Ms: quantile(took, 0.99) }
}

function quantile(values: readonly number[], q: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * q)] ?? Number.NaN
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

const open = (dir: string) => openEmbeddedStore({ file: join(dir, 'history.duckdb'), memoryLimitMb: 512, threads: 2 })

async function measureWrite(dir: string): Promise<void> {
  for (const whole of [false, true]) {
    for (const batch of [5_000, 10_000, 20_000]) {
      const folder = mkdtempSync(join(dir, 'write-'))
      const store = await open(folder)
      const { perSecond, p99Ms } = await load(store, { rows: 1_000_000, batch, stepMs: 3, whole })
      const fields = Object.keys(fieldsOf(0, whole)).length
      say(`${fields} fields, batches of ${batch}: ${perSecond} rows/s, a batch p99 ${p99Ms.toFixed(0)} ms`)
      await store.close()
      rmSync(folder, { recursive: true })
    }
  }
}

async function measureRead(dir: string): Promise<void> {
  const rows = 10_000_000
  const first = await open(dir)
  await load(first, { rows, batch: 20_000, stepMs: weekMs / rows, whole: false })
  await first.close()

  const openedAt = performance.now()
  const store = await open(dir)
  say(`opened with ${rows} rows in ${(performance.now() - openedAt).toFixed(0)} ms`)
  const week = { measurement: 'streetlight', from: midnight, to: midnight + weekMs, limit: 1_000 } as const
  const fields = ['powerW', 'voltageV', 'energyWh']
  const questions: Record<string, (device: string) => Promise<unknown>> = {
    'a week in 300 buckets': (device) => store.history({ ...week, device, fields, everyMs: weekMs / 300 }),
    'a week as it is': (device) => store.history({ ...week, device, fields }),
    'the newest row': (device) => store.latest('streetlight', device),
  }
  for (const [question, ask] of Object.entries(questions)) {
    const took: number[] = []
    for (const device of devices.slice(700, 750)) {
      const startedAt = performance.now()
      await ask(device)
      took.push(performance.now() - startedAt)
    }
    say(`${question}: p50 ${quantile(took, 0.5).toFixed(1)} ms, p99 ${quantile(took, 0.99).toFixed(1)} ms`)
  }
  await store.close()
}

async function measureInflux(): Promise<void> {
  const influxd = await startInfluxd()
  const store = openInfluxStore({ url: influxd.url, bucket: 'ronda' })
  const { perSecond, p99Ms } = await load(store, { rows: 200_000, batch: 10_000, stepMs: 3, whole: false })
  say(`InfluxDB 1.6, batches of 10000: ${perSecond} rows/s, a batch p99 ${p99Ms.toFixed(0)} ms`)
  await store.close()
  await influxd.stop()
}

const dir = mkdtempSync(join(tmpdir(), 'ronda-measure-'))
try {
  const tasks = { write: () => measureWrite(dir), read: () => measureRead(dir), influx: measureInflux }
  const [name = ''] = process.argv.slice(2)
  const task = Object.entries(tasks).find(([each]) => each === name)?.[1]
  if (task === undefined) say(`one of ${Object.keys(tasks).join(', ')}`)
  else await task()
} finally {
  rmSync(dir, { recursive: true, force: true })
}
