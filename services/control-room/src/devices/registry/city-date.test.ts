import { expect, test } from 'vitest'
import { dateOf, startOfDate } from './city-date.ts'

test.each([
  ['Asia/Jakarta', '2026-11-22', '2026-11-21T17:00:00.000Z'],
  ['UTC', '2026-11-22', '2026-11-22T00:00:00.000Z'],
  ['America/Bogota', '2026-11-22', '2026-11-22T05:00:00.000Z'],
  ['Pacific/Kiritimati', '2026-11-22', '2026-11-21T10:00:00.000Z'],
])('a day in %s', (timeZone, date, begins) => {
  const ms = startOfDate(date, timeZone) ?? Number.NaN
  expect(new Date(ms).toISOString()).toBe(begins)
  expect(dateOf(ms, timeZone)).toBe(date)
  expect(dateOf(ms - 1, timeZone)).toBe('2026-11-21')
})

test('what is no day', () => {
  for (const text of ['', '22.11.2026', '2026-13-45']) expect(startOfDate(text, 'UTC')).toBeUndefined()
})
