import type { Fault } from '@ronda/contracts/fault'
import { expect, test } from 'vitest'
import { createStore } from '../external-store.ts'
import { createFaultStore } from '../live/fault-store.ts'
import { makeFault } from '@ronda/contracts/testing/make-fault'
import { createCursor } from './cursor.ts'
import { type FaultListState, createFaultList } from './fault-list.ts'
import { type View, wholeView } from './view.ts'

const faults = ['a', 'b', 'c', 'd'].map((id, i) => makeFault({ id, raisedAt: 100 - i }))

function makeCursor(initial: readonly Fault[] = faults) {
  const open = createFaultStore((flush) => flush())
  open.replace(initial)
  const list = createFaultList({
    faults: open,
    view: createStore(wholeView),
    person: 'Sari',
    textOf: () => '',
  })
  const state = createStore<FaultListState>(list.get())
  const cursor = createCursor(state)
  return {
    cursor,
    at: () => cursor.get().id,
    selected: () => [...cursor.get().selected],
    show(...ids: string[]) {
      state.set({ ...state.get(), rows: list.get().rows.filter(({ id }) => ids.includes(id)) })
    },
    /** Closed under the pointer: the row stays where it is for now. */
    close(...ids: string[]) {
      list.hold(true)
      for (const fault of initial.filter(({ id }) => ids.includes(id))) {
        open.apply({ ...fault, revision: fault.revision + 1, closedAt: 1 })
      }
      state.set(list.get())
    },
  }
}

test('the first move puts the cursor on the list, and it stops at the ends', () => {
  const { cursor, at } = makeCursor()
  expect(at()).toBeUndefined()
  cursor.move(1)
  expect(at()).toBe('a')
  cursor.move(-1)
  expect(at()).toBe('a')
  cursor.move(Infinity)
  expect(at()).toBe('d')
  cursor.move(-2)
  expect(at()).toBe('b')
})

test('upwards it begins at the end', () => {
  const { cursor, at } = makeCursor()
  cursor.move(-1)
  expect(at()).toBe('d')
})

test('goes to the ends from wherever it is, also from nowhere', () => {
  const { cursor, at } = makeCursor()
  cursor.move(Infinity)
  expect(at()).toBe('d')
  cursor.move(-Infinity)
  expect(at()).toBe('a')
})

test('on an empty list there is nowhere to go', () => {
  const { cursor, at } = makeCursor([])
  cursor.move(1)
  expect(at()).toBeUndefined()
})

test('stays with its fault when rows above it go, and moves to the next one when its own goes', () => {
  const { cursor, at, show } = makeCursor()
  cursor.to('c')
  show('b', 'c', 'd')
  expect(at()).toBe('c')
  show('b', 'd')
  expect(at()).toBe('d')
  show('b')
  expect(at()).toBe('b')
  show()
  expect(at()).toBeUndefined()
})

test('moving with shift selects every row on the way', () => {
  const { cursor, selected } = makeCursor()
  cursor.to('b')
  cursor.move(1, true)
  cursor.move(1, true)
  expect(selected()).toEqual(['b', 'c', 'd'])
})

test('a click with shift selects from the cursor, one with control a single row', () => {
  const { cursor, selected, at } = makeCursor()
  cursor.to('c')
  cursor.selectTo('a')
  expect(selected()).toEqual(['a', 'b', 'c'])
  expect(at()).toBe('a')
  cursor.toggle('b')
  cursor.toggle('d')
  expect(selected()).toEqual(['a', 'c', 'd'])
})

test('the chosen are the selected, in the order of the list, or else the row of the cursor', () => {
  const { cursor } = makeCursor()
  const chosen = () => cursor.chosen().map(({ id }) => id)
  expect(chosen()).toEqual([])
  cursor.to('b')
  expect(chosen()).toEqual(['b'])
  cursor.toggle('d')
  cursor.toggle('a')
  expect(chosen()).toEqual(['a', 'd'])
  cursor.selectAll(true)
  expect(chosen()).toEqual(['a', 'b', 'c', 'd'])
  cursor.selectAll(false)
  expect(chosen()).toEqual(['a'])
})

test('what is not on the list any more is not selected either', () => {
  const { cursor, selected, show } = makeCursor()
  cursor.selectAll(true)
  show('a', 'd')
  expect(selected()).toEqual(['a', 'd'])
})

test('what is leaving is neither selected nor chosen, but the cursor stays on it', () => {
  const { cursor, at, selected, close } = makeCursor()
  const chosen = () => cursor.chosen().map(({ id }) => id)
  cursor.selectAll(true)
  cursor.to('b')
  close('b', 'c')
  expect(selected()).toEqual(['a', 'd'])
  expect(chosen()).toEqual(['a', 'd'])
  cursor.selectAll(false)
  expect(at()).toBe('b')
  expect(chosen()).toEqual([])
  cursor.toggle('c')
  cursor.selectAll(true)
  cursor.selectTo('d')
  expect(selected()).toEqual(['a', 'd'])
})

test('the head of a group stands for all of it, folded or not', () => {
  const open = createFaultStore((flush) => flush())
  const places = ['setu', 'serpong', 'setu'].map((district, i) =>
    makeFault({ id: `${district}${i}`, district, raisedAt: 10 - i }),
  )
  open.replace(places)
  const view = createStore<View>({ ...wholeView, group: 'district' })
  const list = createFaultList({ faults: open, view, person: 'Sari', textOf: () => '' })
  const cursor = createCursor(list)
  const chosen = () => cursor.chosen().map(({ id }) => id)
  cursor.move(1)
  expect(cursor.row()).toMatchObject({ group: 'district', key: 'setu', count: 2 })
  // An action on a head would be one on faults that nobody has looked at.
  expect(chosen()).toEqual([])
  cursor.toggle('group:district:setu')
  expect(chosen()).toEqual(['setu0', 'setu2'])
  list.toggle('group:district:setu', false)
  expect(chosen()).toEqual(['setu0', 'setu2'])
  cursor.selectAll(true)
  expect(chosen()).toEqual(['setu0', 'setu2', 'serpong1'])
  cursor.toggle('group:district:setu')
  expect(chosen()).toEqual(['serpong1'])
})
