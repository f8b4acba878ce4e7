// Dead letters over the API: listed, counted, sent again; and the state of the whole system.
import type { DeadLetterPage, DeadLetterSummary, ListedDeadLetter, ReplayResult } from '@ronda/contracts/dead-letter'
import { decodeRecord } from '@ronda/backbone/record-codec'
import type { SystemState } from '@ronda/contracts/system'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import { type Harness, problem, startHarness, topicOf } from './harness.ts'

let harness: Harness
beforeEach(async () => {
  harness = await startHarness()
})
afterEach(() => harness.end())

const path = '/api/v1/dead-letters'

async function list(query = ''): Promise<ListedDeadLetter[]> {
  return (await harness.request<DeadLetterPage>('GET', `${path}?${query}`)).body.deadLetters
}

async function replay(body: object): Promise<ReplayResult> {
  const { status, body: result } = await harness.request<ReplayResult>('POST', `${path}/replay`, body)
  expect(status).toBe(200)
  return result
}

async function rowsOf(device: string, query = 'fields=powerW'): Promise<unknown[]> {
  const { body } = await harness.request<{ rows: unknown[] }>('GET', `/api/v1/devices/${device}/history?${query}`)
  return body.rows
}

const seqs = (letters: readonly ListedDeadLetter[]) => letters.map(({ object }) => object?.['seq'])

describe('the list', () => {
  test('goes from either end, page by page, of a reason or a device', async () => {
    await harness.register('pju-1')
    for (let seq = 0; seq < 7; seq++) await harness.publish(topicOf('pju-1'), { seq, dimPct: 500 })
    await harness.publish(topicOf('pju-2'), { seq: 7 })
    await harness.settled()
    expect(seqs(await list())).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(seqs(await list('order=newest'))).toEqual([7, 6, 5, 4, 3, 2, 1, 0])
    expect(seqs(await list('order=newest&code=field_invalid&limit=2'))).toEqual([6, 5])
    expect(seqs(await list('order=newest&device=pju-2'))).toEqual([7])

    for (const order of ['oldest', 'newest']) {
      const found: unknown[] = []
      let cursor = ''
      for (let pages = 0; pages < 9; pages++) {
        const { body } = await harness.request<DeadLetterPage>(
          'GET',
          `${path}?order=${order}&limit=3&code=field_invalid${cursor}`,
        )
        found.push(...seqs(body.deadLetters))
        if (body.next === undefined) break
        cursor = `&cursor=${body.next}`
      }
      expect(new Set(found)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]))
      expect(found).toHaveLength(7)
    }
  })

  test('is summed up by reason, and each has an address', async () => {
    await harness.register('pju-1')
    await harness.publish(topicOf('pju-1'), [{ dimPct: 500 }, { dimPct: 501 }, { dimPct: 1 }])
    await harness.publish(topicOf('pju-1'), new TextEncoder().encode('{'))
    await harness.settled()
    const { body } = await harness.request<DeadLetterSummary>('GET', `${path}/summary`)
    const [last] = await list('order=newest')
    expect(body).toMatchObject({ counted: 3, complete: true, newest: last?.cursor })
    expect(body.reasons.map(({ code, count, stored, replayable }) => [code, count, stored, replayable])).toEqual([
      ['field_invalid', 2, 0, 2],
      ['payload_not_json', 1, 0, 0],
    ])
    const one = await harness.request<ListedDeadLetter>('GET', `${path}/${last?.cursor}`)
    expect(one.body).toEqual(last)
    expect(last).toMatchObject({ code: 'payload_not_json', replayable: false, raw: { text: '{' } })
    expect(problem(await harness.request('GET', `${path}/4`)).code).toBe('not_found')
    expect(await harness.request('GET', `${path}/summary`)).toMatchObject({ status: 200 })
  })

  test('of a supervisor is without content, also one by one', async () => {
    await harness.publish(topicOf('pju-2'), { powerW: 12 })
    await harness.settled()
    const supervisor = await harness.signIn('supervisor')
    const [letter] = await list()
    const { body } = await harness.request('GET', `${path}/${letter?.cursor}`, undefined, supervisor)
    expect(body).toMatchObject({ code: 'unknown_device', replayable: true })
    expect(JSON.stringify(body)).not.toContain('powerW')
  })
})

describe('sent again', () => {
  test('what was of an unknown device is stored once, however often it is sent', async () => {
    const at = Date.now() - 3_600_000
    for (const powerW of [1, 2, 2]) await harness.publish(topicOf('pju-2'), { powerW }, { receivedAt: at })
    await harness.publish(topicOf('pju-2', 'status'), { online: true }, { receivedAt: at, type: 'status' })
    await harness.settled()
    await harness.register('pju-2')
    const first = await replay({ code: 'unknown_device' })
    expect(first).toMatchObject({ replayed: 4, accepted: 4, refused: 0, already: 0, skipped: 0, waiting: 0 })
    expect(first.next).toBeUndefined()
    expect(await replay({ code: 'unknown_device' })).toMatchObject({ replayed: 0, already: 4 })
    expect((await list()).map(({ replayable, replay: last }) => [replayable, last?.stored, last?.by])).toEqual(
      Array.from({ length: 4 }, () => [false, 1, 'admin']),
    )

    // Killed before what came of it was written, it may be sent once more: it is the same row.
    const outcomes = await harness.backbone.bucket('dead-letter-replays').list()
    const writes = outcomes.map(({ key }) => ({ bucket: 'dead-letter-replays', key, value: undefined }) as const)
    await harness.backbone.commit({ writes })
    expect(await replay({ code: 'unknown_device' })).toMatchObject({ replayed: 4, accepted: 4 })
    const ledger = await harness.settled()
    expect(ledger).toMatchObject({ accepted: 12, written: 8, deadLettered: 4, balanced: true })
    expect(ledger.readings).toMatchObject({ stored: 4, collapsed: 4, refused: 4 })
    // Two of the three readings say the same: without a time of their own they are two all the same.
    const span = `from=${at - 1_000}&to=${at + 1_000}`
    expect(await rowsOf('pju-2', `fields=powerW&${span}`)).toHaveLength(3)
  })

  test('what is refused again keeps its one letter, which says why', async () => {
    await harness.register('pju-1')
    await harness.publish(topicOf('pju-1'), [{ dimPct: 500 }, { dimPct: 'much' }])
    const kept = [{ powerW: 1 }, { dimPct: 500 }, { powerW: 3 }]
    await harness.publish(topicOf('pju-2'), kept)
    await harness.settled()
    await harness.register('pju-2')
    const cursors = (await list()).map(({ cursor }) => cursor)
    const result = await replay({ cursors: cursors.toReversed() })
    expect(result).toMatchObject({ replayed: 3, accepted: 0, refused: 3 })
    expect(result.reasons).toEqual([{ code: 'field_invalid', count: 3 }])
    const letters = await list()
    expect(letters.map(({ cursor }) => cursor)).toEqual(cursors)
    expect(letters.map(({ replay: last }) => [last?.stored, last?.refused])).toEqual([
      [0, 1],
      [0, 1],
      [2, 1],
    ])
    expect(letters[2]).toMatchObject({ code: 'unknown_device', replayable: true, replay: { code: 'field_invalid' } })
    expect(letters[2]?.replay?.field).toBe('dimPct')
    expect(await replay({ cursors })).toMatchObject({ replayed: 3, refused: 3 })
    expect(await rowsOf('pju-2')).toHaveLength(2)
    expect(await harness.settled()).toMatchObject({ balanced: true, pending: 0 })
  })

  test('it goes in the order of the log, also when two send it at once', async () => {
    for (let seq = 0; seq < 30; seq++) await harness.publish(topicOf('pju-2'), { seq, powerW: seq })
    await harness.settled()
    await harness.register('pju-2')
    const cursors = (await list()).map(({ cursor }) => cursor)
    const [one, other] = await Promise.all([replay({ cursors: cursors.toReversed() }), replay({ cursors })])
    expect(one.replayed + other.replayed).toBe(30)
    expect(one.already + other.already).toBe(30)
    const entries = await harness.backbone.stream('log').read(0, { records: 10_000, bytes: 1e8 })
    const sent = entries.map(({ record }) => decodeRecord(record)).filter(({ replayOf }) => replayOf !== undefined)
    const places = sent.map(({ replayOf }) => replayOf?.position ?? 0)
    expect(places).toHaveLength(30)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  })

  test('of a whole reason it goes on to where it was asked for, and not to what comes meanwhile', async () => {
    const many = Array.from({ length: 500 }, (_, seq) => ({ seq, dimPct: 500 }))
    await harness.register('pju-1')
    await harness.publish(topicOf('pju-1'), many)
    await harness.publish(topicOf('pju-1'), many.slice(0, 100))
    await harness.settled()
    const { newest = '' } = (await harness.request<DeadLetterSummary>('GET', `${path}/summary`)).body
    await harness.publish(topicOf('pju-1'), { seq: 999, dimPct: 500 })
    await harness.settled()
    const first = await replay({ code: 'field_invalid', until: newest })
    expect(first).toMatchObject({ replayed: 500, refused: 500 })
    const second = await replay({ code: 'field_invalid', until: newest, from: first.next })
    expect(second).toMatchObject({ replayed: 100, refused: 100 })
    expect(second.next).toBeUndefined()
    const [last] = await list('order=newest&limit=1')
    expect(last?.object?.['seq']).toBe(999)
    expect(last?.replay).toBeUndefined()
  })

  test('it says nothing to the detector of how the device is now', async () => {
    const detectorHasPassed = async () => {
      const head = (await harness.backbone.stream('log').head()).position
      await vi.waitFor(async () => {
        expect((await harness.backbone.checkpoint('detector'))?.position).toBeGreaterThanOrEqual(head)
      }, within)
    }
    await harness.publish(topicOf('cctv-1', 'telemetry', 'camera'), { signalLoss: true, fps: 0 })
    await harness.settled()
    await detectorHasPassed()
    await harness.register('cctv-1', { kind: 'camera' })
    expect(await replay({ code: 'unknown_device' })).toMatchObject({ accepted: 1 })
    await detectorHasPassed()
    const { body } = await harness.request<{ faults: unknown[] }>('GET', '/api/v1/faults?device=cctv-1')
    expect(body.faults).toEqual([])
  })

  test('who did it is in the audit trail, and what does not exist is refused', async () => {
    await harness.publish(topicOf('pju-2'), { powerW: 1 })
    await harness.settled()
    await replay({ code: 'unknown_device' })
    const { body } = await harness.request<{ entries: { who: string; did: string; what: string }[] }>(
      'GET',
      '/api/v1/audit',
    )
    const entry = body.entries.find(({ did }) => did === 'replayed dead letters')
    expect(entry).toMatchObject({ who: 'admin', what: expect.stringMatching(/^unknown_device: 1, \d+ to \d+$/) })
    expect(problem(await harness.request('POST', `${path}/replay`, { cursors: ['77'] })).code).toBe('not_found')
    for (const wrong of [{}, { cursors: [] }, { code: 'nonsense' }, { code: 'unknown_device', cursors: ['1'] }]) {
      expect(problem(await harness.request('POST', `${path}/replay`, wrong)).code).toBe('validation_failed')
    }
  })
})

test('the state of the system: the ledger with its trend, services, readers, streams and the disk', async () => {
  await harness.register('pju-1')
  const old = Date.now() - 600_000
  await harness.publish(topicOf('pju-1'), [
    { ts: old, powerW: 1 },
    { powerW: 2, unheardOf: 1 },
  ])
  await harness.publish(topicOf('pju-1'), { dimPct: 500 })
  const settled = await harness.settled()
  const state = await vi.waitFor(async () => {
    const { body } = await harness.request<SystemState>('GET', '/api/v1/system')
    expect(body.readers.map(({ behind }) => behind)).toEqual([0, 0, null])
    return body
  }, within)
  expect(state.ledger).toEqual(settled)
  expect(state.trend.at(-1)).toMatchObject({ accepted: 2, written: 1, deadLettered: 1 })
  expect(state.sinceStart).toMatchObject({ late: 1, undeclared: 1 })
  expect(state.services.map(({ name, state: is }) => [name, is])).toEqual([
    ['broker', 'never'],
    ['ingest', 'up'],
    ['fanout', 'never'],
  ])
  const ingest = state.services.find(({ name }) => name === 'ingest')
  expect(ingest?.memoryBytes).toBeGreaterThan(1e7)
  expect(state.store).toEqual({ kind: 'embedded' })
  expect(state.backbone.streams.map(({ name }) => name)).toContain('dead-letters')
  expect(state.backbone.streams.find(({ name }) => name === 'log')?.bytes).toBeGreaterThan(0)
  const { freeBytes, totalBytes, usedBytes } = state.disk
  expect(usedBytes).toBeGreaterThan(0)
  expect(freeBytes).toBeLessThan(totalBytes)
})
