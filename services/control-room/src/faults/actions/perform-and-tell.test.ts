import { makeFault } from '@ronda/contracts/testing/make-fault'
import type { Fault } from '@ronda/contracts/fault'
import { expect, test } from 'vitest'
import type { ActionRequest } from '../../api/faults.ts'
import { createFaultStore } from '../../live/fault-store.ts'
import { createNotices } from '../../notices.ts'
import { en } from '../../text/en.ts'
import { id } from '../../text/id.ts'
import { performAndTell } from './perform-and-tell.ts'
import { type OutcomeKind, type Performer, outcomeKinds } from './performer.ts'

const a = makeFault({ id: 'a' })
const b = makeFault({ id: 'b', message: { en: 'Cabinet door open', id: 'Pintu panel terbuka' } })
const acknowledge = { action: 'acknowledge' } as const

interface Become {
  kind: OutcomeKind
  by?: string
  /** As it is afterwards. */
  now?: Partial<Fault>
}

/** Asks, with what becomes of each fault each time that it is asked for; gives what was said and what was asked. */
async function tell(request: ActionRequest, faults: readonly Fault[], becomes: Record<string, Become[]>) {
  const store = createFaultStore((flush) => flush())
  store.replace(faults)
  const notices = createNotices()
  const asked: string[] = []
  const performer: Pick<Performer, 'perform'> = {
    async perform(tasks) {
      const results = tasks.map((task) => {
        const { fault, request: each } = task
        const { action, ...body } = each
        asked.push([action, fault.id, fault.revision, ...Object.values(body)].join(' '))
        const { kind, by, now } = becomes[fault.id]?.shift() ?? { kind: 'done' }
        if (now !== undefined) store.apply({ ...fault, ...now, revision: fault.revision + 1 })
        return { ...task, kind, by }
      })
      const of = (kind: OutcomeKind) => results.filter((result) => result.kind === kind)
      return {
        done: of('done'),
        already: of('already'),
        gone: of('gone'),
        undecided: of('undecided'),
        changed: of('changed'),
        failed: of('failed'),
        refused: of('refused'),
      }
    },
  }
  const sayMoment = (at: number) => `moment ${at}`
  await performAndTell({ performer, faults: store, notices, sayMoment }, request, faults)
  const said = (language: 'en' | 'id' = 'en') =>
    notices.get().map(({ saying }) => saying({ en, id }[language], language))
  const press = (index = 0) => notices.get()[index]?.action?.run()
  const labels = () => notices.get().map(({ action }) => action?.label(en, 'en'))
  return { notices, store, asked, said, press, labels }
}

test('says what was done, in whatever language is chosen while it is shown', async () => {
  const { said } = await tell(acknowledge, [a], {})
  expect(said('en')).toEqual(['Acknowledged: Lamp out – “dark”'])
  expect(said('id')).toEqual(['Ditangani: Lampu padam'])
  expect((await tell(acknowledge, [a, b], {})).said()).toEqual(['2 acknowledged'])
})

test('says to whom and until when', async () => {
  const assigned = await tell({ action: 'assign', assignee: 'Tim 3' }, [a, b], {})
  expect(assigned.said()).toEqual(['2 assigned to Tim 3'])
  const shelved = await tell({ action: 'shelve', durationMin: 60, reason: 'x' }, [a], {
    a: [{ kind: 'done', now: { shelvedUntil: 5 } }],
  })
  expect(shelved.said('id')).toEqual(['Ditunda sampai moment 5: Lampu padam'])
})

test('says who was first', async () => {
  const { said } = await tell(acknowledge, [b], { b: [{ kind: 'already', by: 'Budi' }] })
  expect(said()).toEqual(['Budi was first: Cabinet door open had been acknowledged'])
})

test('says one line for each kind of outcome, the good news first', async () => {
  const becomes = Object.fromEntries(outcomeKinds.map((kind) => [kind, [{ kind }]]))
  const faults = ['refused', 'done', 'gone', 'failed'].map((kind) => makeFault({ id: kind }))
  const { said } = await tell({ action: 'close', reason: 'x' }, faults, becomes)
  expect(said()).toEqual([
    'Closed: Lamp out – “dark”',
    'Lamp out – “dark” is closed already',
    'Lamp out – “dark”: the server did not answer, not closed',
    'Your session does not allow it: not closed. Sign in again.',
  ])
})

test('offers what has changed again, as it is now', async () => {
  const { notices, store, asked, said, press } = await tell(acknowledge, [a], { a: [{ kind: 'changed', by: 'Budi' }] })
  expect(notices.get()[0]?.action?.label(id, 'id')).toBe('Tetap tangani')
  expect(said()).toEqual(['Lamp out – “dark” changed while you looked (Budi had it last): not acknowledged'])
  store.apply({ ...a, revision: 4 })
  press()
  await expect.poll(() => asked).toEqual(['acknowledge a 1', 'acknowledge a 4'])
})

test.each(['failed', 'undecided'] as const)('what is %s is asked for again as it was', async (kind) => {
  const { asked, store, labels, press } = await tell({ action: 'comment', note: 'dicek' }, [a], { a: [{ kind }] })
  expect(labels()).toEqual(['Try again'])
  store.apply({ ...a, revision: 4 })
  press()
  await expect.poll(() => asked).toEqual(['comment a 1 dicek', 'comment a 1 dicek'])
})

test('what needs nothing more is not asked for', async () => {
  const { said, asked } = await tell(acknowledge, [{ ...a, acknowledged: true }], {})
  expect(said()).toEqual(['Nothing to acknowledge: somebody has done all of it'])
  expect(asked).toEqual([])
})

test('of a mixed selection only that is asked for to which it can be done', async () => {
  const { asked, said } = await tell(acknowledge, [{ ...a, acknowledged: true }, b], {})
  expect(asked).toEqual(['acknowledge b 1'])
  expect(said()).toEqual(['Acknowledged: Cabinet door open'])
})

test('shelving is undone by taking it off the shelf, and that is not undone in its turn', async () => {
  const { asked, labels, press, said } = await tell({ action: 'shelve', durationMin: 60, reason: 'x' }, [a, b], {
    a: [{ kind: 'done', now: { shelvedUntil: 5 } }],
    b: [{ kind: 'done', now: { shelvedUntil: 5 } }],
  })
  expect(labels()).toEqual(['Undo'])
  press()
  await expect.poll(() => asked.slice(2)).toEqual(['unshelve a 2', 'unshelve b 2'])
  await expect.poll(() => said()[1]).toBe('2 taken off the shelf')
  expect(labels()[1]).toBeUndefined()
})

test('assigning is undone by giving each back to who had it, but for what somebody has changed since', async () => {
  const had = { ...b, assignee: 'Budi' }
  const c = makeFault({ id: 'c' })
  const to = { kind: 'done', now: { assignee: 'Sari' } } as const
  const { asked, press, store } = await tell({ action: 'assign', assignee: 'Sari' }, [a, had, c], {
    a: [to],
    b: [to],
    c: [to],
  })
  store.apply({ ...c, revision: 9, assignee: 'Tim 3' })
  press()
  await expect.poll(() => asked.slice(3)).toEqual(['assign a 2 ', 'assign b 2 Budi'])
})
