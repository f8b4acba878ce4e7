import type { FaultEvent } from '@ronda/contracts/fault'
import { makeFault } from '@ronda/contracts/testing/make-fault'
import { describe, expect, it } from 'vitest'
import { type Push, pushBreaches } from './pushes.ts'

const lateMs = 100
const told = (revision: number): FaultEvent => {
  const updatedAt = 1_000 * revision
  return {
    v: 1,
    source: { epoch: 'e', position: revision, n: 0 },
    event: 'updated',
    fault: makeFault({ id: 'f', revision, updatedAt }),
    entry: { at: updatedAt, event: 'updated' },
  }
}
const push = (revision: number, lateMs = 10): Push => ({ faultId: 'f', revision, at: 1_000 * revision + lateMs })
/** The last after the end. */
const events = [told(1), told(2), told(3), told(6)]

function breachesOf(pushes: readonly Push[], downtimes: { service: string; from: number; until: number }[] = []) {
  const { lost, doubled, unordered, late } = pushBreaches({ events, pushes, endsAt: 5_000, downtimes, lateMs })
  return { lost, doubled, unordered, late }
}

const nothing = { lost: [], doubled: [], unordered: [], late: [] }

it('every event once, in order and in time is as it should be', () => {
  expect(breachesOf([push(1), push(2), push(3)])).toEqual(nothing)
})

it('late after a service was away is no breach', () => {
  const away = { service: 'fanout', from: 1_900, until: 2_950 }
  expect(breachesOf([push(1), push(2, 900), push(3)], [away])).toEqual(nothing)
})

describe('a breach', () => {
  it.each([
    [
      'an event that nobody heard',
      [push(1), push(3)],
      { lost: ['1 events never reached the control room: f revision 2'] },
    ],
    [
      'one that was heard twice',
      [push(1), push(2), push(2), push(3)],
      { doubled: ['1 events reached the control room more than once: f revision 2'] },
    ],
    [
      'one that overtook another',
      [push(2), push(1), push(3)],
      { unordered: ['1 events reached the control room out of order: f revision 1'] },
    ],
    [
      'one that took too long',
      [push(1), push(2, 101), push(3)],
      { late: ['1 events reached the control room too late: f revision 2'] },
    ],
    [
      'one that was made up',
      [push(1), push(2), push(3), push(4)],
      { doubled: ['1 events were told that nobody has decided: f revision 4'] },
    ],
  ])('is %s', (_, pushes, breach) => {
    expect(breachesOf(pushes)).toEqual({ ...nothing, ...breach })
  })
})
