import { makeFault } from '@ronda/contracts/testing/make-fault'
import { expect, test } from 'vitest'
import { compareBy } from './order.ts'
import type { Order } from './view.ts'

const sorted = (order: Order, ...faults: Parameters<typeof makeFault>[0][]) =>
  faults
    .map(makeFault)
    .toSorted(compareBy(order))
    .map(({ id }) => id)

test('the gravest come first, then the newest, and two of one instant have an order too', () => {
  const order = sorted(
    'severity',
    { id: 'w', severity: 'warning', raisedAt: 9 },
    { id: 'm2', severity: 'major', raisedAt: 2 },
    { id: 'c', severity: 'critical', raisedAt: 1 },
    { id: 'm3b', severity: 'major', raisedAt: 3 },
    { id: 'm3a', severity: 'major', raisedAt: 3 },
  )
  expect(order).toEqual(['c', 'm3a', 'm3b', 'm2', 'w'])
})

test('of those as grave what is overdue comes first, and what is held back last of all', () => {
  const order = sorted(
    'severity',
    { id: 'held', severity: 'critical', shelvedUntil: 9 },
    { id: 'new', raisedAt: 9 },
    { id: 'late', raisedAt: 1, overdue: true },
    { id: 'minor', severity: 'minor', overdue: true },
  )
  expect(order).toEqual(['late', 'new', 'minor', 'held'])
})

test('by what is due next: the response, or the repair once somebody has it; what is due at no time is last', () => {
  const dueAt = { response: 10, repair: 100 }
  const order = sorted(
    'due',
    { id: 'never', severity: 'critical' },
    { id: 'taken', acknowledged: true, dueAt },
    { id: 'soon', dueAt: { response: 50, repair: 60 } },
    { id: 'first', dueAt },
    { id: 'over', active: false, dueAt },
  )
  expect(order).toEqual(['first', 'soon', 'taken', 'never', 'over'])
})

test('by age the newest is on top, however grave', () => {
  const order = sorted('age', { id: 'old', severity: 'critical', raisedAt: 1 }, { id: 'new', raisedAt: 2 })
  expect(order).toEqual(['new', 'old'])
})
