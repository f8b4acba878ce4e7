// What every adapter of the store must do. Run by test/embedded.itest.ts and test/influx.itest.ts.
import type { FieldValue } from '@ronda/contracts/fields'
import { emptyCounts } from '@ronda/contracts/ledger'
import { type Measurement, measurementNames } from '@ronda/contracts/measurements'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { fieldsOf } from './query.ts'
import type { HistoryQuery, Row, StagedRows, Store, StoreProgress } from './store.ts'

/** ms UTC, a Saturday in 2026 at 00:00. */
export const midnight = Date.UTC(2026, 10, 21)
const dayMs = 86_400_000
const minute = 60_000

export interface Harness {
  /** Opens the same history again; what was opened before is closed by then. */
  open(): Promise<Store>
}

export function progressAt(position: number): StoreProgress {
  return { cursor: { epoch: 'e', position, ordinal: position }, counts: { ...emptyCounts, written: position } }
}

/** A streetlight's row with what a test needs to know it by. */
export function lampRow(tsMs: number, fields: Row['fields'], more: Partial<Row> = {}): Row {
  return { measurement: 'streetlight', device: 'pju-00001', district: 'serpong', tsMs, sub: 0, fields, ...more }
}

let commits = 0
export async function write(store: Store, rows: readonly Row[]): Promise<StagedRows> {
  const staged = await store.stage('test', rows)
  await staged.commit(progressAt(++commits))
  return staged
}

export function allOf(measurement: Measurement, device: string, fields: readonly string[]): HistoryQuery {
  return { measurement, device, fields, from: 0, to: Infinity, limit: 1_000_000 }
}

export async function energyOf(store: Store, device = 'pju-00001'): Promise<unknown[]> {
  const rows = await store.history(allOf('streetlight', device, ['energyWh']))
  return rows.map(({ values }) => values.energyWh)
}

/** The harness with its stores closed: before the next is opened, and after each test. */
function managed(makeHarness: () => Promise<Harness>) {
  let opened: Store | undefined
  async function harness(): Promise<Harness> {
    const made = await makeHarness()
    return {
      async open() {
        await opened?.close()
        opened = await made.open()
        return opened
      },
    }
  }
  afterEach(async () => {
    await opened?.close()
    opened = undefined
  })
  return { harness, open: async () => (await harness()).open() }
}

export function storeContract(name: string, makeHarness: () => Promise<Harness>): void {
  describe(`store contract: ${name}`, () => {
    const { harness, open } = managed(makeHarness)

    describe('rows', () => {
      test.each(measurementNames)('of %s come back with every field as it was', async (measurement) => {
        const store = await open()
        const fields = Object.fromEntries(
          fieldsOf(measurement).map(({ name: field, field: { type } }, index) => [field, sample(type, index)]),
        )
        const row = lampRow(midnight, fields, { measurement })

        await write(store, [row])

        const expected = { time: midnight, values: fields }
        expect(await store.latest(measurement, row.device)).toEqual(expected)
        expect(await store.history(allOf(measurement, row.device, Object.keys(fields)))).toEqual([expected])
      })

      test('keep only the fields they have', async () => {
        const store = await open()
        await write(store, [lampRow(midnight, { powerW: 80 }), lampRow(midnight + 1, { override: false })])
        const rows = await store.history(allOf('streetlight', 'pju-00001', ['powerW', 'override', 'energyWh']))
        expect(rows).toEqual([
          { time: midnight, values: { powerW: 80 } },
          { time: midnight + 1, values: { override: false } },
        ])
      })

      test.each([
        0,
        1,
        -1,
        0.1,
        -0.5,
        1 / 3,
        100,
        1e15,
        123_456_789_012,
        Number.MAX_SAFE_INTEGER,
        1e-7,
        5e-324,
        -1e6,
        220.5,
      ])('keep the number %d to the last digit', async (powerW) => {
        const store = await open()
        await write(store, [lampRow(midnight, { powerW })])
        expect((await store.latest('streetlight', 'pju-00001'))?.values).toEqual({ powerW })
      })

      test('an integer may follow a fraction and a fraction an integer', async () => {
        const store = await open()
        await write(store, [
          lampRow(midnight, { powerW: 80 }),
          lampRow(midnight + 1, { powerW: 80.5 }),
          lampRow(midnight + 2, { powerW: 81 }),
        ])
        const rows = await store.history(allOf('streetlight', 'pju-00001', ['powerW']))
        expect(rows.map(({ values }) => values.powerW)).toEqual([80, 80.5, 81])
      })

      test.each([
        'plain',
        '',
        ' ',
        '"quoted" and \\back\\slashed\\',
        '\\',
        '\\"',
        'a,b=c d',
        'line\nbreak\r\nand\ttab',
        "it's",
        'Ciputat — 日本 🌃 é',
        '# no comment',
        'true',
        '1i',
        'long',
      ])('keep the text %j', async (text) => {
        const faults = text === 'long' ? 'x'.repeat(5_000) : text
        const store = await open()
        await write(store, [
          lampRow(midnight, { faults: 'before' }),
          lampRow(midnight + 1, { faults, seq: 1 }),
          lampRow(midnight + 2, { faults: 'after' }),
        ])
        const rows = await store.history(allOf('streetlight', 'pju-00001', ['faults']))
        expect(rows.map(({ values }) => values.faults)).toEqual(['before', faults, 'after'])
      })

      test('are found by their device, whatever is in the names of devices and districts', async () => {
        const store = await open()
        const names = [
          'plain',
          'with space',
          'a,b',
          'a=b',
          'a\\b',
          'a\\,b',
          `it's "quoted"`,
          'Ciputat — 日本 🌃 é',
          'b"',
        ]
        const rows = names.map((each, energyWh) =>
          lampRow(midnight, { energyWh }, { device: each, district: `district ${each}` }),
        )
        expect((await write(store, rows)).rejected).toEqual([])
        for (const [energyWh, each] of names.entries()) expect(await energyOf(store, each)).toEqual([energyWh])
      })

      test('of a batch larger than any buffer, over several measurements, are all there', async () => {
        const store = await open()
        const measured = ['streetlight', 'cabinet'] as const
        const rows = Array.from({ length: 12_345 }, (_, i) =>
          lampRow(
            midnight + i,
            { energyWh: i, ...(i % 3 === 0 ? {} : { powerW: i / 2 }), ...(i % 5 === 0 ? { faults: `f${i}` } : {}) },
            { measurement: measured[i % 2] ?? 'cabinet', device: `d-${i % 7}` },
          ),
        )

        const staged = await write(store, rows)

        expect(staged.stored).toBe(rows.length)
        let seen = 0
        for (const measurement of measured) {
          for (let device = 0; device < 7; device++) {
            const own = rows.filter((row) => row.measurement === measurement && row.device === `d-${device}`)
            const found = await store.history(allOf(measurement, `d-${device}`, ['energyWh', 'powerW', 'faults']))
            expect(found).toEqual(own.map(({ tsMs, fields }) => ({ time: tsMs, values: fields })))
            seen += found.length
          }
        }
        expect(seen).toBe(rows.length)
      })

      test('none: the progress alone is committed', async () => {
        const store = await open()
        const staged = await store.stage('test', [])
        expect(staged).toMatchObject({ stored: 0, collapsed: 0, rejected: [] })
        await staged.commit(progressAt(1))
        expect(await store.latest('streetlight', 'pju-00001')).toBeUndefined()
      })

      test.each([
        ['an undeclared field', { fps: 5 }],
        ['a wrong type', { powerW: 'much' }],
        ['a number that is none', { powerW: Number.NaN }],
        ['no field', {}],
      ])('with %s are a bug of the caller; nothing is left of the batch', async (_, fields) => {
        const store = await open()
        const bad = lampRow(midnight, fields, { device: 'bad' })
        const failure = store.stage('test', [lampRow(midnight, { energyWh: 1 }), bad])
        await expect(failure).rejects.toThrow(/streetlight/)
        await expect(failure).rejects.not.toHaveProperty('code')
        expect(await energyOf(store)).toEqual([])
        await write(store, [lampRow(midnight, { energyWh: 1 })])
        expect(await energyOf(store)).toEqual([1])
      })
    })

    describe('identity', () => {
      test('readings of one millisecond survive each other', async () => {
        const store = await open()
        const subs = [999_999, 0, 7, 500_000]
        await write(
          store,
          subs.map((sub) => lampRow(midnight, { energyWh: sub }, { sub })),
        )
        expect(await energyOf(store)).toEqual([0, 7, 500_000, 999_999])
        const rows = await store.history(allOf('streetlight', 'pju-00001', ['energyWh']))
        expect(new Set(rows.map(({ time }) => time))).toEqual(new Set([midnight]))
      })

      test('the same reading twice is one: in a batch, in batches, after opening again', async () => {
        const { open: openAgain } = await harness()
        const store = await openAgain()
        const [a, b, c] = [1, 2, 3].map((energyWh) => lampRow(midnight + energyWh, { energyWh })) as [Row, Row, Row]

        const first = await write(store, [b, c, b, a, a])
        const second = await write(store, [a, b, lampRow(midnight + 2, { energyWh: 2.5 }, { sub: 1 })])
        const reopened = await openAgain()
        const third = await write(reopened, [c, b, a])

        expect(await energyOf(reopened)).toEqual([1, 2, 2.5, 3])
        expect([first, second, third].map(({ stored, collapsed }) => [stored, collapsed])).toEqual(
          store.tellsCollapsed
            ? [
                [3, 2],
                [1, 2],
                [0, 3],
              ]
            : [
                [5, 0],
                [3, 0],
                [3, 0],
              ],
        )
      })

      test('the same time in another measurement or of another device is another row', async () => {
        const store = await open()
        await write(store, [
          lampRow(midnight, { energyWh: 1 }),
          lampRow(midnight, { energyWh: 2 }, { device: 'pju-00002' }),
          lampRow(midnight, { energyWh: 3 }, { measurement: 'cabinet' }),
        ])
        expect(await energyOf(store)).toEqual([1])
        expect(await energyOf(store, 'pju-00002')).toEqual([2])
        expect((await store.latest('cabinet', 'pju-00001'))?.values).toEqual({ energyWh: 3 })
      })

      test('what a device sent in another district is still its own', async () => {
        const store = await open()
        await write(store, [lampRow(midnight, { energyWh: 1 }), lampRow(midnight + 5, { energyWh: 3 })])
        await write(store, [lampRow(midnight + 3, { energyWh: 2 }, { district: 'pamulang' })])
        expect(await energyOf(store)).toEqual([1, 2, 3])
        expect((await store.latest('streetlight', 'pju-00001'))?.values).toEqual({ energyWh: 3 })
      })

      test('any rows with duplicates, in any order and batches, taken back or not, give the same set', async () => {
        const { open: openAgain } = await harness()
        let store = await openAgain()
        let run = 0
        const offsets = [0, 1, 2, 999, dayMs - 1, dayMs, 2 * dayMs, 5 * dayMs]
        interface Reading {
          device: string
          measurement: Measurement
          offset: number
          sub: number
        }
        const reading: fc.Arbitrary<Reading> = fc.record({
          device: fc.constantFrom('a', 'b', 'c'),
          measurement: fc.constantFrom<Measurement>('streetlight', 'cabinet'),
          offset: fc.constantFrom(...offsets),
          sub: fc.constantFrom(0, 1, 999_999),
        })
        const batch = fc.record({
          readings: fc.array(reading, { maxLength: 40 }),
          end: fc.constantFrom('commit', 'commit', 'rollback', 'commit and open again'),
        })
        await fc.assert(
          fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 8 }), async (batches) => {
            const prefix = `run-${run++}`
            const identity = ({ device, measurement, offset, sub }: Reading) =>
              `${measurement} ${device} ${midnight + offset} ${sub}`
            const rowsOf = (readings: readonly Reading[]) =>
              readings.map(({ device, measurement, offset, sub }) =>
                lampRow(
                  midnight + offset,
                  { energyWh: offset + sub },
                  { device: `${prefix}-${device}`, measurement, sub },
                ),
              )
            const rolledBack: Row[] = []
            const counts = { rows: 0, stored: 0, collapsed: 0 }
            const commit = async (staged: StagedRows, rows: readonly Row[]) => {
              await staged.commit(progressAt(++commits))
              counts.rows += rows.length
              counts.stored += staged.stored
              counts.collapsed += staged.collapsed
            }
            for (const { readings, end } of batches) {
              const rows = rowsOf(readings)
              const staged = await store.stage('test', rows)
              if (end === 'rollback') {
                await staged.rollback()
                rolledBack.push(...rows)
              } else await commit(staged, rows)
              if (end === 'commit and open again') store = await openAgain()
            }
            await commit(await store.stage('test', rolledBack), rolledBack)

            const expected = new Set(batches.flatMap(({ readings }) => readings.map(identity)))
            let found = 0
            for (const measurement of ['streetlight', 'cabinet'] as const) {
              for (const device of ['a', 'b', 'c']) {
                const own = [...expected].filter((each) => each.startsWith(`${measurement} ${device} `))
                const rows = await store.history(allOf(measurement, `${prefix}-${device}`, ['energyWh']))
                const keys = rows.map(({ time, values }) => {
                  const sub = Number(values.energyWh) - (time - midnight)
                  return `${measurement} ${device} ${time} ${sub}`
                })
                expect(keys.toSorted()).toEqual(own.toSorted())
                const newest = await store.latest(measurement, `${prefix}-${device}`)
                expect(newest).toEqual(rows.at(-1))
                found += rows.length
              }
            }
            expect(found).toBe(expected.size)
            expect(counts.stored + counts.collapsed).toBe(counts.rows)
            expect(counts.stored).toBe(store.tellsCollapsed ? expected.size : counts.rows)
          }),
          { numRuns: 60 },
        )
      })
    })

    describe('stage', () => {
      test('a batch that was taken back and staged again is there once', async () => {
        const store = await open()
        const rows = [1, 2, 3].map((energyWh) => lampRow(midnight + energyWh, { energyWh }))
        const staged = await store.stage('test', rows)
        await staged.rollback()
        expect((await write(store, rows)).stored).toBe(3)
        expect(await energyOf(store)).toEqual([1, 2, 3])
      })

      test('one at a time: a second one is a bug until the first has ended', async () => {
        const store = await open()
        const staged = await store.stage('test', [lampRow(midnight, { energyWh: 1 })])
        await expect(store.stage('test', [])).rejects.toThrow(/neither committed nor rolled back/)
        await staged.commit(progressAt(1))
        await expect(staged.commit(progressAt(2))).rejects.toThrow(/before/)
        await staged.rollback()
        await write(store, [lampRow(midnight + 1, { energyWh: 2 })])
        expect(await energyOf(store)).toEqual([1, 2])
      })
    })

    describe('history', () => {
      test('is from a time inclusive to a time exclusive, the oldest first, up to the limit', async () => {
        const store = await open()
        await write(
          store,
          [5, 3, 4, 1, 2].map((energyWh) => lampRow(midnight + energyWh * 1_000, { energyWh })),
        )
        const query = {
          ...allOf('streetlight', 'pju-00001', ['energyWh']),
          from: midnight + 2_000,
          to: midnight + 5_000,
        }
        const times = async (more: Partial<HistoryQuery>) =>
          (await store.history({ ...query, ...more })).map(({ time }) => (time - midnight) / 1_000)
        expect(await times({})).toEqual([2, 3, 4])
        expect(await times({ limit: 2 })).toEqual([2, 3])
        expect(await times({ to: midnight + 5_001 })).toEqual([2, 3, 4, 5])
        expect(await times({ from: midnight + 2_001 })).toEqual([3, 4])
        expect(await times({ from: midnight + 3_000, to: midnight + 3_000 })).toEqual([])
        expect(await times({ from: midnight + 3_000, to: midnight })).toEqual([])
        expect(await times({ from: -Infinity, to: Infinity, limit: 3 })).toEqual([1, 2, 3])
      })

      test('the edges hold within a millisecond too', async () => {
        const store = await open()
        await write(store, [
          lampRow(midnight - 1, { energyWh: 1 }, { sub: 999_999 }),
          lampRow(midnight, { energyWh: 2 }),
          lampRow(midnight + 9, { energyWh: 3 }, { sub: 999_999 }),
          lampRow(midnight + 10, { energyWh: 4 }),
        ])
        const query = { ...allOf('streetlight', 'pju-00001', ['energyWh']), from: midnight, to: midnight + 10 }
        expect((await store.history(query)).map(({ values }) => values.energyWh)).toEqual([2, 3])
      })

      test('leaves out rows in which none of the fields has a value', async () => {
        const store = await open()
        await write(store, [
          lampRow(midnight, { powerW: 1 }),
          lampRow(midnight + 1, { voltageV: 220 }),
          lampRow(midnight + 2, { powerW: 2, voltageV: 221 }),
        ])
        expect(await store.history(allOf('streetlight', 'pju-00001', ['powerW', 'tiltDeg']))).toEqual([
          { time: midnight, values: { powerW: 1 } },
          { time: midnight + 2, values: { powerW: 2 } },
        ])
        expect(await store.history(allOf('streetlight', 'pju-00001', ['tiltDeg']))).toEqual([])
      })

      test('buckets: means of gauges, last values of the rest, aligned to the epoch, empty ones left out', async () => {
        const store = await open()
        await write(store, [
          // Out of order: the last value is the last by time.
          lampRow(midnight + 50_000, { powerW: 30, energyWh: 105, override: false, faults: 'late' }),
          lampRow(midnight + 10_000, { powerW: 10, energyWh: 101, override: true, faults: 'early' }),
          lampRow(midnight + 59_999, { voltageV: 230 }, { sub: 999_999 }),
          // No bucket for the second minute; in the third no powerW.
          lampRow(midnight + 2 * minute, { energyWh: 107 }),
          lampRow(midnight + 3 * minute, { powerW: 0, override: false }),
          lampRow(midnight + 3 * minute, { powerW: 5 }, { sub: 1 }),
        ])
        const fields = ['powerW', 'energyWh', 'override', 'faults', 'voltageV']
        const query = { ...allOf('streetlight', 'pju-00001', fields), from: midnight, to: midnight + dayMs }
        expect(await store.history({ ...query, everyMs: minute })).toEqual([
          {
            time: midnight,
            values: { powerW: 20, energyWh: 105, override: false, faults: 'late', voltageV: 230 },
          },
          { time: midnight + 2 * minute, values: { energyWh: 107 } },
          { time: midnight + 3 * minute, values: { powerW: 2.5, override: false } },
        ])
        expect(await store.history({ ...query, everyMs: minute, limit: 2 })).toHaveLength(2)
        expect(await store.history({ ...query, fields: ['tiltDeg'], everyMs: minute })).toEqual([])
      })

      test('the newest first where that is asked for, and those are left when there are more', async () => {
        const store = await open()
        await write(
          store,
          [20, 50, 10, 40, 30].map((s) => lampRow(midnight + s * 1_000, { powerW: s, energyWh: s })),
        )
        const query: HistoryQuery = { ...allOf('streetlight', 'pju-00001', ['powerW']), first: 'newest', limit: 2 }
        const powersOf = async (asked: HistoryQuery) => (await store.history(asked)).map(({ values }) => values.powerW)
        expect(await powersOf(query)).toEqual([50, 40])
        expect(await powersOf({ ...query, to: midnight + 40_000 })).toEqual([30, 20])
        expect(await powersOf({ ...query, from: midnight, to: midnight + dayMs, everyMs: 20_000 })).toEqual([45, 25])
      })

      test('a bucket has only what lies between from and to, and may start before from', async () => {
        const store = await open()
        await write(
          store,
          [10, 20, 30, 40, 50].map((s) => lampRow(midnight + s * 1_000, { powerW: s, energyWh: s })),
        )
        const query = {
          ...allOf('streetlight', 'pju-00001', ['powerW', 'energyWh']),
          from: midnight + 20_000,
          to: midnight + 50_000,
        }
        expect(await store.history({ ...query, everyMs: minute })).toEqual([
          { time: midnight, values: { powerW: 30, energyWh: 40 } },
        ])
        expect(await store.history({ ...query, everyMs: 7_000 })).toEqual(
          [20, 30, 40].map((s) => ({
            time: Math.floor((midnight + s * 1_000) / 7_000) * 7_000,
            values: { powerW: s, energyWh: s },
          })),
        )
        expect(await store.history({ ...query, everyMs: 1 })).toHaveLength(3)
        expect(await store.history({ ...query, from: -Infinity, to: Infinity, everyMs: 3_650 * dayMs })).toEqual([
          { time: Math.floor(midnight / (3_650 * dayMs)) * 3_650 * dayMs, values: { powerW: 30, energyWh: 50 } },
        ])
      })

      test('of a device or a measurement without rows is empty', async () => {
        const store = await open()
        expect(await store.history(allOf('gateway', 'nobody', ['uptimeS']))).toEqual([])
        await write(store, [lampRow(midnight, { energyWh: 1 })])
        expect(await store.history(allOf('gateway', 'pju-00001', ['uptimeS']))).toEqual([])
        expect(await store.history(allOf('streetlight', 'pju-0000', ['energyWh']))).toEqual([])
        expect(await store.history({ ...allOf('streetlight', 'pju-0000', ['energyWh']), everyMs: minute })).toEqual([])
      })

      test('a device name cannot leave its place in the query', async () => {
        const store = await open()
        await write(store, [lampRow(midnight, { energyWh: 1 })])
        for (const device of [`x' OR 'a'='a`, `x\\' OR 1=1 --`, `'; DROP MEASUREMENT "streetlight"; --`, '\\']) {
          expect(await energyOf(store, device)).toEqual([])
          expect(await store.latest('streetlight', device)).toBeUndefined()
        }
        expect(await energyOf(store)).toEqual([1])
      })

      test.each([
        { fields: ['nope'] },
        { fields: ['toString'] },
        { fields: ['device'] },
        { fields: [] },
        { limit: 0 },
        { everyMs: 0 },
        { everyMs: 1.5 },
        { from: Number.NaN },
      ])('a query with %j is a bug of the caller', async (wrong) => {
        const store = await open()
        await expect(
          store.history({ ...allOf('streetlight', 'pju-00001', ['powerW']), ...wrong }),
        ).rejects.not.toHaveProperty('code')
      })
    })

    describe('latest', () => {
      test('is the newest by time of measurement, whenever it came', async () => {
        const { open: openAgain } = await harness()
        let store = await openAgain()
        const latest = async () => (await store.latest('streetlight', 'pju-00001'))?.values.energyWh
        expect(await latest()).toBeUndefined()
        await write(store, [lampRow(midnight, { energyWh: 2 }, { sub: 5 }), lampRow(midnight, { energyWh: 1 })])
        expect(await latest()).toBe(2)
        await write(store, [lampRow(midnight - dayMs, { energyWh: 0 })])
        expect(await latest()).toBe(2)
        store = await openAgain()
        expect(await latest()).toBe(2)
        await write(store, [lampRow(midnight + 1, { energyWh: 3 }, { district: 'pamulang' })])
        expect(await latest()).toBe(3)
      })

      test('is that of the device and the measurement, however long the device was silent', async () => {
        const { open: openAgain } = await harness()
        const store = await openAgain()
        await write(store, [
          lampRow(midnight - 300 * dayMs, { energyWh: 1 }),
          lampRow(midnight - 301 * dayMs, { energyWh: 0 }),
          lampRow(midnight, { energyWh: 9 }, { device: 'pju-00002' }),
          lampRow(midnight + 1, { online: true }, { measurement: 'status' }),
        ])
        const expected = { time: midnight - 300 * dayMs, values: { energyWh: 1 } }
        expect(await store.latest('streetlight', 'pju-00001')).toEqual(expected)
        const reopened = await openAgain()
        expect(await reopened.latest('streetlight', 'pju-00001')).toEqual(expected)
        await write(reopened, [lampRow(midnight - 200 * dayMs, { energyWh: 2 })])
        expect((await reopened.latest('streetlight', 'pju-00001'))?.values).toEqual({ energyWh: 2 })
      })
    })

    describe('all devices at once', () => {
      const [one, two] = ['cctv-1', 'cctv-2']
      const hourMs = 3_600_000
      const camera = (device: string, tsMs: number, fields: Row['fields'], more: Partial<Row> = {}) =>
        lampRow(tsMs, fields, { measurement: 'camera', device, ...more })
      const seen = (device: string, tsMs: number, rule: string, sub = 0) =>
        lampRow(tsMs, { rule, count: 7 }, { measurement: 'camera_event', device, sub })
      const time = { from: midnight, to: midnight + hourMs }

      test('have the newest row of the time, of one that moved as well, and no older values with it', async () => {
        const store = await open()
        await write(store, [
          camera(one, midnight - 1, { fps: 9 }),
          camera(one, midnight, { fps: 24, recording: true }),
          camera(one, midnight + 5, { fps: 25 }, { district: 'setu' }),
          camera(one, midnight + 6, { temperatureC: 40 }),
          camera(two, midnight + 1, { fps: 12, recording: false }),
          camera('cctv-3', midnight + hourMs, { fps: 1 }),
        ])
        const newest = await store.newest({ measurement: 'camera', fields: ['fps', 'recording'], ...time })
        expect([...newest].toSorted(([a], [b]) => (a < b ? -1 : 1))).toEqual([
          [one, { time: midnight + 5, values: { fps: 25 } }],
          [two, { time: midnight + 1, values: { fps: 12, recording: false } }],
        ])
      })

      test('have the oldest row of the time in the same way', async () => {
        const store = await open()
        await write(store, [
          camera(one, midnight - 1, { fps: 9 }),
          camera(one, midnight + 5, { fps: 25 }, { district: 'setu' }),
          camera(one, midnight + 6, { fps: 26, recording: true }),
          camera(one, midnight, { temperatureC: 40 }),
          camera(two, midnight, { recording: false }),
          camera(two, midnight + 1, { fps: 12, recording: true }),
        ])
        const oldest = await store.oldest({ measurement: 'camera', fields: ['fps', 'recording'], ...time })
        expect([...oldest].toSorted(([a], [b]) => (a < b ? -1 : 1))).toEqual([
          [one, { time: midnight + 5, values: { fps: 25 } }],
          [two, { time: midnight, values: { recording: false } }],
        ])
      })

      test('have what each has in buckets', async () => {
        const store = await open()
        await write(store, [
          camera(one, midnight, { bitrateKbps: 1_000 }),
          camera(one, midnight + 1, { bitrateKbps: 3_000 }, { district: 'setu' }),
          camera(one, midnight + 30 * minute, { bitrateKbps: 5_000 }),
          camera(two, midnight + minute, { bitrateKbps: 100 }),
          camera(two, midnight + 2 * minute, { fps: 1 }),
        ])
        const query = { measurement: 'camera', fields: ['bitrateKbps'], ...time, everyMs: 15 * minute } as const
        const histories = await store.histories(query)
        expect(histories.get(one)).toEqual([
          { time: midnight, values: { bitrateKbps: 2_000 } },
          { time: midnight + 30 * minute, values: { bitrateKbps: 5_000 } },
        ])
        for (const device of [one, two]) {
          const whole = { ...query, device, limit: 100 }
          expect(histories.get(device)).toEqual(await store.history(whole))
        }
        expect(histories.size).toBe(2)
      })

      test('have how often each value came, by bucket', async () => {
        const store = await open()
        await write(store, [
          seen(one, midnight - 1, 'loitering'),
          seen(one, midnight, 'loitering'),
          seen(one, midnight, 'loitering', 1),
          seen(one, midnight + 20 * minute, 'loitering'),
          seen(one, midnight + 1, 'line-crossing'),
          seen(two, midnight + 2, 'line-crossing'),
          seen(two, midnight + 3, 'motion'),
        ])
        const values = ['loitering', 'line-crossing', `it's none`]
        const query = { measurement: 'camera_event', field: 'rule', values, ...time, everyMs: 15 * minute } as const
        const counts = await store.counts(query)
        const sorted = counts.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
        expect(sorted).toEqual([
          { device: one, value: 'line-crossing', time: midnight, count: 1 },
          { device: one, value: 'loitering', time: midnight, count: 2 },
          { device: one, value: 'loitering', time: midnight + 15 * minute, count: 1 },
          { device: two, value: 'line-crossing', time: midnight, count: 1 },
        ])
      })

      test('have nothing where there is nothing, and what is no text is not counted', async () => {
        const store = await open()
        expect((await store.newest({ measurement: 'camera', fields: ['fps'], ...time })).size).toBe(0)
        expect((await store.oldest({ measurement: 'camera', fields: ['fps'], ...time })).size).toBe(0)
        const query = { measurement: 'camera_event', field: 'rule', values: ['motion'], ...time, everyMs: 1 } as const
        expect(await store.counts(query)).toEqual([])
        for (const wrong of [{ field: 'count' }, { values: [] }, { everyMs: 0 }]) {
          await expect(store.counts({ ...query, ...wrong })).rejects.not.toHaveProperty('code')
        }
      })
    })

    test('is available', async () => {
      const store = await open()
      expect(await store.unavailable()).toBeUndefined()
    })
  })
}

/** For a store that keeps its consumers' cursors and takes staged rows back. */
export function transactionalContract(name: string, makeHarness: () => Promise<Harness>): void {
  describe(`transactional store contract: ${name}`, () => {
    const { harness, open } = managed(makeHarness)

    test('what was taken back is not there, whatever is committed later', async () => {
      const store = await open()
      await write(store, [lampRow(midnight, { energyWh: 1 })])
      const staged = await store.stage('test', [
        lampRow(midnight + 5, { energyWh: 2 }),
        lampRow(midnight + 5, { energyWh: 2 }, { device: 'pju-00002' }),
      ])
      await staged.rollback()
      await write(store, [lampRow(midnight - 5, { energyWh: 0 })])
      expect(await energyOf(store)).toEqual([0, 1])
      expect((await store.latest('streetlight', 'pju-00001'))?.values).toEqual({ energyWh: 1 })
      expect(await store.latest('streetlight', 'pju-00002')).toBeUndefined()
    })

    test('the same reading from another district is still one', async () => {
      const { open: openAgain } = await harness()
      const store = await openAgain()
      const rows = [1, 2, 3].map((energyWh) => lampRow(midnight + energyWh, { energyWh }))
      await write(store, rows)
      const moved = rows.map((row) => ({ ...row, district: 'pamulang' }))
      expect(await write(store, moved)).toMatchObject({ stored: 0, collapsed: 3 })
      await write(store, [lampRow(midnight + 4, { energyWh: 4 }, { district: 'pamulang' })])
      const reopened = await openAgain()
      expect(await write(reopened, moved)).toMatchObject({ stored: 0, collapsed: 3 })
      expect(await energyOf(reopened)).toEqual([1, 2, 3, 4])
    })

    test('rows and progress are there together, or not at all', async () => {
      const store = await open()
      const progress: StoreProgress = {
        cursor: { epoch: 'b6c8', position: 9_007_199_254_740_991, ordinal: 123_456_789_012 },
        counts: { written: 5, deadLettered: 4, stored: 3, collapsed: 2, refused: 1 },
      }
      expect(await store.progress('test')).toBeUndefined()
      const staged = await store.stage('test', [lampRow(midnight, { energyWh: 1 })])
      expect(await energyOf(store)).toEqual([])
      expect(await store.progress('test')).toBeUndefined()
      await staged.commit(progress)
      expect(await energyOf(store)).toEqual([1])
      expect(await store.progress('test')).toEqual(progress)
      expect(await store.progress('another')).toBeUndefined()

      const taken = await store.stage('test', [lampRow(midnight + 1, { energyWh: 2 })])
      await taken.rollback()
      expect(await store.progress('test')).toEqual(progress)
      expect(await energyOf(store)).toEqual([1])
    })

    test('rows and the progress of each consumer are there after opening again', async () => {
      const { open: openAgain } = await harness()
      const store = await openAgain()
      await (await store.stage('one', [lampRow(midnight, { energyWh: 1 })])).commit(progressAt(1))
      await (await store.stage('two', [lampRow(midnight + 1, { energyWh: 2 })])).commit(progressAt(2))
      await (await store.stage('one', [lampRow(midnight + 2, { energyWh: 3 })])).commit(progressAt(3))
      const reopened = await openAgain()
      expect(await reopened.progress('one')).toEqual(progressAt(3))
      expect(await reopened.progress('two')).toEqual(progressAt(2))
      expect(await energyOf(reopened)).toEqual([1, 2, 3])
    })
  })
}

/** A value of the type, different for each field. */
function sample(type: 'number' | 'boolean' | 'string', index: number): FieldValue {
  if (type === 'number') return index % 2 === 0 ? index : index / 8
  return type === 'boolean' ? index % 2 === 0 : `text ${index}`
}
