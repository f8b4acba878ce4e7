import { expect, test } from 'vitest'
import { summarise, toSeries } from './series.ts'

const minute = 60_000

test('what is missing is a gap, in all fields at the same time', () => {
  const rows = [
    { time: 0, values: { powerW: 90, doorOpen: false } },
    { time: minute, values: { powerW: 91 } },
    { time: 10 * minute, values: { powerW: 0, doorOpen: true } },
  ]
  const { times, values } = toSeries(rows, { fields: ['powerW', 'doorOpen'], gapMs: 2 * minute })
  expect(times).toEqual([0, 60, 120, 600])
  expect(values.get('powerW')).toEqual([90, 91, null, 0])
  expect(values.get('doorOpen')).toEqual([0, null, null, 1])
})

test('a summary leaves gaps out, and of nothing there is none', () => {
  expect(summarise([2, null, 4, 0])).toEqual({ least: 0, mean: 2, most: 4, last: 0 })
  expect(summarise([null, null])).toBeUndefined()
  expect(summarise([])).toBeUndefined()
})
