import type { Verdict } from '@ronda/contracts/action'
import type { Fault } from '@ronda/contracts/fault'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { type ActionRequest, createFaultApi } from '../../api/faults.ts'
import { createFaultStore } from '../../live/fault-store.ts'
import { makeFault } from '@ronda/contracts/testing/make-fault'
import { type Outcome, type Result, createPerformer, newUuid } from './performer.ts'

interface Asked {
  path: string
  key: string | undefined
  body: unknown
}

/** Answers what a test wants answered, or breaks the connection. */
type Answer = { status: number; body: unknown } | 'break'

const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

/** A performer, a store, and the other end of the wire, which answers by fault id, in order. */
async function makeDesk(faults: readonly Fault[], answers: Record<string, readonly Answer[]>) {
  const asked: Asked[] = []
  const left = new Map(Object.entries(answers).map(([id, each]) => [id, [...each]]))
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    let text = ''
    request.on('data', (part: Buffer) => (text += part.toString('utf8')))
    request.on('end', () => {
      const key = request.headers['idempotency-key']
      asked.push({
        path: request.url ?? '',
        key: Array.isArray(key) ? undefined : key,
        body: JSON.parse(text),
      })
      const id = decodeURIComponent(request.url?.split('/')[4] ?? '')
      const answer = left.get(id)?.shift()
      if (answer === undefined || answer === 'break') return request.socket.destroy()
      const type = answer.status < 400 ? 'application/json' : 'application/problem+json'
      return response.writeHead(answer.status, { 'content-type': type }).end(JSON.stringify(answer.body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(() => server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')

  const store = createFaultStore((flush) => flush())
  store.replace(faults)
  let keys = 0
  const performer = createPerformer({
    api: createFaultApi(`http://127.0.0.1:${address.port}`),
    name: 'Sari',
    faults: store,
    newKey: () => `key-${++keys}`,
    now: () => 7,
    timing: { retriesMs: [1, 1], verdictsMs: [1, 1] },
  })
  const perform = (request: ActionRequest, ...chosen: Fault[]) =>
    performer.perform(chosen.map((fault) => ({ fault, request })))
  return {
    performer,
    perform,
    acknowledge: (...chosen: Fault[]) => perform({ action: 'acknowledge' }, ...chosen),
    store,
    asked,
  }
}

function done(fault: Fault): Answer {
  const verdict: Verdict = { actionId: '1', at: 1, done: true, fault: acknowledged(fault, 'Sari') }
  return { status: 200, body: verdict }
}

function acknowledged(fault: Fault, by: string): Fault {
  return { ...fault, revision: fault.revision + 1, acknowledged: true, acknowledgedBy: by }
}

function refusal(status: number, code: string, more: Partial<Verdict> = {}): Answer {
  return { status, body: { type: 'about:blank', title: code, status, code, detail: code, done: false, ...more } }
}

const ids = (results: readonly Result[]) => results.map(({ fault }) => fault.id)
/** `fault by whom` */
const firsts = ({ already }: Outcome) => already.map(({ fault, by }) => `${fault.id} ${by}`)
const taken: Answer = { status: 202, body: { actionId: '1', pending: true } }
const a = makeFault({ id: 'a' })
const b = makeFault({ id: 'b.vendor:x.1' })
const c = makeFault({ id: 'c' })

describe('one fault', () => {
  test('is asked for at the revision that was seen, is pending until the answer, and is then as answered', async () => {
    const seen = { ...b, revision: 7 }
    const { acknowledge, performer, store, asked } = await makeDesk([seen], { [b.id]: [done(seen)] })
    const pending: string[][] = []
    performer.pending.subscribe(() => pending.push([...performer.pending.get().keys()]))
    const outcome = await acknowledge(seen)
    expect(ids(outcome.done)).toEqual([b.id])
    expect(asked).toEqual([
      { path: '/api/v1/faults/b.vendor%3Ax.1/acknowledge', key: 'key-1', body: { expectedRevision: 7 } },
    ])
    expect(pending).toEqual([[b.id], []])
    expect(store.find(b.id)).toMatchObject({ acknowledged: true, acknowledgedBy: 'Sari', revision: 8 })
  })

  test('that somebody was first with says who', async () => {
    const theirs = acknowledged(a, 'Budi')
    const { acknowledge, store } = await makeDesk([a], {
      a: [refusal(409, 'already_acknowledged', { by: 'Budi', fault: theirs })],
    })
    const outcome = await acknowledge(a)
    expect(firsts(outcome)).toEqual(['a Budi'])
    expect(store.find('a')?.acknowledgedBy).toBe('Budi')
  })

  test('that one has acknowledged oneself, by acknowledging its cause, is done', async () => {
    const { acknowledge } = await makeDesk([a, b, c], {
      a: [refusal(409, 'already_acknowledged', { by: 'Sari', fault: acknowledged(a, 'Sari') })],
      [b.id]: [done(b)],
      c: [refusal(409, 'already_acknowledged', { by: 'Budi', fault: acknowledged(c, 'Budi') })],
    })
    const outcome = await acknowledge(a, b, c)
    expect(ids(outcome.done).toSorted()).toEqual(['a', b.id].toSorted())
    expect(firsts(outcome)).toEqual(['c Budi'])
  })

  test('that has changed is told apart, and can be asked for again as it is now', async () => {
    const changed = { ...a, revision: 2, severity: 'critical' as const }
    const { acknowledge, store, asked } = await makeDesk([a], {
      a: [refusal(409, 'revision_conflict', { fault: changed }), done(changed)],
    })
    expect(ids((await acknowledge(a)).changed)).toEqual(['a'])
    const now = store.find('a')
    expect(now).toEqual(changed)
    expect(ids((await acknowledge(...(now === undefined ? [] : [now]))).done)).toEqual(['a'])
    expect(asked.map(({ key, body }) => ({ key, body }))).toEqual([
      { key: 'key-1', body: { expectedRevision: 1 } },
      { key: 'key-2', body: { expectedRevision: 2 } },
    ])
  })

  test('that is closed, and a session that is over, are told apart', async () => {
    const { acknowledge } = await makeDesk([a, c], {
      a: [refusal(404, 'fault_not_found')],
      c: [refusal(401, 'unauthenticated')],
    })
    const outcome = await acknowledge(a, c)
    expect(ids(outcome.gone)).toEqual(['a'])
    expect(ids(outcome.refused)).toEqual(['c'])
  })
})

describe('a server that does not answer', () => {
  test('is asked again with the same key', async () => {
    const { acknowledge, asked } = await makeDesk([a], { a: ['break', refusal(503, 'unavailable'), done(a)] })
    expect(ids((await acknowledge(a)).done)).toEqual(['a'])
    expect(asked.map(({ key }) => key)).toEqual(['key-1', 'key-1', 'key-1'])
  })

  test('for long fails, and what the operator tries then is still the same request', async () => {
    const { acknowledge, performer, store, asked } = await makeDesk([a], { a: ['break', 'break', 'break', done(a)] })
    expect(ids((await acknowledge(a)).failed)).toEqual(['a'])
    expect(performer.pending.get().size).toBe(0)
    expect(store.find('a')?.acknowledged).toBe(false)
    expect(ids((await acknowledge(a)).done)).toEqual(['a'])
    expect(new Set(asked.map(({ key }) => key))).toEqual(new Set(['key-1']))
  })

  test('in time with a verdict is asked for it again with the same key, and says meanwhile that it has it', async () => {
    const { acknowledge, performer, asked } = await makeDesk([a], { a: [taken, done(a)] })
    const states: boolean[] = []
    performer.pending.subscribe(() =>
      states.push(...[...performer.pending.get().values()].map(({ isTaken }) => isTaken)),
    )
    expect(ids((await acknowledge(a)).done)).toEqual(['a'])
    expect(states).toEqual([false, true])
    expect(new Set(asked.map(({ key }) => key))).toEqual(new Set(['key-1']))
  })

  test('with a verdict in the end is said to be undecided; asked once more it is the same request', async () => {
    const { acknowledge, asked } = await makeDesk([a], { a: [taken, taken, taken, done(a)] })
    expect(ids((await acknowledge(a)).undecided)).toEqual(['a'])
    expect(ids((await acknowledge(a)).done)).toEqual(['a'])
    expect(new Set(asked.map(({ key }) => key))).toEqual(new Set(['key-1']))
  })
})

describe('what has changed', () => {
  const conflict = (fault: Fault) => refusal(409, 'revision_conflict', { fault, by: 'Budi' })
  const shelve = { action: 'shelve', durationMin: 60, reason: 'menunggu suku cadang' } as const

  test('without weight for the operator is gone along with', async () => {
    const counted = { ...a, revision: 2, children: 3, evidence: { affected: 3 } }
    const { perform, asked } = await makeDesk([a], { a: [conflict(counted), done(counted)] })
    expect(ids((await perform(shelve, a)).done)).toEqual(['a'])
    expect(asked.map(({ path, body }) => ({ path, body }))).toEqual([
      { path: '/api/v1/faults/a/shelve', body: { durationMin: 60, reason: shelve.reason, expectedRevision: 1 } },
      { path: '/api/v1/faults/a/shelve', body: { durationMin: 60, reason: shelve.reason, expectedRevision: 2 } },
    ])
  })

  test('for them is not, and says who had it last', async () => {
    const assigned = { ...a, revision: 2, assignee: 'Tim 3' }
    const { perform, store } = await makeDesk([a], { a: [conflict(assigned)] })
    const { changed } = await perform({ action: 'assign', assignee: 'Sari' }, a)
    expect(changed.map(({ fault, by }) => [fault.id, by])).toEqual([['a', 'Budi']])
    expect(store.find('a')?.assignee).toBe('Tim 3')
  })

  test('all the time ends some time', async () => {
    const answers = Array.from({ length: 9 }, (_, i) => conflict({ ...a, revision: 2 + i, occurrences: 2 + i }))
    const { perform, asked } = await makeDesk([a], { a: answers })
    expect(ids((await perform(shelve, a)).changed)).toEqual(['a'])
    expect(asked).toHaveLength(5)
  })

  test('is nothing to a comment', async () => {
    const { perform, asked } = await makeDesk([a], { a: [done(a)] })
    await perform({ action: 'comment', note: 'sudah dicek' }, a)
    expect(asked[0]).toMatchObject({ path: '/api/v1/faults/a/comment', body: { note: 'sudah dicek' } })
    expect(asked[0]?.body).not.toHaveProperty('expectedRevision')
  })
})

describe('who is late', () => {
  test.each([
    ['unshelve', { action: 'unshelve' }, 'not_shelved'],
    ['close', { action: 'close', reason: 'selesai' }, 'already_closed'],
  ] as const)('to %s hears who was first', async (_name, request, code) => {
    const { perform } = await makeDesk([a], { a: [refusal(409, code, { by: 'Budi' })] })
    expect(firsts(await perform(request, a))).toEqual(['a Budi'])
  })

  test('for a fault that is closed hears that', async () => {
    const { perform } = await makeDesk([a], { a: [refusal(409, 'already_closed', { by: 'Budi' })] })
    expect(ids((await perform({ action: 'assign', assignee: 'Sari' }, a)).gone)).toEqual(['a'])
  })
})

test('a mixed selection does not fail as a whole', async () => {
  const many = Array.from({ length: 20 }, (_, i) => makeFault({ id: `m${i}` }))
  const answers = Object.fromEntries(many.map((fault) => [fault.id, [done(fault)]]))
  const { acknowledge } = await makeDesk([b, c, ...many], {
    ...answers,
    [b.id]: [refusal(409, 'revision_conflict')],
    c: [refusal(409, 'already_acknowledged')],
  })
  const outcome = await acknowledge(b, c, ...many)
  expect(ids(outcome.done).toSorted()).toEqual(many.map(({ id }) => id).toSorted())
  expect(ids(outcome.changed)).toEqual([b.id])
  expect(firsts(outcome)).toEqual(['c undefined'])
})

describe('what is asked while something is under way', () => {
  const assign = { action: 'assign', assignee: 'Sari' } as const

  test('is not asked for twice', async () => {
    const { acknowledge, asked } = await makeDesk([a], { a: [done(a)] })
    const [first, second] = await Promise.all([acknowledge(a), acknowledge(a)])
    expect(ids([...first.done, ...second.done])).toEqual(['a'])
    expect(asked).toHaveLength(1)
  })

  test('waits for its turn, and goes by the fault as the one before has left it', async () => {
    const { acknowledge, perform, performer, asked } = await makeDesk([a], {
      a: [taken, done(a), { status: 200, body: { actionId: '2', at: 2, done: true } satisfies Verdict }],
    })
    const shown: (string | undefined)[] = []
    performer.pending.subscribe(() => shown.push(performer.pending.get().get('a')?.request.action))
    const [first, second] = await Promise.all([acknowledge(a), perform(assign, a)])
    expect(ids(first.done)).toEqual(['a'])
    expect(ids(second.done)).toEqual(['a'])
    expect(asked.map(({ path, body }) => [path, body])).toEqual([
      ['/api/v1/faults/a/acknowledge', { expectedRevision: 1 }],
      ['/api/v1/faults/a/acknowledge', { expectedRevision: 1 }],
      ['/api/v1/faults/a/assign', { assignee: 'Sari', expectedRevision: 2 }],
    ])
    expect(shown).toEqual(['acknowledge', 'acknowledge', undefined, 'assign', undefined])
  })

  test('is asked for as it was seen after what was not done', async () => {
    const theirs = { ...a, revision: 2, assignee: 'Tim 3' }
    const conflict = refusal(409, 'revision_conflict', { fault: theirs, by: 'Budi' })
    const { acknowledge, perform, asked } = await makeDesk([a], { a: [conflict, conflict] })
    const [first, second] = await Promise.all([acknowledge(a), perform(assign, a)])
    expect(ids([...first.changed, ...second.changed])).toEqual(['a', 'a'])
    expect(asked.map(({ body }) => body)).toEqual([{ expectedRevision: 1 }, { assignee: 'Sari', expectedRevision: 1 }])
  })

  test('after a comment goes by what was done before that', async () => {
    const noted: Answer = { status: 200, body: { actionId: '2', at: 2, done: true } satisfies Verdict }
    const { acknowledge, perform, asked } = await makeDesk([a], { a: [done(a), noted, done(a)] })
    const all = [acknowledge(a), perform({ action: 'comment', note: 'sudah dicek' }, a), perform(assign, a)]
    for (const { done: these } of await Promise.all(all)) expect(ids(these)).toEqual(['a'])
    expect(asked.at(-1)?.body).toEqual({ assignee: 'Sari', expectedRevision: 2 })
  })

  test('goes by what was looked at, where that is newer than what the one before has left', async () => {
    const { acknowledge, perform, asked } = await makeDesk([a], { a: [done(a), done(a)] })
    await Promise.all([acknowledge(a), perform(assign, { ...a, revision: 3 })])
    expect(asked.at(-1)?.body).toEqual({ assignee: 'Sari', expectedRevision: 3 })
  })

  test('is asked for again after another one', async () => {
    const { perform, asked } = await makeDesk([a], { a: [done(a), done(a), done(a)] })
    const budi = { action: 'assign', assignee: 'Budi' } as const
    await Promise.all([perform(assign, a), perform(budi, a), perform(assign, a)])
    expect(asked.map(({ body }) => (body as { assignee: string }).assignee)).toEqual(['Sari', 'Budi', 'Sari'])
  })

  test('after a comment goes by what was seen before it', async () => {
    const theirs = { ...a, revision: 3, assignee: 'Tim 3' }
    const noted: Answer = { status: 200, body: { actionId: '1', at: 1, done: true, fault: theirs } satisfies Verdict }
    const { perform, asked } = await makeDesk([a], {
      a: [noted, refusal(409, 'revision_conflict', { fault: theirs, by: 'Budi' })],
    })
    const [, second] = await Promise.all([perform({ action: 'comment', note: 'sudah dicek' }, a), perform(assign, a)])
    expect(ids(second.changed)).toEqual(['a'])
    expect(asked[1]?.body).toEqual({ assignee: 'Sari', expectedRevision: 1 })
  })
})

test('keys are version 4 UUIDs, each another', () => {
  const keys = Array.from({ length: 100 }, newUuid)
  expect(new Set(keys).size).toBe(100)
  for (const key of keys) expect(key).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
})
