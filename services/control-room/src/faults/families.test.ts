import type { Fault } from '@ronda/contracts/fault'
import { expect, test } from 'vitest'
import { makeFault } from '@ronda/contracts/testing/make-fault'
import { compareFaults, gatherFamilies } from './families.ts'

const byId = (...faults: Fault[]) => new Map(faults.map((fault) => [fault.id, fault]))

test('children belong to their parent, in the order of the list', () => {
  const parent = makeFault({ id: 'p', severity: 'critical' })
  const older = makeFault({ id: 'older', parentId: 'p', raisedAt: 1 })
  const newer = makeFault({ id: 'newer', parentId: 'p', raisedAt: 2 })
  const other = makeFault({ id: 'other' })
  const families = gatherFamilies(byId(older, parent, newer, other))
  expect(families.roots.map(({ id }) => id)).toEqual(['p', 'other'])
  expect(families.childrenOf('p').map(({ id }) => id)).toEqual(['newer', 'older'])
  expect(families.childrenOf('other')).toEqual([])
})

test('a child whose parent is not there stands on its own', () => {
  const orphan = makeFault({ id: 'orphan', parentId: 'gone' })
  expect(gatherFamilies(byId(orphan)).roots).toEqual([orphan])
})

test('the gravest come first, then the newest, and two of one instant have an order too', () => {
  const faults = [
    makeFault({ id: 'w', severity: 'warning', raisedAt: 9 }),
    makeFault({ id: 'm2', severity: 'major', raisedAt: 2 }),
    makeFault({ id: 'c', severity: 'critical', raisedAt: 1 }),
    makeFault({ id: 'm3b', severity: 'major', raisedAt: 3 }),
    makeFault({ id: 'm3a', severity: 'major', raisedAt: 3 }),
  ]
  expect(faults.toSorted(compareFaults).map(({ id }) => id)).toEqual(['c', 'm3a', 'm3b', 'm2', 'w'])
})
