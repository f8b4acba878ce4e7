import { expect, test } from 'vitest'
import { createTimes, timesFor } from './times.ts'

// 2025-11-21, 14:44:07 UTC
const at = Date.UTC(2025, 10, 21, 14, 44, 7)
const english = createTimes({ locale: 'en-GB', timeZone: 'Asia/Jakarta' })
const indonesian = createTimes({ locale: 'id-ID', timeZone: 'Asia/Jakarta' })

test('times are the city’s, with 24 hours', () => {
  expect(english.clock(at)).toBe('21:44:07')
  expect(indonesian.clock(at)).toBe('21.44.07')
  expect(english.clock(Date.UTC(2025, 10, 21, 17, 0, 0))).toBe('00:00:00')
  expect(english.day(at)).toMatch(/Fri/)
  expect(indonesian.day(at)).toMatch(/Jum/)
})

test('the zone has its own name in both languages', () => {
  expect(english.zone).toBe('WIB')
  expect(indonesian.zone).toBe('WIB')
  expect(createTimes({ locale: 'en-GB', timeZone: 'Asia/Dhaka' }).zone).toBe('GMT+6')
})

test('a moment has its day when that is not the city’s today', () => {
  expect(english.moment(at, at + 60_000)).toBe('21:44')
  // Yesterday in Jakarta, though the same day in UTC.
  expect(english.moment(at, Date.UTC(2025, 10, 21, 17, 1))).toMatch(/21 Nov.*21:44/)
  expect(indonesian.moment(at, at + 86_400_000)).toMatch(/21 Nov.*21\.44/)
})

test('an exact time says everything', () => {
  expect(english.exact(at)).toMatch(/Friday.*21 November 2025.*21:44:07 WIB/)
  expect(indonesian.exact(at)).toMatch(/Jumat.*21 November 2025.*21\.44\.07 WIB/)
})

test('a day begins at the city’s midnight', () => {
  expect(english.sinceMidnight(at)).toBe(((21 * 60 + 44) * 60 + 7) * 1_000)
  expect(english.sinceMidnight(Date.UTC(2025, 10, 21, 17))).toBe(0)
  expect(indonesian.weekday(at)).toBe('Jum')
})

test('are made once for a language and a zone', () => {
  const options = { locale: 'id-ID', timeZone: 'Asia/Jakarta' }
  expect(timesFor(options)).toBe(timesFor({ ...options }))
  expect(timesFor(options).clock(at)).toBe('21.44.07')
  expect(timesFor({ ...options, locale: 'en-GB' }).clock(at)).toBe('21:44:07')
})
