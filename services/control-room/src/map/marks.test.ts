import { makeFault } from '@ronda/contracts/testing/make-fault'
import type { Fault } from '@ronda/contracts/fault'
import { expect, test } from 'vitest'
import { gatherFamilies } from '../faults/families.ts'
import { type View, wholeView } from '../faults/view.ts'
import { activeRank, clearedConsequenceRank, clearedRank, consequenceRank, gatherMarks, noMark } from './marks.ts'

function marksOf(faults: readonly Partial<Fault>[], view: Partial<View> = {}) {
  const made = faults.map((fault) => makeFault(fault))
  const families = gatherFamilies(new Map(made.map((fault) => [fault.id, fault])))
  const chosen = { ...wholeView, ...view }
  const { devices, areas } = gatherMarks({ view: chosen, families, person: 'Sari', textOf: ({ name }) => name })
  return {
    devices: Object.fromEntries([...devices].map(([id, { rank, fault }]) => [id, [rank, fault.id]])),
    areas: [...areas.keys()],
  }
}

test('a device is marked by the gravest of its faults, an acknowledged one after one of the same severity that is not', () => {
  const { devices } = marksOf([
    { id: 'a', deviceId: 'pju-1', severity: 'minor' },
    { id: 'b', deviceId: 'pju-1', severity: 'major', acknowledged: true },
    { id: 'c', deviceId: 'pju-1', severity: 'major' },
    { id: 'd', deviceId: 'pju-2', severity: 'critical', acknowledged: true },
    { id: 'e', deviceId: 'pju-2', severity: 'major' },
  ])
  expect(devices).toEqual({ 'pju-1': [2, 'c'], 'pju-2': [1, 'd'] })
})

test('what a fault caused is marked as a consequence, unless it has a fault of its own', () => {
  const { devices } = marksOf([
    { id: 'out', deviceId: 'cab-1', kind: 'cabinet', severity: 'critical' },
    { id: 'x', deviceId: 'pju-1', parentId: 'out', severity: 'major' },
    { id: 'y', deviceId: 'pju-2', parentId: 'out', severity: 'major' },
    { id: 'z', deviceId: 'pju-2', severity: 'warning' },
  ])
  expect(devices).toEqual({ 'cab-1': [0, 'out'], 'pju-1': [consequenceRank, 'x'], 'pju-2': [6, 'z'] })
})

test('what is over is behind whatever holds, a consequence as well', () => {
  const { devices } = marksOf([
    { id: 'a', deviceId: 'pju-1', severity: 'critical', active: false },
    { id: 'b', deviceId: 'pju-1', severity: 'warning', acknowledged: true },
    { id: 'c', deviceId: 'pju-2', severity: 'critical', active: false, acknowledged: true },
    { id: 'out', deviceId: 'cab-1', severity: 'critical' },
    { id: 'x', deviceId: 'pju-3', parentId: 'out' },
    { id: 'y', deviceId: 'pju-3', severity: 'critical', active: false },
    { id: 'z', deviceId: 'pju-4', parentId: 'out', active: false },
  ])
  expect(devices).toEqual({
    'pju-1': [activeRank('warning', true), 'b'],
    'pju-2': [clearedRank('critical'), 'c'],
    'cab-1': [activeRank('critical', false), 'out'],
    'pju-3': [consequenceRank, 'x'],
    'pju-4': [clearedConsequenceRank, 'z'],
  })
  const ranks = [activeRank('warning', true), consequenceRank, clearedRank('critical'), clearedRank('warning')]
  expect([...ranks, clearedConsequenceRank, noMark].toSorted((p, q) => p - q)).toEqual([
    ...ranks,
    clearedConsequenceRank,
    noMark,
  ])
})

test('what the view leaves out is not marked; sites and districts are marked apart', () => {
  const faults: Partial<Fault>[] = [
    { id: 'a', deviceId: 'pju-1', district: 'setu' },
    { id: 'b', deviceId: 'pju-2', district: 'serpong' },
    { id: 's', deviceId: 'pju-2', kind: 'site', district: 'serpong' },
  ]
  expect(marksOf(faults, { districts: ['serpong'] })).toEqual({
    devices: { 'pju-2': [expect.any(Number), 'b'] },
    areas: ['s'],
  })
})
