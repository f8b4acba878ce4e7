import type { Fault } from '@ronda/contracts/fault'
import { expect, test } from 'vitest'
import { makeFault } from '@ronda/contracts/testing/make-fault'
import { gatherFamilies, withoutFamilies } from './families.ts'

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

test('without families every fault stands for itself', () => {
  const parent = makeFault({ id: 'p' })
  const child = makeFault({ id: 'c', parentId: 'p' })
  const families = withoutFamilies(byId(parent, child))
  expect(families.roots).toEqual([parent, child])
  expect(families.childrenOf('p')).toEqual([])
})
