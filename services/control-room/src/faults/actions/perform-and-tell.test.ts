import type { Fault } from '@ronda/contracts/fault'
import { expect, test, vi } from 'vitest'
import { createFaultStore } from '../live/fault-store.ts'
import { createNotices } from '../notices.ts'
import { makeFault } from '@ronda/contracts/testing/make-fault'
import { en } from '../text/en.ts'
import { id } from '../text/id.ts'
import { acknowledgeAndTell } from './acknowledge-and-tell.ts'
import type { Acknowledger, Outcome } from './acknowledger.ts'

const a = makeFault({ id: 'a' })
const b = makeFault({ id: 'b', message: { en: 'Cabinet door open', id: 'Pintu panel terbuka' } })
const nothing: Outcome = { done: [], already: [], changed: [], gone: [], undecided: [], refused: [], failed: [] }

/** Acknowledges, with an outcome for each time that it is asked; gives what was said and what was asked. */
async function tell(faults: readonly Fault[], outcomes: Partial<Outcome>[]) {
  const store = createFaultStore((flush) => flush())
  store.replace(faults)
  const notices = createNotices()
  const asked: string[][] = []
  const acknowledger: Pick<Acknowledger, 'acknowledge'> = {
    async acknowledge(chosen) {
      asked.push(chosen.map((fault) => `${fault.id} ${fault.revision}`))
      return { ...nothing, ...outcomes.shift() }
    },
  }
  await acknowledgeAndTell({ acknowledger, faults: store, notices }, faults)
  const said = (language: 'en' | 'id' = 'en') =>
    notices.get().map(({ saying }) => saying({ en, id }[language], language))
  return { notices, store, asked, said }
}

test('says what was acknowledged, in whatever language is chosen while it is shown', async () => {
  const { said } = await tell([a], [{ done: [a] }])
  expect(said('en')).toEqual(['Acknowledged: Lamp out – “dark”'])
  expect(said('id')).toEqual(['Ditangani: Lampu padam'])
  expect((await tell([a, b], [{ done: [a, b] }])).said()).toEqual(['2 acknowledged'])
})

test('says who was first', async () => {
  const { said } = await tell([b], [{ already: [{ fault: b, by: 'Budi' }] }])
  expect(said()).toEqual(['Budi was first: Cabinet door open had been acknowledged'])
})

test('says one line for each kind of outcome', async () => {
  const { said } = await tell([a, b], [{ done: [a], gone: [b] }])
  expect(said()).toEqual(['Acknowledged: Lamp out – “dark”', 'Cabinet door open is closed already'])
})

test('offers what has changed again, as it is now', async () => {
  const { notices, store, asked, said } = await tell([a], [{ changed: [a] }, { done: [a] }])
  const [notice] = notices.get()
  expect(notice?.action?.label(id, 'id')).toBe('Tetap tangani')
  expect(said()).toEqual(['Lamp out – “dark” changed while you looked: not acknowledged'])
  store.apply({ ...a, revision: 4 })
  notice?.action?.run()
  await vi.waitFor(() => expect(asked).toEqual([['a 1'], ['a 4']]))
})

test('what is acknowledged already is not asked for', async () => {
  const { said, asked } = await tell([{ ...a, acknowledged: true }], [])
  expect(said()).toEqual(['Nothing to acknowledge: somebody has done all of it'])
  expect(asked).toEqual([])
})
