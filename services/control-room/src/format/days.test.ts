import { expect, test } from 'vitest'
import { daysUpTo } from './days.ts'

const hour = 3_600_000
const day = 24 * hour

test('the days are those of the calendar, today the last', () => {
  expect(daysUpTo(100 * day + 12 * hour, 12 * hour, 7)).toEqual([94, 95, 96, 97, 98, 99, 100, 101].map((n) => n * day))
})
