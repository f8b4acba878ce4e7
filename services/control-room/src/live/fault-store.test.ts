import { expect, test } from 'vitest'
import { makeFault } from '@ronda/contracts/testing/make-fault'
import { createFaultStore } from './fault-store.ts'

function makeStore() {
  const frames: (() => void)[] = []
  const awaited: (() => void)[] = []
  const store = createFaultStore((flush, isAwaited) => (isAwaited ? awaited : frames).push(flush))
  let told = 0
  store.subscribe(() => told++)
  return {
    store,
    frame() {
      for (const flush of frames.splice(0)) flush()
    },
    awaitedFrame() {
      for (const flush of awaited.splice(0)) flush()
    },
    told: () => told,
    shown: () => [...store.get().values()].map(({ id, revision }) => `${id} ${revision}`),
  }
}

const a = makeFault({ id: 'a' })
const b = makeFault({ id: 'b' })

test('tells its readers once per drawing, however much has changed', () => {
  const { store, frame, told, shown } = makeStore()
  store.replace([a])
  store.apply(b)
  store.apply({ ...a, revision: 2 })
  expect(told()).toBe(0)
  expect(shown()).toEqual([])
  frame()
  expect(told()).toBe(1)
  expect(shown()).toEqual(['a 2', 'b 1'])
  frame()
  expect(told()).toBe(1)
})

test('what somebody has done is shown at once, with what was to be shown later, and nothing twice', () => {
  const { store, frame, awaitedFrame, told, shown } = makeStore()
  store.replace([a, b])
  frame()
  store.apply({ ...b, revision: 2 })
  store.confirm({ ...a, revision: 2 })
  store.confirm({ ...a, revision: 3 })
  awaitedFrame()
  expect(shown()).toEqual(['a 3', 'b 2'])
  expect(told()).toBe(2)
  frame()
  expect(told()).toBe(2)
})

test('an answer whose event has come before it is shown at once as well; one that tells nothing shows nothing', () => {
  const { store, frame, awaitedFrame, told, shown } = makeStore()
  store.replace([a, b])
  frame()
  store.apply({ ...a, revision: 2 })
  store.confirm({ ...a, revision: 2 })
  awaitedFrame()
  expect(shown()).toEqual(['a 2', 'b 1'])
  frame()
  store.confirm({ ...a, revision: 2 })
  awaitedFrame()
  expect(told()).toBe(2)
})

test('a drawing that was overtaken does not bring forward what has come since', () => {
  const slow: (() => void)[] = []
  const store = createFaultStore((flush, isAwaited) => (isAwaited ? flush() : slow.push(flush)))
  const revision = () => store.get().get('a')?.revision
  store.replace([a])
  store.confirm({ ...a, revision: 2 })
  store.apply({ ...a, revision: 3 })
  slow.shift()?.()
  expect(revision()).toBe(2)
  slow.shift()?.()
  expect(revision()).toBe(3)
})

test('what readers were given does not change under them', () => {
  const { store, frame } = makeStore()
  store.replace([a])
  frame()
  const before = store.get()
  store.remove('a')
  frame()
  expect([...before.keys()]).toEqual(['a'])
  expect(store.get().size).toBe(0)
})

test('a snapshot takes the place of everything, also of what is newer', () => {
  const { store, frame, shown } = makeStore()
  store.replace([{ ...a, revision: 9 }, b])
  store.replace([a])
  frame()
  expect(shown()).toEqual(['a 1'])
})

test('an event that is older than what is known changes nothing', () => {
  const { store, frame, told, shown } = makeStore()
  store.replace([{ ...a, revision: 3 }])
  frame()
  store.apply({ ...a, revision: 2 })
  store.apply({ ...a, revision: 3, closedAt: 1 })
  frame()
  expect(shown()).toEqual(['a 3'])
  expect(told()).toBe(1)
})

test('what is closed goes', () => {
  const { store, frame, shown } = makeStore()
  store.replace([a, b])
  store.apply({ ...a, revision: 2, closedAt: 1 })
  frame()
  expect(shown()).toEqual(['b 1'])
})

test('what was last said of a fault that has closed is there for who is told of it, and then no more', () => {
  const { store, frame } = makeStore()
  store.replace([a, b])
  frame()
  store.apply({ ...a, revision: 2, acknowledged: true })
  store.apply({ ...a, revision: 3, acknowledged: true, closedAt: 1 })
  expect(store.lastWord('a')).toBeUndefined()
  frame()
  expect(store.lastWord('a')).toMatchObject({ revision: 3, acknowledged: true, closedAt: 1 })
  store.apply({ ...b, revision: 2 })
  frame()
  expect(store.lastWord('a')).toBeUndefined()
})

test('the answer to an action never brings back what has gone', () => {
  const { store, awaitedFrame, shown } = makeStore()
  store.replace([a, b])
  store.apply({ ...a, revision: 3, closedAt: 1 })
  store.confirm({ ...a, revision: 2, acknowledged: true })
  store.confirm({ ...b, revision: 2, acknowledged: true })
  awaitedFrame()
  expect(shown()).toEqual(['b 2'])
  expect(store.find('a')).toBeUndefined()
})
