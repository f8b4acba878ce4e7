import { makeFault } from '@ronda/contracts/testing/make-fault'
import { expect, test } from 'vitest'
import { daysUpTo } from '../format/days.ts'
import { layOutWeek } from './week.ts'

const hour = 3_600_000
const day = 24 * hour
// Noon in the city.
const now = 100 * day + 12 * hour
const days = daysUpTo(now, 12 * hour, 7)

function layOut(...faults: Parameters<typeof makeFault>[0][]) {
  const { bars, lanes, faults: shown } = layOutWeek(faults.map(makeFault), { days, now })
  return {
    lanes,
    shown: shown.map(({ id }) => id),
    bars: bars.map(({ fault, lane, from, width }) => [fault.id, lane, from * 7, width * 7]),
  }
}

test('a fault stands from its raise to its end, or to now', () => {
  const week = layOut(
    { id: 'cleared', raisedAt: 95 * day, active: false, clearedAt: 96 * day, closedAt: 99 * day },
    { id: 'active', raisedAt: 99 * day },
  )
  expect(week.bars).toEqual([
    ['cleared', 0, 1, 1],
    ['active', 0, 5, 1.5],
  ])
  expect(week.shown).toEqual(['active', 'cleared'])
})

test('what began before is cut off, and what was over by then is not shown', () => {
  const week = layOut(
    { id: 'long', raisedAt: 90 * day },
    { id: 'over', raisedAt: 91 * day, active: false, clearedAt: 92 * day },
  )
  expect(week.bars).toEqual([['long', 0, 0, 6.5]])
})

test('those that held at once have lanes of their own, four at most', () => {
  const many = Array.from({ length: 6 }, (_, i) => ({ id: `f${i}`, raisedAt: 98 * day + i }))
  const week = layOut(...many, { id: 'before', raisedAt: 94 * day, active: false, clearedAt: 95 * day })
  expect(week.lanes).toBe(4)
  expect(week.bars.map(([id, lane]) => `${id} ${lane}`)).toEqual([
    'before 0',
    'f0 0',
    'f1 1',
    'f2 2',
    'f3 3',
    'f4 3',
    'f5 3',
  ])
})

test('a quiet week has one lane', () => {
  expect(layOut()).toEqual({ lanes: 1, shown: [], bars: [] })
})
