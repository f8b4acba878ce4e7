import { expect, test } from 'vitest'
import { en } from '../text/en.ts'
import { id } from '../text/id.ts'
import { formatAge } from './age.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

test.each([
  [-3 * second, '0 s', '0 dtk'],
  [999, '0 s', '0 dtk'],
  [59_999, '59 s', '59 dtk'],
  [minute, '1 min', '1 mnt'],
  [hour - 1, '59 min', '59 mnt'],
  [hour, '1 h', '1 jam'],
  [2 * hour + 5 * minute, '2 h 5 min', '2 jam 5 mnt'],
  [day, '1 d', '1 hari'],
  [12 * day + 23 * hour + 59 * minute, '12 d 23 h', '12 hari 23 jam'],
])('%d ms: %s, %s', (ms, english, indonesian) => {
  expect(formatAge(ms, en.age)).toBe(english)
  expect(formatAge(ms, id.age)).toBe(indonesian)
})
