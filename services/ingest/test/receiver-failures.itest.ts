// What becomes of notices when a receiver is down, slow, broken, moved or gone, and when Ronda itself is.
import type { LookupAddress } from 'node:dns'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { AppError } from '@ronda/contracts/errors'
import type { Fault } from '@ronda/contracts/fault'
import type { Delivery, Receiver as ReceiverRecord, ReceiverState } from '@ronda/contracts/receiver'
import type { Notice } from '@ronda/contracts/record'
import type { AuditEntry } from '@ronda/contracts/audit'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { createAuthority } from '../../../infra/local/certificate-authority.ts'
import { makeFault } from '@ronda/contracts/testing/make-fault'
import { within } from '../../../infra/testing/within.ts'
import { type FaultWriter, createFaultWriter } from '../src/testing/faults.ts'
import type { Resolve } from '../src/webhooks/addresses.ts'
import { type Limits, defaultLimits } from '../src/webhooks/limits.ts'
import { sweepReceivers } from '../src/webhooks/rows.ts'
import { type Harness, problem, startHarness } from './harness.ts'
import { type Behaviour, accept, refuse, startReceiver, toldOf } from './receiver.ts'

const path = '/api/v1/receivers'
/** Long enough that nothing is given up by itself on a slow machine. */
const patient = { firstDelayMs: 10, longestDelayMs: 40, keepPlaceMs: 20, giveUpMs: 24 * 3_600_000 }
const hourMs = 3_600_000

let harness: Harness
let faults: FaultWriter

/** An ingest whose `end` somebody has to call. */
async function open(limits: Partial<Limits> = {}, resolve?: Resolve): Promise<void> {
  const webhooks = { limits: { ...patient, ...limits }, ...(resolve === undefined ? {} : { resolve }) }
  harness = await startHarness({}, { webhooks })
  faults = createFaultWriter(harness.backbone)
}

/** An ingest for one test. */
async function start(...options: Parameters<typeof open>): Promise<void> {
  await open(...options)
  const started = harness
  onTestFinished(() => started.end())
}

async function create(id: string, url: string, filter: object = {}): Promise<ReceiverRecord> {
  const stated = { id, description: 'Work orders', url, filter }
  const { status, body } = await harness.request<{ receiver: ReceiverRecord }>('POST', path, stated)
  expect(status, JSON.stringify(body)).toBe(201)
  onTestFinished(async () => void (await harness.request('DELETE', `${path}/${id}`)))
  return body.receiver
}

const find = async (id: string) =>
  (await harness.request<ReceiverRecord & { state: ReceiverState }>('GET', `${path}/${id}`)).body

/** Oldest first. */
async function deliveriesOf(id: string, query = ''): Promise<Delivery[]> {
  const { body } = await harness.request<{ deliveries: Delivery[] }>('GET', `${path}/${id}/deliveries${query}`)
  return body.deliveries.toReversed()
}

const eventually = (check: () => Promise<void>) => vi.waitFor(check, within)

/** Raised and cleared, again and again: so many events. */
function lifeOf(fault: Fault, count: number) {
  return Array.from({ length: count }, (_, n) => {
    const active = n % 2 === 0
    return [active ? 'raised' : 'cleared', { ...fault, active, revision: n + 1 }] as const
  })
}

/** Refuses what is about one of these faults. */
function refuseNames(names: Set<string>, otherwise: Behaviour = accept): Behaviour {
  return (arrival, response, request) => {
    const isBad = names.has(arrival.body.fault?.name ?? '')
    ;(isBad ? refuse(500) : otherwise)(arrival, response, request)
  }
}

describe('a notice that a receiver refuses', () => {
  test('is given up in the end, and what follows goes on; asked for, it is sent again', async () => {
    await start({ giveUpMs: 50 })
    const receiver = await startReceiver()
    receiver.answer = (arrival, response, request) =>
      (arrival.body.event === 'raised' ? refuse(400) : accept)(arrival, response, request)
    await create('strict', receiver.url)
    const raised = await faults.raise({ name: 'one' }, { name: 'two' })
    await faults.write(...raised.map((fault) => ['cleared', { ...fault, active: false, revision: 2 }] as const))
    await eventually(async () =>
      expect((await find('strict')).state).toEqual({ behind: 0, waiting: 0, deadLetters: 2 }),
    )
    expect(
      toldOf(receiver.arrivals)
        .filter((each) => each.startsWith('cleared'))
        .toSorted(),
    ).toEqual(['cleared one', 'cleared two'])
    const letters = await deliveriesOf('strict', '?outcome=dead-letter')
    expect(new Set(letters.map(({ faultId }) => faultId))).toEqual(new Set(raised.map(({ id }) => id)))
    expect(letters[0]).not.toHaveProperty('nextAt')

    receiver.answer = accept
    const redeliver = async (body?: unknown) => (await harness.request('POST', `${path}/strict/redeliver`, body)).body
    const [first] = letters
    expect(await redeliver({ deliveryIds: [first?.deliveryId] })).toEqual({ redelivered: 1, left: 0 })
    await eventually(async () =>
      expect((await find('strict')).state).toEqual({ behind: 0, waiting: 0, deadLetters: 1 }),
    )
    expect(await redeliver()).toEqual({ redelivered: 1, left: 0 })
    await eventually(async () => expect((await find('strict')).state.deadLetters).toBe(0))
    // Two faults are told side by side: which of them was given up first is not settled.
    await eventually(async () =>
      expect(toldOf(receiver.arrivals).slice(-2).toSorted()).toEqual(['raised one', 'raised two']),
    )
    expect(await redeliver()).toEqual({ redelivered: 0, left: 0 })
  })

  test('is given up together with what waits behind it, also when they are sent again', async () => {
    const giveUpMs = 500
    await start({ giveUpMs })
    const receiver = await startReceiver()
    receiver.answer = refuse(400)
    await create('never', receiver.url)
    await faults.write(...lifeOf(makeFault({ name: 'long' }), 20))
    for (const attempt of [1, 2]) {
      await eventually(async () =>
        expect((await find('never')).state).toMatchObject({ behind: 0, waiting: 0, deadLetters: 20 }),
      )
      const deliveries = await deliveriesOf('never', '?limit=500')
      const begun = deliveries.filter(({ attempt: n }) => n === 1).slice(-20)
      expect(begun).toHaveLength(20)
      const tookMs = (deliveries.at(-1)?.at ?? Infinity) - (begun[0]?.at ?? 0)
      // Each after a time of its own it would be twenty.
      expect(tookMs, `round ${attempt}`).toBeLessThan(10 * giveUpMs)
      if (attempt === 1) await harness.request('POST', `${path}/never/redeliver`)
    }
  })

  test('is sent again at once though the disk is full before all are taken', async () => {
    await start({ giveUpMs: 0, firstDelayMs: 1, longestDelayMs: 1 })
    const receiver = await startReceiver()
    receiver.answer = refuse(500)
    await create('half', receiver.url)
    await faults.raise(...Array.from({ length: 150 }, (_, n) => ({ name: `f${n}` })))
    await eventually(async () => expect((await find('half')).state).toMatchObject({ behind: 0, deadLetters: 150 }))

    const { commit } = harness.backbone
    let audited = 0
    const committing = vi.spyOn(harness.backbone, 'commit').mockImplementation(async (changes) => {
      const isAudited = changes.appends?.some(({ stream }) => stream === 'audit') ?? false
      if (isAudited && ++audited === 2) throw new AppError('storage_full')
      return commit(changes)
    })
    onTestFinished(() => committing.mockRestore())
    const before = receiver.arrivals.length
    receiver.answer = accept
    const refused = await harness.request('POST', `${path}/half/redeliver`)
    expect(problem(refused).code).toBe('storage_full')
    await receiver.has(before + 100)
    await eventually(async () => expect((await find('half')).state).toEqual({ behind: 0, waiting: 0, deadLetters: 50 }))
  })
})

describe('a receiver that is down', () => {
  test('gets all of it when it is back, each fault in its order', async () => {
    await start({ answerMs: 2_000 })
    const receiver = await startReceiver()
    receiver.answer = (_arrival, _response, request) => request.socket.destroy()
    await create('down', receiver.url)
    const raised = await faults.raise(...Array.from({ length: 20 }, (_, n) => ({ name: `f${n}` })))
    await faults.write(...raised.map((fault) => ['cleared', { ...fault, active: false, revision: 2 }] as const))
    await eventually(async () => expect((await find('down')).state.waiting).toBeGreaterThan(3))
    expect((await find('down')).state.failingSince).toBeGreaterThan(0)

    const before = receiver.arrivals.length
    receiver.answer = accept
    await eventually(async () => expect((await find('down')).state).toEqual({ behind: 0, waiting: 0, deadLetters: 0 }))
    const told = toldOf(receiver.arrivals.slice(before))
    expect(told.toSorted()).toEqual(raised.flatMap(({ name }) => [`cleared ${name}`, `raised ${name}`]).toSorted())
    for (const { name } of raised) expect(told.indexOf(`raised ${name}`)).toBeLessThan(told.indexOf(`cleared ${name}`))
  })

  test('gets all that one fault had to tell, more than is put aside, in order', async () => {
    await start()
    const receiver = await startReceiver()
    receiver.answer = (_arrival, _response, request) => request.socket.destroy()
    await create('long', receiver.url)
    await faults.write(...lifeOf(makeFault({ name: 'long' }), 300))
    await eventually(async () =>
      expect((await find('long')).state).toMatchObject({
        waiting: defaultLimits.mostHeld,
        behind: 300 - defaultLimits.mostHeld,
      }),
    )
    const before = receiver.arrivals.length
    receiver.answer = accept
    await eventually(async () => expect((await find('long')).state).toEqual({ behind: 0, waiting: 0, deadLetters: 0 }))
    const revisions = receiver.arrivals.slice(before).map(({ body }) => body.fault?.revision)
    expect(revisions).toEqual(Array.from({ length: 300 }, (_, n) => n + 1))
  })

  test('holds up only itself, and is shown to people', async () => {
    await start({ tellFailingMs: 1, firstDelayMs: hourMs, longestDelayMs: hourMs })
    const [dead, alive] = [await startReceiver(), await startReceiver()]
    dead.answer = refuse(503)
    await create('dead', dead.url)
    await create('alive', alive.url)
    await faults.raise(...Array.from({ length: 30 }, (_, n) => ({ name: `f${n}` })))
    expect(toldOf(await alive.has(30))).toEqual(Array.from({ length: 30 }, (_, n) => `raised f${n}`))
    // After two new ones in a row it is left alone for an hour.
    await eventually(async () => expect((await find('dead')).state).toMatchObject({ behind: 28, waiting: 2 }))
    expect(dead.arrivals).toHaveLength(2)

    await eventually(async () => {
      const { body } = await harness.request<{ notices: Notice[] }>('GET', '/api/v1/notices')
      expect(body.notices).toContainEqual(expect.objectContaining({ code: 'receiver_failing', who: 'receiver:dead' }))
      expect(body.notices).not.toContainEqual(expect.objectContaining({ who: 'receiver:alive' }))
    })
    // A delivery counts once its answer has come back, after the receiver has it.
    await eventually(async () => {
      const { body: metrics } = await harness.request<string>('GET', '/metrics')
      expect(metrics).toContain('ronda_webhook_attempts_total{receiver="alive",outcome="delivered"} 30')
      expect(metrics).toContain('ronda_webhook_attempts_total{receiver="dead",outcome="failed"} 2')
      expect(metrics).toMatch(/ronda_webhook_queue_age_seconds\{receiver="alive"\} 0\n/)
      expect(metrics).toMatch(/ronda_webhook_queue_age_seconds\{receiver="dead"\} [1-9]/)
    })
    const { status } = await harness.request('GET', '/healthz')
    expect(status).toBe(200)

    // Changed by a person it may work now: nobody waits for the hour to pass.
    dead.answer = accept
    await harness.request('PATCH', `${path}/dead`, { description: 'Mended' })
    await eventually(async () => expect((await find('dead')).state).toEqual({ behind: 0, waiting: 0, deadLetters: 0 }))
  })

  test('is not asked sooner for a restart', async () => {
    await start({ firstDelayMs: hourMs, longestDelayMs: hourMs })
    const receiver = await startReceiver()
    receiver.answer = refuse(500)
    await create('later', receiver.url)
    await faults.raise({ name: 'one' })
    await eventually(async () => expect((await find('later')).state).toMatchObject({ behind: 0, waiting: 1 }))
    const [before] = await harness.backbone.bucket('receiver-held').list()
    await harness.restart()
    faults = createFaultWriter(harness.backbone)
    receiver.answer = accept
    await faults.raise({ name: 'two' })
    await eventually(async () => expect((await find('later')).state).toMatchObject({ behind: 0, waiting: 1 }))
    expect(toldOf(receiver.arrivals)).toEqual(['raised one', 'raised two'])
    expect(await harness.backbone.bucket('receiver-held').list()).toEqual([before])
  })

  test('is sent nothing new when enough is put aside', async () => {
    await start({ mostHeld: 3 })
    const receiver = await startReceiver()
    receiver.answer = refuse(500)
    await create('full', receiver.url)
    await faults.raise(...Array.from({ length: 8 }, (_, n) => ({ name: `f${n}` })))
    await eventually(async () => expect((await deliveriesOf('full')).length).toBeGreaterThan(12))
    expect((await find('full')).state).toMatchObject({ behind: 5, waiting: 3 })
    receiver.answer = accept
    await eventually(async () => expect((await find('full')).state).toEqual({ behind: 0, waiting: 0, deadLetters: 0 }))
  })
})

test('a name that begins to lead to a metadata service is not followed there', async () => {
  let address: LookupAddress = { address: '127.0.0.1', family: 4 }
  await start({}, (_host, _options, callback) => callback(null, [address]))
  const receiver = await startReceiver()
  await create('moved', receiver.url.replace('127.0.0.1', 'work.localhost'))
  await faults.raise({ name: 'one' })
  await receiver.has(1)
  address = { address: '169.254.169.254', family: 4 }
  await faults.raise({ name: 'two' })
  await eventually(async () => expect((await deliveriesOf('moved', '?outcome=failed')).length).toBeGreaterThan(0))
  const [failed] = await deliveriesOf('moved', '?outcome=failed')
  expect(failed?.error).toMatch(/169\.254\.169\.254 is a link-local/)
  address = { address: '10.0.0.1', family: 4 }
  await eventually(async () =>
    expect((await deliveriesOf('moved')).at(-1)?.error).toMatch(/10\.0\.0\.1 is not loopback/),
  )
  address = { address: '127.0.0.1', family: 4 }
  expect(toldOf(await receiver.has(2))).toEqual(['raised one', 'raised two'])
})

test.each([429, 503])('one that answers %i is left alone as long as it asks, within bounds', async (status) => {
  await start({ longestRetryAfterMs: 700 })
  const receiver = await startReceiver()
  receiver.answer = refuse(status, { 'retry-after': '7200' })
  await create('busy', receiver.url)
  await faults.raise({ name: 'one' }, { name: 'two' })
  await eventually(async () => expect(await deliveriesOf('busy')).toHaveLength(1))
  const [first] = await deliveriesOf('busy')
  receiver.answer = accept
  await eventually(async () => expect((await find('busy')).state).toEqual({ behind: 0, waiting: 0, deadLetters: 0 }))
  const [refused, ...others] = await deliveriesOf('busy')
  expect(refused).toEqual(first)
  expect((first?.nextAt ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(700)
  for (const { at } of others) expect(at).toBeGreaterThanOrEqual((first?.at ?? 0) + 700)
})

test('what was not kept until a receiver came to it is told as a gap', async () => {
  await start()
  const receiver = await startReceiver()
  await create('away', receiver.url)
  const [lost] = await faults.raise({ name: 'announced' })
  if (lost === undefined) throw new Error('no fault')
  await receiver.has(1)
  await harness.request('PATCH', `${path}/away`, { enabled: false })
  await faults.write(['closed', { ...lost, active: false, closedAt: 7 }])
  await faults.raise({ name: 'lost one' }, { name: 'lost two' })
  await faults.raise({ name: 'kept', updatedAt: 99 })
  await harness.backbone.stream('faults').trim({ before: Infinity, maxBytes: 1e9 })
  await harness.request('PATCH', `${path}/away`, { enabled: true })
  await receiver.has(3)
  expect(toldOf(receiver.arrivals)).toEqual(['raised announced', 'gap', 'raised kept'])
  expect(receiver.arrivals[1]?.body).toMatchObject({ type: 'gap', missed: 3, until: 99 })
  await eventually(async () =>
    expect((await deliveriesOf('away')).map(({ event, outcome }) => `${event} ${outcome}`)).toEqual([
      'raised delivered',
      'gap delivered',
      'raised delivered',
    ]),
  )
  // Its end was in the gap: nothing is remembered of it.
  await eventually(async () => {
    const rows = await harness.backbone.bucket('receiver-announced').list()
    expect(rows.map(({ key }) => key.slice(37))).not.toContain(lost.id)
    expect(rows).toHaveLength(1)
  })
})

test('of attempts and of what was given up a bounded number is kept', async () => {
  await start({ mostDeliveries: 5, mostDeadLetters: 2, giveUpMs: 0 })
  const receiver = await startReceiver()
  receiver.answer = refuse(500)
  await create('long', receiver.url)
  await faults.raise(...Array.from({ length: 8 }, (_, n) => ({ name: `f${n}` })))
  await eventually(async () => expect((await find('long')).state).toMatchObject({ behind: 0, deadLetters: 2 }))
  const kept = await deliveriesOf('long')
  expect(kept).toHaveLength(5)
  expect(kept.map(({ attempt, outcome }) => [attempt, outcome])).toEqual(kept.map(() => [1, 'dead-letter']))
  const letters = await harness.backbone.bucket('receiver-dead-letters').list()
  expect(letters.map(({ value }) => value.notice.deliveryId)).toEqual(
    kept.slice(-2).map(({ deliveryId }) => deliveryId),
  )

  const dayMs = 24 * hourMs
  await sweepReceivers(harness.backbone, Date.now() + 29 * dayMs)
  expect(await deliveriesOf('long')).toHaveLength(5)
  await sweepReceivers(harness.backbone, Date.now() + 31 * dayMs)
  expect(await deliveriesOf('long')).toEqual([])
  expect((await find('long')).state.deadLetters).toBe(0)
})

test('a name that nobody answers for holds up only who has it', async () => {
  const resolve: Resolve = (host, _options, callback) => {
    if (host !== 'mute.localhost') callback(null, [{ address: '127.0.0.1', family: 4 }])
  }
  await start({ answerMs: 300 }, resolve)
  const receiver = await startReceiver()
  await create('mute', receiver.url.replace('127.0.0.1', 'mute.localhost'))
  await create('heard', receiver.url.replace('127.0.0.1', 'heard.localhost'))
  await faults.raise({ name: 'one' }, { name: 'two' })
  expect(toldOf(await receiver.has(2))).toEqual(['raised one', 'raised two'])
  await eventually(async () => expect((await deliveriesOf('mute')).at(0)?.error).toMatch(/no answer within 300 ms/))
  expect(await deliveriesOf('mute', '?outcome=delivered')).toEqual([])
})

test('over TLS only one whose certificate is trusted is told anything', async () => {
  await start({}, (_host, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]))
  const authority = await createAuthority('City')
  const names = { purpose: 'server', commonNames: ['work.example.id'], hosts: ['work.example.id'] } as const
  const receiver = await startReceiver(await authority.issue(names))
  await create('tls', receiver.url.replace('127.0.0.1', 'work.example.id'))
  await create('other-name', receiver.url.replace('127.0.0.1', 'elsewhere.example.id'))
  await faults.raise({ name: 'one' })
  await eventually(async () => expect((await deliveriesOf('tls')).at(0)?.error).toMatch(/certificate/))
  expect(receiver.arrivals).toEqual([])

  const trusted = getCACertificates('default')
  setDefaultCACertificates([authority.certificate])
  onTestFinished(() => setDefaultCACertificates(trusted))
  await eventually(async () => expect((await find('tls')).state.waiting).toBe(0))
  expect(toldOf(receiver.arrivals)).toEqual(['raised one'])
  await eventually(async () => expect((await deliveriesOf('other-name')).at(-1)?.error).toMatch(/altnames/))
})

describe('beside others', () => {
  beforeAll(() => open({ answerMs: 2_000 }))
  afterAll(() => harness.end())

  test('a notice that is refused is tried again with the same id, while others go on, but not those of the same fault', async () => {
    const receiver = await startReceiver()
    const bad = new Set(['bad'])
    receiver.answer = refuseNames(bad)
    await create('picky', receiver.url)
    const [one] = await faults.raise({ name: 'bad' })
    if (one === undefined) throw new Error('no fault')
    await eventually(async () => expect((await deliveriesOf('picky')).length).toBeGreaterThan(2))
    const over = { ...one, active: false, revision: 2 }
    await faults.write(['raised', makeFault({ name: 'good' })], ['cleared', over], ['closed', { ...over, closedAt: 5 }])
    await faults.raise({ name: 'better' })
    await eventually(async () => expect(toldOf(receiver.arrivals)).toContain('raised better'))
    await eventually(async () => expect((await find('picky')).state).toMatchObject({ behind: 0, waiting: 3 }))
    expect(toldOf(receiver.arrivals).filter((each) => !each.endsWith('bad'))).toEqual(['raised good', 'raised better'])
    expect(toldOf(receiver.arrivals)).not.toContain('cleared bad')

    bad.clear()
    await eventually(async () => expect((await find('picky')).state.waiting).toBe(0))
    expect(toldOf(receiver.arrivals).slice(-3)).toEqual(['raised bad', 'cleared bad', 'closed bad'])
    const attempts = (await deliveriesOf('picky')).filter(
      ({ faultId, event }) => faultId === one.id && event === 'raised',
    )
    expect(attempts.map(({ attempt }) => attempt)).toEqual(attempts.map((_, index) => index + 1))
    expect(new Set(attempts.map(({ deliveryId }) => deliveryId)).size).toBe(1)
    expect(attempts.map(({ outcome }) => outcome)).toEqual([...attempts.slice(1).map(() => 'failed'), 'delivered'])
    expect(attempts[0]).toMatchObject({ status: 500, error: 'answered 500' })
    const ids = receiver.arrivals.filter(({ body }) => body.event === 'raised' && body.fault?.id === one.id)
    expect(new Set(ids.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  })

  test.each<[string, Behaviour, object]>([
    ['hangs', () => {}, { error: expect.stringMatching(/no answer within 2000 ms/) }],
    [
      'redirects',
      refuse(301, { location: 'http://127.0.0.1:9/' }),
      { status: 301, error: expect.stringMatching(/redirects/) },
    ],
    [
      'closes the connection',
      (_a, _r, request) => request.socket.destroy(),
      { error: expect.stringMatching(/hang up|RESET/) },
    ],
    ['answers 500', refuse(500), { status: 500 }],
    ['asks for credentials', refuse(401), { status: 401 }],
    ['speaks no HTTP', (_a, _r, request) => request.socket.end('nonsense\r\n\r\n'), { error: expect.any(String) }],
  ])('a receiver that %s is tried again', async (_, answer, expected) => {
    const receiver = await startReceiver()
    receiver.answer = answer
    await create('odd', receiver.url)
    await faults.raise({ name: 'one' })
    await eventually(async () => expect((await deliveriesOf('odd')).length).toBeGreaterThan(1))
    const [first] = await deliveriesOf('odd')
    expect(first).toMatchObject({ outcome: 'failed', attempt: 1, ...expected })
    receiver.answer = accept
    await eventually(async () => expect((await find('odd')).state.waiting).toBe(0))
  })

  test('an answer of any size counts by its status, and is not read to its end', async () => {
    const receiver = await startReceiver()
    let sent = 0
    receiver.answer = (_arrival, response, request) => {
      response.writeHead(200)
      const more = () => {
        while (!request.socket.destroyed && response.write(Buffer.alloc(64 * 1024))) sent++
      }
      response.on('drain', more)
      more()
    }
    await create('chatty', receiver.url)
    await faults.raise({ name: 'one' })
    await eventually(async () => expect((await find('chatty')).state.behind).toBe(0))
    expect(await deliveriesOf('chatty')).toMatchObject([{ outcome: 'delivered', status: 200 }])
    expect(sent * 64 * 1024).toBeLessThan(20e6)
  })

  test('one that answers 410 is disabled, which people are told, and loses nothing', async () => {
    const receiver = await startReceiver()
    receiver.answer = refuse(410)
    await create('gone', receiver.url)
    await faults.raise({ name: 'one' }, { name: 'two' })
    await eventually(async () =>
      expect(await find('gone')).toMatchObject({ enabled: false, goneAt: expect.any(Number) }),
    )
    const { body } = await harness.request<{ entries: AuditEntry[] }>('GET', '/api/v1/audit')
    expect(body.entries.map(({ who, did }) => `${who} ${did}`)).toContain('receiver:gone answered 410 and was disabled')
    await eventually(async () => {
      const answer = await harness.request<{ notices: Notice[] }>('GET', '/api/v1/notices')
      expect(answer.body.notices).toContainEqual(
        expect.objectContaining({ code: 'receiver_gone', who: 'receiver:gone' }),
      )
    })
    await faults.raise({ name: 'three' })
    expect(receiver.arrivals).toHaveLength(1)
    receiver.answer = accept
    await harness.request('PATCH', `${path}/gone`, { enabled: true })
    await eventually(async () => expect((await find('gone')).state).toEqual({ behind: 0, waiting: 0, deadLetters: 0 }))
    expect(toldOf(receiver.arrivals.slice(1))).toEqual(['raised one', 'raised two', 'raised three'])
    expect(await find('gone')).not.toHaveProperty('goneAt')
  })

  test('one that is removed leaves nothing behind', async () => {
    const receiver = await startReceiver()
    receiver.answer = refuse(500)
    await create('short', receiver.url)
    await create('stays', receiver.url)
    await faults.raise({ name: 'one' }, { name: 'two' })
    await eventually(async () => expect((await find('short')).state.waiting).toBe(2))
    await eventually(async () => expect((await find('stays')).state.waiting).toBe(2))
    const { value } = (await harness.backbone.bucket('receivers').get('stays')) ?? {}
    expect((await harness.request('DELETE', `${path}/short`)).status).toBe(204)
    // The janitor comes every ten seconds.
    const swept = async () => {
      for (const name of ['receiver-held', 'receiver-deliveries', 'receiver-announced', 'receiver-cursors'] as const) {
        const rows = await harness.backbone.bucket(name).list()
        expect(rows.length, name).toBeGreaterThan(0)
        expect(
          rows.filter(({ key }) => !key.startsWith(value?.uid ?? ' ')),
          name,
        ).toEqual([])
      }
    }
    await vi.waitFor(swept, within)
  })
})
