import { makeFault } from '@ronda/contracts/testing/make-fault'
import { expect, test } from 'vitest'
import { dueOf } from './due.ts'

const dueAt = { response: 10, repair: 100 }

test('an acknowledgement is due first, the repair once it is given', () => {
  expect(dueOf(makeFault({ dueAt }))).toEqual({ what: 'response', at: 10 })
  expect(dueOf(makeFault({ dueAt, acknowledged: true }))).toEqual({ what: 'repair', at: 100 })
})

test('nothing is due of what is over, whether somebody has acknowledged it or not', () => {
  expect(dueOf(makeFault({ dueAt, active: false }))).toBeUndefined()
  expect(dueOf(makeFault({ dueAt, active: false, acknowledged: true }))).toBeUndefined()
})

test('nothing is due where the agency has no targets', () => {
  expect(dueOf(makeFault({}))).toBeUndefined()
})
