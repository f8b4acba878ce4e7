import type { DeadLetter } from '@ronda/contracts/dead-letter'
import type { Fault } from '@ronda/contracts/fault'
import type { PastStandings } from '@ronda/contracts/past-standing'
import { makeFault } from '@ronda/contracts/testing/make-fault'
import { encodeJson } from '@ronda/backbone/record-codec'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import { archiveKey } from '../src/fault-archive.ts'
import { type Answer, type Harness, problem, startHarness, topicOf } from './harness.ts'

let harness: Harness
beforeEach(async () => {
  harness = await startHarness()
})
afterEach(() => harness.end())

interface History {
  rows: { time: number; values: Record<string, unknown> }[]
}

interface Latest {
  telemetry?: { time: number; values: Record<string, unknown>; backlog?: true }
  unknownSince?: number
}

const historyOf = async (id: string, query = '') =>
  (await harness.request<History>('GET', `/api/v1/devices/${id}/history?${query}`)).body.rows

const deadLetters = async () =>
  (await harness.request<{ deadLetters: (DeadLetter & { cursor: string })[] }>('GET', '/api/v1/dead-letters')).body
    .deadLetters

describe('history', () => {
  test('readings are stored where and when they were measured, with what was declared and no more', async () => {
    await harness.register('pju-1')
    const ts = Date.now() - 60_000
    await harness.publish(topicOf('pju-1'), {
      ts,
      sentAt: ts + 5,
      seq: 3,
      powerW: 87.4,
      faults: ['lamp_failure'],
      owner: 'A Person',
    })
    expect(await harness.settled()).toMatchObject({
      accepted: 1,
      written: 1,
      balanced: true,
      readings: { stored: 1, refused: 0 },
    })
    const [row, ...more] = await historyOf('pju-1')
    expect(more).toEqual([])
    expect(row).toMatchObject({ time: ts, values: { powerW: 87.4, sentAt: ts + 5, seq: 3, faults: 'lamp_failure' } })
    expect(JSON.stringify(row)).not.toContain('A Person')
    const { body } = await harness.request('GET', '/metrics')
    expect(body).toMatch(/^ronda_undeclared_keys 1$/m)
  })

  test('equal readings are one, different ones of a millisecond two, and those without a time each their own', async () => {
    await harness.register('pju-1')
    const ts = Date.now() - 1_000
    for (const payload of [
      { ts, powerW: 1 },
      { ts, powerW: 1, sentAt: ts + 9 },
      { ts, powerW: 2 },
      { powerW: 3 },
      { powerW: 3 },
    ]) {
      await harness.publish(topicOf('pju-1'), payload)
    }
    expect(await harness.settled()).toMatchObject({ written: 5, readings: { stored: 4, collapsed: 1 } })
    expect(
      (await historyOf('pju-1', 'fields=powerW')).map(({ values }) => Number(values.powerW)).toSorted((a, b) => a - b),
    ).toEqual([1, 2, 3, 3])
  })

  test('a time in the future is replaced by the time of receiving, and says so', async () => {
    await harness.register('pju-1')
    const before = Date.now()
    await harness.publish(topicOf('pju-1'), { ts: before + 86_400_000, powerW: 1 })
    await harness.settled()
    const [row] = await historyOf('pju-1')
    expect(row?.values).toMatchObject({ powerW: 1, tsReplaced: true })
    expect(row?.time).toBeGreaterThanOrEqual(before)
    expect(row?.time).toBeLessThan(before + 60_000)
  })

  test('camera metadata and status have tables of their own', async () => {
    await harness.register('cctv-1', { kind: 'camera' })
    await harness.publish(topicOf('cctv-1', 'event', 'camera'), {
      ts: Date.now(),
      rule: 'line-crossing',
      objectClass: 'car',
      count: 2,
    })
    await harness.publish(topicOf('cctv-1', 'status', 'camera'), { online: true })
    await harness.settled()
    expect(
      (await historyOf('cctv-1', 'channel=event&fields=rule,objectClass,count')).map(({ values }) => values),
    ).toEqual([{ rule: 'line-crossing', objectClass: 'car', count: 2 }])
    expect((await historyOf('cctv-1', 'channel=status&fields=online,will')).map(({ values }) => values)).toEqual([
      { online: true, will: false },
    ])
  })

  test('of the connection tells which one each word came through, the newest first', async () => {
    await harness.register('pju-1')
    const at = Date.now() - 60_000
    const say = (online: boolean, agoMs: number, connectedAt: number) =>
      harness.publish(
        topicOf('pju-1', 'status'),
        { online },
        { receivedAt: at + agoMs, session: { connectedAt, number: 1 }, will: !online },
      )
    await say(true, 5, at)
    await say(false, 20_000, at)
    await say(true, 30_010, at + 30_000)
    await harness.settled()
    const rows = await historyOf('pju-1', 'channel=status&fields=online,will,connectedAt&first=newest&limit=2')
    expect(rows).toEqual([
      { time: at + 30_010, values: { online: true, will: false, connectedAt: at + 30_000 } },
      { time: at + 20_000, values: { online: false, will: true, connectedAt: at } },
    ])
  })

  test('buckets, ranges and fields as asked for, and what cannot be asked', async () => {
    await harness.register('pju-1')
    const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 3_600_000
    await harness.publish(
      topicOf('pju-1'),
      [10, 20, 60].map((powerW, i) => ({ ts: hour + i * 600_000, powerW, dimPct: 100 })),
    )
    await harness.settled()
    expect(await historyOf('pju-1', `fields=powerW&every=30m&from=${hour}&to=${hour + 3_600_000}`)).toEqual([
      { time: hour, values: { powerW: 30 } },
    ])
    expect(await historyOf('pju-1', `fields=powerW&from=${new Date(hour + 600_000).toISOString()}&limit=1`)).toEqual([
      { time: hour + 600_000, values: { powerW: 20 } },
    ])
    for (const wrong of ['fields=colour', 'every=soon', 'from=yesterday', 'limit=0', 'channel=event']) {
      const answer = await harness.request('GET', `/api/v1/devices/pju-1/history?${wrong}`)
      expect(answer.status, wrong).toBe(400)
      expect(problem(answer).code).toBe('validation_failed')
    }
  })

  test('latest says so when it had waited for too long to tell how the device is', async () => {
    await harness.register('pju-1')
    const now = Date.now()
    const latest = async () => {
      await harness.settled()
      return (await harness.request<Latest>('GET', '/api/v1/devices/pju-1/latest')).body.telemetry
    }
    await harness.publish(topicOf('pju-1'), { ts: now - 3_600_000, sentAt: now, powerW: 1 })
    expect(await latest()).toMatchObject({ time: now - 3_600_000, backlog: true })
    await harness.publish(topicOf('pju-1'), { ts: now - 1_000, sentAt: now, powerW: 2 })
    expect(await latest()).toMatchObject({ time: now - 1_000, values: { powerW: 2 } })
    expect(await latest()).not.toHaveProperty('backlog')
  })

  test('of a device whose source is down: not known since then', async () => {
    await harness.register('pju-1')
    const heardAt = Date.now() - 60_000
    await harness.publish(topicOf('pju-1'), { powerW: 1 }, { receivedAt: heardAt, source: 'broker-1' })
    await vi.waitFor(async () => {
      const { body } = await harness.request<Latest>('GET', '/api/v1/devices/pju-1/latest')
      expect(body).toMatchObject({ telemetry: { values: { powerW: 1 } }, unknownSince: expect.any(Number) })
    }, within)
  })

  test('latest is the newest by time of measurement, whatever comes late', async () => {
    await harness.register('pju-1')
    const ts = Date.now() - 10_000
    await harness.publish(topicOf('pju-1'), { ts, powerW: 2 })
    await harness.publish(topicOf('pju-1'), { ts: ts - 5_000, powerW: 1 })
    await harness.settled()
    const { body } = await harness.request('GET', '/api/v1/devices/pju-1/latest')
    expect(body).toMatchObject({ device: 'pju-1', telemetry: { time: ts, values: { powerW: 2 } } })
    await harness.register('pju-2')
    expect((await harness.request('GET', '/api/v1/devices/pju-2/latest')).body).toEqual({ device: 'pju-2' })
    expect((await harness.request('GET', '/api/v1/devices/pju-9/latest')).status).toBe(404)
  })
})

describe('how a device was', () => {
  const pastOf = async (id: string, query = '') =>
    (await harness.request<PastStandings>('GET', `/api/v1/devices/${id}/standings?${query}`)).body.periods

  test('is told of what it reported and of its faults, and of the rest that it is not known', async () => {
    const { device } = await harness.register('pju-1', { intervalS: 60 })
    const hour = 3_600_000
    const now = Date.now()
    const tick = (ms: number) => Math.floor(ms / 300_000) * 300_000
    // An hour of readings, half an hour late, twice.
    const measured = Array.from({ length: 61 }, (_, i) => now - 5 * hour + i * 60_000)
    for (const receivedAt of [now - 3.5 * hour, now - 3 * hour]) {
      await harness.publish(
        topicOf('pju-1'),
        measured.map((ts) => ({ ts, powerW: 40 })),
        { receivedAt },
      )
    }
    await harness.settled()
    const closed = makeFault({
      uid: device.uid,
      id: `${device.uid}.lamp_failure.1`,
      raisedAt: now - 4.5 * hour,
      clearedAt: now - 4.25 * hour,
      closedAt: now - 2 * hour,
      active: false,
    })
    const open = makeFault({
      uid: device.uid,
      id: `${device.uid}.comm_loss.1`,
      code: 'comm_loss',
      raisedAt: now - hour,
    })
    const rowOf = (fault: Fault) => ({
      fault,
      trail: [],
      periods: [{ raisedAt: fault.raisedAt, ...(fault.clearedAt === undefined ? {} : { clearedAt: fault.clearedAt }) }],
      droppedPeriods: 0,
    })
    await harness.backbone.commit({
      writes: [
        { bucket: 'faults', key: open.id, value: rowOf(open) },
        { bucket: 'faults', key: makeFault().id, value: rowOf(makeFault({ raisedAt: now - 5 * hour })) },
        { bucket: 'fault-archive', key: archiveKey(closed.closedAt ?? 0, closed.id), value: rowOf(closed) },
      ],
    })
    const heardUntil = tick(now - 4 * hour) + 300_000 + 180_000
    expect(await pastOf('pju-1', `from=${now - 6 * hour}&to=${now}`)).toEqual([
      { from: now - 6 * hour, to: tick(now - 5 * hour), standing: 'unheard', faults: [] },
      { from: tick(now - 5 * hour), to: closed.raisedAt, standing: 'working', faults: [] },
      {
        from: closed.raisedAt,
        to: closed.clearedAt,
        standing: 'faulty',
        faults: [{ id: closed.id, code: 'lamp_failure', severity: 'major', message: closed.message }],
      },
      { from: closed.clearedAt, to: heardUntil, standing: 'working', faults: [] },
      { from: heardUntil, to: open.raisedAt, standing: 'unheard', faults: [] },
      { from: open.raisedAt, to: now, standing: 'silent', faults: [expect.objectContaining({ id: open.id })] },
    ])
  })

  test('of what has never reported nothing is known, in the month up to now and never further', async () => {
    await harness.register('pju-1')
    const [period, ...more] = await pastOf('pju-1')
    expect(more).toEqual([])
    expect(period).toMatchObject({ standing: 'unheard', faults: [] })
    expect((period?.to ?? 0) - (period?.from ?? 0)).toBe(30 * 86_400_000)
    const [longest] = await pastOf('pju-1', `from=0&to=${Date.now() + 1e9}`)
    expect((longest?.to ?? 0) - (longest?.from ?? 0)).toBe(31 * 86_400_000)
    expect(longest?.to).toBeLessThanOrEqual(Date.now())
    expect((await harness.request('GET', '/api/v1/devices/pju-9/standings')).status).toBe(404)
  })
})

describe('dead letters', () => {
  test('say the code, the device, the topic, the field and why; the good objects are stored', async () => {
    await harness.register('pju-1')
    const ts = Date.now()
    await harness.publish(topicOf('pju-1'), [
      { ts, powerW: 1 },
      { ts, powerW: 'much', dimPct: 50, owner: 'A Person' },
      { ts: 17, powerW: 2 },
    ])
    expect(await harness.settled()).toMatchObject({
      written: 0,
      deadLettered: 1,
      balanced: true,
      readings: { stored: 1, refused: 2 },
    })
    const letters = await deadLetters()
    expect(letters).toMatchObject([
      {
        code: 'field_invalid',
        device: 'pju-1',
        kind: 'streetlight',
        topic: topicOf('pju-1'),
        principal: 'device:pju-1',
        field: 'powerW',
        n: 1,
        object: { ts, powerW: 'much', dimPct: 50 },
        undeclaredKeys: ['owner'],
      },
      { code: 'ts_implausible', field: 'ts', n: 2, object: { ts: 17, powerW: 2 } },
    ])
    expect(JSON.stringify(letters)).not.toContain('A Person')
    expect(letters[0]?.reason).toMatch(/number/)
  })

  test('of rubbish the length, the hash and the beginning are kept, but nothing of camera metadata', async () => {
    await harness.register('cctv-1', { kind: 'camera' })
    const rubbish = new TextEncoder().encode(`{"secret": ${'x'.repeat(5_000)}`)
    await harness.publish(topicOf('cctv-1', 'telemetry', 'camera'), rubbish)
    await harness.publish(topicOf('cctv-1', 'event', 'camera'), rubbish)
    await harness.settled()
    const [telemetry, event] = await deadLetters()
    expect(telemetry?.raw).toMatchObject({ bytes: rubbish.length, text: expect.stringMatching(/^\{"secret": x+$/) })
    expect(telemetry?.raw?.text).toHaveLength(1_024)
    expect(event?.raw).toEqual({ bytes: rubbish.length, sha256: telemetry?.raw?.sha256 })
  })

  test('of an unknown device can be sent again once it is registered', async () => {
    await harness.publish(topicOf('pju-new'), { ts: Date.now(), powerW: 5 }, { principal: 'device:gw-1' })
    expect(await harness.settled()).toMatchObject({ deadLettered: 1, balanced: true })
    const [letter] = await deadLetters()
    expect(letter).toMatchObject({ code: 'unknown_device', device: 'pju-new', principal: 'device:gw-1' })
    await harness.register('pju-new')
    const answer = await harness.request('POST', '/api/v1/dead-letters/replay', { cursors: [letter?.cursor] })
    expect(answer.body).toMatchObject({ replayed: 1, skipped: 0, accepted: 1, refused: 0 })
    expect(await harness.settled()).toMatchObject({ accepted: 2, written: 1, deadLettered: 1, balanced: true })
    expect(await historyOf('pju-new', 'fields=powerW')).toHaveLength(1)
  })

  test('a gateway’s backlog and a camera’s events of the unknown can be sent again too', async () => {
    const ts = Date.now() - 100_000
    const backlog = Array.from({ length: 100 }, (_, i) => ({ ts: ts + i, powerW: i, owner: 'A Person' }))
    await harness.publish(topicOf('pju-new'), backlog, { principal: 'device:gw-1' })
    await harness.publish(topicOf('cctv-new', 'event', 'camera'), { ts, rule: 'motion' }, { principal: 'device:gw-1' })
    await harness.settled()
    const letters = await deadLetters()
    expect(letters.map(({ code }) => code)).toEqual(['unknown_device', 'unknown_device'])
    expect(JSON.stringify(letters)).not.toContain('A Person')
    await harness.register('pju-new')
    await harness.register('cctv-new', { kind: 'camera' })
    const cursors = letters.map(({ cursor }) => cursor)
    const answer = await harness.request('POST', '/api/v1/dead-letters/replay', { cursors })
    expect(answer.body).toMatchObject({ replayed: 2, skipped: 0, accepted: 2, refused: 0 })
    expect(await harness.settled()).toMatchObject({ written: 2, readings: { stored: 101 } })
    expect(await historyOf('pju-new', 'fields=powerW')).toHaveLength(100)
    expect(await historyOf('cctv-new', 'channel=event&fields=rule')).toHaveLength(1)
  })

  test('large ones are listed in pages that end nowhere but at the end', async () => {
    const backlog = Array.from({ length: 500 }, (_, seq) => ({ seq, faults: Array(30).fill('a_code_of_it') }))
    for (let i = 0; i < 25; i++) await harness.publish(topicOf('pju-new'), backlog)
    await harness.settled()
    let listed = 0
    let next: string | undefined = '0'
    for (let pages = 0; next !== undefined && pages < 25; pages++) {
      const { body }: Answer<{ deadLetters: unknown[]; next?: string }> = await harness.request(
        'GET',
        `/api/v1/dead-letters?cursor=${next}`,
      )
      listed += body.deadLetters.length
      next = body.next
    }
    expect(listed).toBe(25)
  })

  test('of what is nested without end is one as any other', async () => {
    await harness.register('pju-1')
    const depth = 100_000
    const nested = new TextEncoder().encode(`{"powerW":${'['.repeat(depth)}${']'.repeat(depth)}}`)
    await harness.publish(topicOf('pju-1'), nested)
    await harness.publish(topicOf('pju-1'), { powerW: 1 })
    expect(await harness.settled()).toMatchObject({ written: 1, deadLettered: 1, balanced: true })
    expect(await deadLetters()).toMatchObject([{ code: 'field_invalid', field: 'powerW' }])
  })

  test('are for administrators, and who reads them is remembered', async () => {
    await deadLetters()
    const [entry] = await harness.backbone.stream('audit').readLast(1)
    expect(new TextDecoder().decode(entry?.record)).toContain('"did":"read dead letters"')
  })
})

test('after a restart it goes on where it was: nothing twice, nothing lost, the ledger balanced', async () => {
  await harness.register('pju-1')
  const ts = Date.now() - 100_000
  for (let i = 0; i < 50; i++)
    await harness.publish(topicOf('pju-1'), i % 10 === 0 ? 'rubbish' : { ts: ts + i, powerW: i })
  const before = await harness.settled()
  await harness.restart()
  expect(await harness.settled()).toEqual(before)
  for (let i = 50; i < 60; i++) await harness.publish(topicOf('pju-1'), { ts: ts + i, powerW: i })
  expect(await harness.settled()).toMatchObject({
    accepted: 60,
    written: 55,
    deadLettered: 5,
    balanced: true,
    readings: { stored: 55 },
  })
  expect(await deadLetters()).toHaveLength(5)
  expect(await historyOf('pju-1', 'fields=powerW')).toHaveLength(55)
})

test('a historian whose checkpoint is behind its effects does nothing twice', async () => {
  await harness.register('pju-1')
  const checkpoint = await harness.backbone.checkpoint('historian')
  for (let i = 0; i < 10; i++) await harness.publish(topicOf('pju-1'), i < 3 ? 'rubbish' : { powerW: i })
  const before = await harness.settled()
  if (checkpoint === undefined) throw new Error('no checkpoint')
  // As a crash between the store's commit and the checkpoint leaves it.
  await harness.backbone.commit({ checkpoint: { consumer: 'historian', ...checkpoint } })
  await harness.restart()
  expect(await harness.settled()).toEqual(before)
  expect(await deadLetters()).toHaveLength(3)
})

describe('telemetry over HTTP', () => {
  test('a device sends for itself, a gateway for its devices, the administrator for all', async () => {
    const { token } = await harness.register('pju-1')
    const gateway = await harness.register('gw-1', { kind: 'gateway' })
    await harness.register('pju-2', { gateway: 'gw-1' })
    const send = (device: string, bearer?: string) =>
      harness.request(
        'POST',
        '/api/v1/telemetry',
        [{ device, payload: { ts: Date.now(), powerW: 1 } }],
        bearer === undefined ? {} : { authorization: `Bearer ${bearer}` },
      )
    expect(await send('pju-1', token)).toMatchObject({ status: 202, body: { accepted: 1 } })
    expect((await send('pju-2', gateway.token)).status).toBe(202)
    expect((await send('pju-2')).status).toBe(202)
    expect(problem(await send('pju-2', token)).code).toBe('forbidden')
    expect(problem(await send('pju-1', gateway.token)).code).toBe('forbidden')
    expect(problem(await send('pju-9')).code).toBe('forbidden')
    expect(problem(await send('pju-1', 'x'.repeat(43))).code).toBe('unauthenticated')
    expect(await harness.settled()).toMatchObject({ accepted: 3, written: 3, balanced: true })
  })

  test('an array, a camera event; a wrong payload is accepted and becomes a dead letter', async () => {
    await harness.register('cctv-1', { kind: 'camera' })
    const answer = await harness.request('POST', '/api/v1/telemetry', [
      { device: 'cctv-1', payload: [{ fps: 25 }, { fps: -1 }] },
      { device: 'cctv-1', channel: 'event', payload: { rule: 'motion' } },
    ])
    expect(answer).toMatchObject({ status: 202, body: { accepted: 2 } })
    expect(await harness.settled()).toMatchObject({
      accepted: 2,
      written: 1,
      deadLettered: 1,
      readings: { stored: 2, refused: 1 },
    })
  })

  test('a form that is none is refused at once', async () => {
    for (const body of [[], {}, [{ device: 'X', payload: {} }], [{ device: 'pju-1' }]]) {
      expect(problem(await harness.request('POST', '/api/v1/telemetry', body)).code).toBe('validation_failed')
    }
    const notJson = await fetch(`${harness.url}/api/v1/telemetry`, {
      method: 'POST',
      body: encodeJson([]),
      headers: { 'content-type': 'text/plain', authorization: `Bearer ${harness.adminToken}` },
    })
    expect(notJson.status).toBe(415)
  })
})
