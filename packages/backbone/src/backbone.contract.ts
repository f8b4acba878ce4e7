// What every driver of the backbone must do. Run by test/embedded.itest.ts.
import { AppError } from '@ronda/contracts/errors'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { type Backbone, type Entry, type Stream, append, openConsumer } from './backbone.ts'

const limit = { records: 1_000, bytes: 1e6 }
const bytes = (text: string) => new TextEncoder().encode(text)
const text = (entry: Entry | undefined) => new TextDecoder().decode(entry?.record)

export interface Harness {
  /** Opens the same backbone again, as another process would; `maxLogBytes` where the test sets it. */
  open(options?: { maxLogBytes?: number }): Backbone
}

export function backboneContract(name: string, makeHarness: () => Harness): void {
  describe(`backbone contract: ${name}`, () => {
    let opened: Backbone[] = []
    function harness(): { open(options?: { maxLogBytes?: number }): Backbone } {
      const made = makeHarness()
      return {
        open(options) {
          const backbone = made.open(options)
          opened.push(backbone)
          return backbone
        },
      }
    }
    afterEach(async () => {
      for (const backbone of opened) await backbone.close()
      opened = []
    })

    describe('stream', () => {
      test('gives back what was appended, in order, with ordinals that count the counted', async () => {
        const log = harness().open().stream('log')
        await Promise.all(['a', 'b', 'c', 'd'].map((each) => append(log, bytes(each), { counted: each !== 'b' })))

        const entries = await log.read(0, limit)

        expect(entries.map(text)).toEqual(['a', 'b', 'c', 'd'])
        expect(entries.map(({ ordinal }) => ordinal)).toEqual([1, 1, 2, 3])
        expect(entries.map(({ counted }) => counted)).toEqual([true, false, true, true])
        expect(await log.head()).toEqual({ epoch: log.epoch, position: entries[3]?.position, ordinal: 3 })
      })

      test('an empty stream has position 0 and ordinal 0', async () => {
        const log = harness().open().stream('log')
        expect(await log.head()).toMatchObject({ position: 0, ordinal: 0 })
        expect(await log.read(0, limit)).toEqual([])
        expect(await log.readLast(3)).toEqual([])
        expect(await log.size()).toEqual({ bytes: 0, oldestAt: undefined })
      })

      test('acknowledges in the order of the appends, with increasing positions', async () => {
        const log = harness().open().stream('log')
        const acknowledged: number[] = []
        const positions: number[] = []
        await new Promise<void>((resolve) => {
          for (let i = 0; i < 10_000; i++) {
            log.append(bytes(String(i)), { counted: true }, (error, position) => {
              expect(error).toBeNull()
              acknowledged.push(i)
              positions.push(position)
              if (i === 9_999) resolve()
            })
          }
        })
        expect(acknowledged).toEqual(Array.from({ length: 10_000 }, (_, i) => i))
        expect(positions).toEqual(positions.toSorted((a, b) => a - b))
        expect(new Set(positions).size).toBe(10_000)
      })

      test('what was acknowledged is there for another process', async () => {
        const { open } = harness()
        const [writer, reader] = [open(), open()]
        const position = await append(writer.stream('log'), bytes('x'), { counted: true })
        const [entry] = await reader.stream('log').read(0, limit)
        expect(entry?.position).toBe(position)
        expect(text(entry)).toBe('x')
      })

      test('several writers share one order without loss', async () => {
        const { open } = harness()
        const logs = [open(), open(), open()].map((backbone) => backbone.stream('log'))
        await Promise.all(
          logs.flatMap((log, writer) =>
            Array.from({ length: 500 }, (_, i) => append(log, bytes(`${writer}-${i}`), { counted: i % 2 === 0 })),
          ),
        )

        const entries = await readAll(logs[0] as Stream)

        expect(entries).toHaveLength(1_500)
        for (const writer of [0, 1, 2]) {
          const own = entries.map(text).filter((each) => each.startsWith(`${writer}-`))
          expect(own).toEqual(Array.from({ length: 500 }, (_, i) => `${writer}-${i}`))
        }
        expect(entries.at(-1)?.ordinal).toBe(750)
        expect(await logs[1]?.head()).toMatchObject({ ordinal: 750 })
      })

      test('any sequence of appends and reads with any limits agrees with a plain array', async () => {
        const backbone = harness().open()
        const log = backbone.stream('log')
        const model: string[] = []
        await fc.assert(
          fc.asyncProperty(
            fc.array(fc.string({ maxLength: 40 }), { minLength: 1, maxLength: 30 }),
            fc.integer({ min: 1, max: 7 }),
            async (records, readSize) => {
              await Promise.all(records.map((record) => append(log, bytes(record), { counted: true })))
              model.push(...records)
              const read: string[] = []
              let after = 0
              for (;;) {
                const entries = await log.read(after, { records: readSize, bytes: 1e6 })
                if (entries.length === 0) break
                expect(entries.length).toBeLessThanOrEqual(readSize)
                for (const entry of entries) {
                  expect(entry.position).toBeGreaterThan(after)
                  after = entry.position
                  read.push(text(entry))
                  expect(entry.ordinal).toBe(read.length)
                }
              }
              expect(read).toEqual(model)
            },
          ),
          { numRuns: 20 },
        )
      })

      test('a batch ends with the record that reaches the limit of bytes', async () => {
        const log = harness().open().stream('log')
        for (const each of ['aaaa', 'bbbb', 'cccc']) await append(log, bytes(each), { counted: true })
        expect(await log.read(0, { records: 100, bytes: 5 })).toHaveLength(2)
      })

      test('what a reader holds stays as it was while others write and trim', async () => {
        const log = harness().open().stream('log')
        await append(log, bytes('keep me'.repeat(2_000)), { counted: true })
        const [held] = await log.read(0, limit)
        for (let i = 0; i < 50; i++) await append(log, bytes('x'.repeat(20_000)), { counted: true })
        await log.trim({ before: Infinity, maxBytes: 0 })
        for (let i = 0; i < 50; i++) await append(log, bytes('y'.repeat(20_000)), { counted: true })
        expect(text(held)).toBe('keep me'.repeat(2_000))
      })

      test('a large record is one record', async () => {
        const log = harness().open().stream('log')
        const large = bytes('z'.repeat(3_000_000))
        await append(log, large, { counted: true })
        const [entry] = await log.read(0, limit)
        expect(entry?.record.length).toBe(3_000_000)
      })

      test('readLast gives the newest, oldest first', async () => {
        const log = harness().open().stream('log')
        for (const each of ['a', 'b', 'c']) await append(log, bytes(each), { counted: true })
        expect((await log.readLast(2)).map(text)).toEqual(['b', 'c'])
        expect((await log.readLast(9)).map(text)).toEqual(['a', 'b', 'c'])
        const [first, , third] = await log.readLast(3)
        expect((await log.readLast(1, third?.position)).map(text)).toEqual(['b'])
        expect((await log.readLast(9, third?.position)).map(text)).toEqual(['a', 'b'])
        expect(await log.readLast(9, first?.position)).toEqual([])
      })

      test('follow delivers what is there, then what comes, from another process too, and ends with its signal', async () => {
        const { open } = harness()
        const [writer, reader] = [open(), open()]
        await append(writer.stream('log'), bytes('before'), { counted: true })
        const stop = new AbortController()
        const seen: string[] = []
        const following = (async () => {
          for await (const entries of reader.stream('log').follow(0, limit, stop.signal))
            seen.push(...entries.map(text))
        })()
        await expect.poll(() => seen).toEqual(['before'])
        await append(writer.stream('log'), bytes('after'), { counted: true })
        await expect.poll(() => seen).toEqual(['before', 'after'])
        stop.abort()
        await following
      })

      test('streams are apart from each other', async () => {
        const backbone = harness().open()
        await append(backbone.stream('log'), bytes('l'), { counted: true })
        await append(backbone.stream('faults'), bytes('f'), { counted: true })
        expect((await backbone.stream('faults').read(0, limit)).map(text)).toEqual(['f'])
        expect(backbone.stream('faults').epoch).not.toBe(backbone.stream('log').epoch)
      })

      test('the epoch survives, and positions and ordinals go on, when it is opened again', async () => {
        const { open } = harness()
        const first = open()
        const { epoch } = first.stream('log')
        const before = await append(first.stream('log'), bytes('a'), { counted: true })
        await first.close()
        const second = open()
        const after = await append(second.stream('log'), bytes('b'), { counted: true })
        expect(second.stream('log').epoch).toBe(epoch)
        expect(after).toBeGreaterThan(before)
        expect(await second.stream('log').head()).toMatchObject({ ordinal: 2 })
      })

      test('a position of another epoch, ahead of the head or trimmed away is refused', async () => {
        const backbone = harness().open()
        const log = backbone.stream('log')
        const first = await append(log, bytes('a'), { counted: true })
        const { epoch } = log
        await expect(log.verify({ epoch, position: first })).resolves.toBeUndefined()
        await expect(log.verify({ epoch: 'another', position: first })).rejects.toMatchObject({
          code: 'position_invalid',
        })
        await expect(log.verify({ epoch, position: first + 1e6 })).rejects.toMatchObject({ code: 'position_invalid' })
        const together = await Promise.all(['b', 'c', 'd'].map((each) => append(log, bytes(each), { counted: true })))
        await append(log, bytes('e'), { counted: true })
        await log.trim({ before: Infinity, maxBytes: 0 })
        const [b = 0, c = 0, d = 0] = together
        for (const position of [0, first, b, c]) {
          await expect(log.verify({ epoch, position })).rejects.toMatchObject({ code: 'position_invalid' })
        }
        // All that followed it is there.
        await expect(log.verify({ epoch, position: d })).resolves.toBeUndefined()
      })
    })

    describe('trimming', () => {
      test('by age: takes what is older, never the head', async () => {
        const log = harness().open().stream('log')
        for (const each of ['a', 'b', 'c']) await append(log, bytes(each), { counted: true })
        expect(await log.trim({ before: 0, maxBytes: Infinity })).toBe(0)
        expect(await log.trim({ before: Infinity, maxBytes: Infinity })).toBeGreaterThan(0)
        expect((await log.read(0, limit)).map(text)).toEqual(['c'])
        expect(await log.head()).toMatchObject({ ordinal: 3 })
      })

      test('by size: keeps about that much', async () => {
        const log = harness().open().stream('log')
        for (let i = 0; i < 20; i++) await append(log, bytes('x'.repeat(1_000)), { counted: true })
        await log.trim({ before: 0, maxBytes: 5_500 })
        const { bytes: kept } = await log.size()
        expect(kept).toBeLessThanOrEqual(5_500)
        expect(kept).toBeGreaterThan(4_000)
      })

      test('never past the slowest consumer', async () => {
        const backbone = harness().open()
        const log = backbone.stream('log')
        const { epoch } = await openConsumer(backbone, 'log', 'slow')
        await openConsumer(backbone, 'log', 'fast')
        const positions: number[] = []
        for (const each of ['a', 'b', 'c', 'd']) positions.push(await append(log, bytes(each), { counted: true }))
        const checkpoint = (consumer: string, index: number) =>
          backbone.commit({
            checkpoint: { consumer, stream: 'log', epoch, position: positions[index] ?? 0, ordinal: index + 1 },
          })
        await checkpoint('fast', 3)
        await log.trim({ before: Infinity, maxBytes: 0 })
        expect((await log.read(0, limit)).map(text)).toEqual(['a', 'b', 'c', 'd'])
        await checkpoint('slow', 1)
        await log.trim({ before: Infinity, maxBytes: 0 })
        expect((await log.read(0, limit)).map(text)).toEqual(['c', 'd'])
      })

      test('at its limit the log makes appends wait, says why, and goes on when there is room', async () => {
        const backbone = harness().open({ maxLogBytes: 10_000 })
        const log = backbone.stream('log')
        let acknowledged = 0
        for (let i = 0; i < 4; i++) await append(log, bytes('x'.repeat(2_500)), { counted: true })
        log.append(bytes('waits'), { counted: true }, (error) => {
          expect(error).toBeNull()
          acknowledged++
        })
        expect(log.blocked?.code).toBe('storage_full')
        expect(acknowledged).toBe(0)
        await log.trim({ before: Infinity, maxBytes: 0 })
        await expect.poll(() => acknowledged).toBe(1)
        expect(log.blocked).toBeUndefined()
      })

      test('closing fails what waits, and acknowledges none of it', async () => {
        const { open } = harness()
        const backbone = open({ maxLogBytes: 100 })
        const log = backbone.stream('log')
        await append(log, bytes('x'.repeat(200)), { counted: true })
        const waiting = Promise.allSettled([append(log, bytes('waits'), { counted: true })])
        await backbone.close()
        expect(await waiting).toMatchObject([{ status: 'rejected', reason: { code: 'shutting_down' } }])
        expect(await open().stream('log').read(0, limit)).toHaveLength(1)
      })
    })

    test('who follows is told when nothing has come for a while', async () => {
      const log = harness().open().stream('log')
      const abort = new AbortController()
      await append(log, bytes('a'), { counted: true })
      const told: string[] = []
      for await (const entries of log.follow(0, limit, abort.signal, 50)) {
        told.push(entries.map(text).join())
        if (told.length === 2) await append(log, bytes('b'), { counted: true })
        if (told.length === 4) abort.abort()
      }
      expect(told).toEqual(['a', '', 'b', ''])
    })

    test('after closing, or while it closes, everything is refused', async () => {
      const backbone = harness().open()
      const log = backbone.stream('log')
      await append(log, bytes('a'), { counted: true })
      const trimming = log.trim({ before: Infinity, maxBytes: 0 })
      await backbone.close()

      const shuttingDown = { code: 'shutting_down' }
      for (const attempt of [
        () => append(log, bytes('b'), { counted: true }),
        () => log.head(),
        () => log.read(0, limit),
        () => log.trim({ before: Infinity, maxBytes: 0 }),
        () => backbone.bucket('devices').list(),
        () => backbone.bucket('sessions').count(),
        () => backbone.bucket('devices').get('pju-1'),
        () => backbone.commit({ writes: [{ bucket: 'devices', key: 'pju-1', value: deviceRow('A') }] }),
      ]) {
        await expect(attempt()).rejects.toMatchObject(shuttingDown)
      }
      await trimming.catch((error: unknown) => expect(error).toMatchObject(shuttingDown))
    })

    describe('buckets and commits', () => {
      const row = (name: string) =>
        ({ name, role: 'operator', createdAt: 0, seenAt: 0, expiresAt: 1, address: '', browser: '' }) as const

      test('keeps, lists in key order, overwrites and deletes', async () => {
        const backbone = harness().open()
        const sessions = backbone.bucket('sessions')
        await backbone.commit({
          writes: ['b', 'a', 'c'].map((key) => ({ bucket: 'sessions', key, value: row(key) }) as const),
        })
        const a = await sessions.get('a')
        expect(a).toEqual({ key: 'a', value: row('a'), revision: expect.any(Number) })
        expect((await sessions.list()).map(({ key }) => key)).toEqual(['a', 'b', 'c'])
        expect((await sessions.list({ after: 'a', limit: 1 })).map(({ key }) => key)).toEqual(['b'])
        expect((await sessions.list({ reverse: true, before: 'c' })).map(({ key }) => key)).toEqual(['b', 'a'])
        await backbone.commit({
          writes: [
            { bucket: 'sessions', key: 'a', value: row('new') },
            { bucket: 'sessions', key: 'b', value: undefined },
          ],
        })
        const renewed = await sessions.get('a')
        expect(renewed?.value.name).toBe('new')
        expect(renewed?.revision).toBeGreaterThan(a?.revision ?? Infinity)
        expect(await sessions.get('b')).toBeUndefined()
        expect((await sessions.list()).map(({ key }) => key)).toEqual(['a', 'c'])
      })

      test('counts what it lists, whether it is watched or not', async () => {
        const backbone = harness().open()
        const put = (key: string, isThere: boolean) =>
          backbone.commit({
            writes: [
              { bucket: 'sessions', key, value: isThere ? row(key) : undefined },
              { bucket: 'devices', key, value: isThere ? deviceRow(key) : undefined },
            ],
          })
        for (const key of ['a', 'b', 'c', 'd', 'e']) await put(key, true)
        await put('c', false)
        for (const bucket of [backbone.bucket('sessions'), backbone.bucket('devices')]) {
          expect(await bucket.count()).toBe(4)
          for (const after of ['a', 'b', 'bb', 'c', 'e', 'f']) {
            expect(await bucket.count({ after })).toBe((await bucket.list({ after })).length)
            for (const before of ['a', 'b', 'dd', 'e', 'f']) {
              const range = { after, before }
              expect(await bucket.count(range), JSON.stringify(range)).toBe((await bucket.list(range)).length)
            }
          }
          expect(await bucket.count({ before: 'e' })).toBe(3)
        }
      })

      test('rows that are written in turns are there all at once', async () => {
        const { open } = harness()
        const [writer, reader] = [open(), open()]
        const count = 3_500
        const seen = new Set<number>()
        const look = async () => seen.add((await reader.bucket('detector-state').list()).length)
        let committed = false
        const rows = (value: unknown) =>
          Array.from({ length: count }, (_, n) => ({ bucket: 'detector-state', key: `${n}`, value }) as const)
        const committing = writer
          .commit({ writes: rows(1), appends: [{ stream: 'faults', records: [Buffer.of(1)] }], inTurns: true })
          .finally(() => (committed = true))
        while (!committed) {
          await look()
          await new Promise((resolve) => setImmediate(resolve))
        }
        await committing
        await look()
        expect([...seen].toSorted((a, b) => a - b)).toEqual([0, count])
        expect(await reader.stream('faults').readLast(2)).toHaveLength(1)
        await writer.commit({ writes: rows(undefined), inTurns: true })
        expect(await reader.bucket('detector-state').list()).toEqual([])
      })

      test('an expected revision is compared and set as one', async () => {
        const { open } = harness()
        const [one, two] = [open(), open()]
        const write = (backbone: Backbone, name: string, expectedRevision: number) =>
          backbone.commit({ writes: [{ bucket: 'devices', key: 'k', value: deviceRow(name), expectedRevision }] })
        await write(one, 'first', 0)
        await expect(write(two, 'second', 0)).rejects.toMatchObject({ code: 'revision_conflict' })
        const { revision } = (await two.bucket('devices').get('k')) ?? { revision: -1 }
        const outcomes = await Promise.allSettled([write(one, 'one', revision), write(two, 'two', revision)])
        expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
      })

      test('a commit is all or nothing', async () => {
        const backbone = harness().open()
        const failing = backbone.commit({
          appends: [{ stream: 'faults', records: [bytes('event')] }],
          writes: [
            { bucket: 'sessions', key: 'written-first', value: row('x') },
            { bucket: 'sessions', key: 'conflicts', value: row('x'), expectedRevision: 7 },
          ],
          checkpoint: { consumer: 'c', stream: 'log', epoch: 'e', position: 1, ordinal: 1 },
        })
        await expect(failing).rejects.toBeInstanceOf(AppError)
        expect(await backbone.bucket('sessions').list()).toEqual([])
        expect(await backbone.stream('faults').read(0, limit)).toEqual([])
        expect(await backbone.checkpoint('c')).toBeUndefined()
      })

      test('appends, rows and the checkpoint of a commit are there together', async () => {
        const { open } = harness()
        const backbone = open()
        await backbone.commit({
          appends: [{ stream: 'faults', records: [bytes('one'), bytes('two')] }],
          writes: [{ bucket: 'sessions', key: 'a', value: row('x') }],
          checkpoint: { consumer: 'c', stream: 'log', epoch: 'e', position: 5, ordinal: 2, data: { any: 'thing' } },
        })
        await append(backbone.stream('faults'), bytes('three'), { counted: true })
        const other = open()
        const events = await other.stream('faults').read(0, limit)
        expect(events.map(text)).toEqual(['one', 'two', 'three'])
        expect(events.map(({ ordinal }) => ordinal)).toEqual([1, 2, 3])
        expect(await other.checkpoint('c')).toEqual({
          stream: 'log',
          epoch: 'e',
          position: 5,
          ordinal: 2,
          data: { any: 'thing' },
        })
      })

      test('a watch gives the rows, then every change in order, deletions too, from another process', async () => {
        const { open } = harness()
        const [writer, watcher] = [open(), open()]
        const put = (key: string, name: string | undefined) =>
          writer.commit({
            writes: [{ bucket: 'devices', key, value: name === undefined ? undefined : deviceRow(name) }],
          })
        await put('a', 'first')
        const stop = new AbortController()
        const { rows, changes } = await watcher.bucket('devices').watch(stop.signal)
        expect(rows.map(({ key }) => key)).toEqual(['a'])
        const seen: string[] = []
        const watching = (async () => {
          for await (const batch of changes)
            for (const { key, value } of batch) seen.push(`${key}=${value?.device.name}`)
        })()
        await put('b', 'new')
        await expect.poll(() => seen).toEqual(['b=new'])
        await put('a', 'changed')
        await put('b', undefined)
        await expect.poll(() => seen).toEqual(['b=new', 'a=changed', 'b=undefined'])
        stop.abort()
        await watching
      })

      test('a key that was deleted can be written again, as if it had not been there', async () => {
        const backbone = harness().open()
        const put = (name: string | undefined, expectedRevision: number) =>
          backbone.commit({
            writes: [
              {
                bucket: 'devices',
                key: 'k',
                value: name === undefined ? undefined : deviceRow(name),
                expectedRevision,
              },
            ],
          })
        await put('first', 0)
        const { revision } = (await backbone.bucket('devices').get('k')) ?? { revision: -1 }
        await put(undefined, revision)
        await put('again', 0)
        expect((await backbone.bucket('devices').get('k'))?.value.device.name).toBe('again')
      })
    })

    describe('consumers', () => {
      test('a new one starts at the beginning, a known one after its checkpoint', async () => {
        const backbone = harness().open()
        const log = backbone.stream('log')
        const first = await append(log, bytes('a'), { counted: true })
        expect(await openConsumer(backbone, 'log', 'c')).toMatchObject({ position: 0, ordinal: 0 })
        await backbone.commit({
          checkpoint: { consumer: 'c', stream: 'log', epoch: log.epoch, position: first, ordinal: 1 },
        })
        expect(await openConsumer(backbone, 'log', 'c')).toMatchObject({ position: first, ordinal: 1 })
      })

      test('one whose checkpoint is of another data directory, or ahead, is stopped with the reason', async () => {
        const backbone = harness().open()
        const checkpoint = (epoch: string, position: number) =>
          backbone.commit({ checkpoint: { consumer: 'c', stream: 'log', epoch, position, ordinal: 0 } })
        await checkpoint('of-another', 0)
        await expect(openConsumer(backbone, 'log', 'c')).rejects.toMatchObject({ code: 'position_invalid' })
        await checkpoint(backbone.stream('log').epoch, 1e9)
        await expect(openConsumer(backbone, 'log', 'c')).rejects.toMatchObject({ code: 'position_invalid' })
      })
    })
  })
}

async function readAll(stream: Stream): Promise<Entry[]> {
  const all: Entry[] = []
  for (;;) {
    const entries = await stream.read(all.at(-1)?.position ?? 0, limit)
    if (entries.length === 0) return all
    all.push(...entries)
  }
}

function deviceRow(name: string) {
  return {
    tokenSha256: '',
    device: {
      id: 'pju-1',
      uid: '0123456789',
      kind: 'streetlight',
      name,
      latitude: 0,
      longitude: 0,
      district: 'serpong',
      supply: 'permanent',
      intervalS: 60,
      zone: 'main',
      enabled: true,
      revision: 1,
    },
  } as const
}
