import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Flood, floodsOf, peakOf } from './alarm-floods.ts'

const second = 1_000
const minute = 60 * second
const window = 10 * minute

/** So many announcements, one each second. */
const burst = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index * second)
/** One every two and a half minutes: four in any ten. */
const calm = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => from + (index * 5 * minute) / 2)
/** One every two minutes: five in any ten. */
const busy = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index * 2 * minute)

const cases: [what: string, times: readonly number[], until: number, expected: Flood[]][] = [
  ['nothing', [], 0, []],
  ['ten in ten minutes', burst(10), window, []],
  ['the eleventh begins it', burst(11), 10 * second, [{ from: 10 * second, to: undefined }]],
  ['eleven, the first of them ten minutes ago', [0, ...burst(10, window - 9 * second)], window, []],
  [
    'eleven, the first of them a moment less ago',
    [1, ...burst(10, window - 9 * second)],
    window,
    [{ from: window, to: undefined }],
  ],
  ['eleven at once', Array.from({ length: 11 }, () => 5), 5, [{ from: 5, to: undefined }]],
  [
    'it lasts until four are left in the window',
    burst(11),
    6 * second + window - 1,
    [{ from: 10 * second, to: undefined }],
  ],
  ['and ends then', burst(11), 6 * second + window, [{ from: 10 * second, to: 6 * second + window }]],
  [
    'five in each ten minutes keep it up',
    [...burst(11), ...busy(minute, 60)],
    2 * 3_600_000 - minute,
    [{ from: 10 * second, to: undefined }],
  ],
  [
    'four in each ten minutes do not',
    [...burst(11), ...calm(5 * minute, 10)],
    3_600_000,
    [{ from: 10 * second, to: 9 * second + window }],
  ],
  [
    'another one comes after it',
    [...burst(11), ...burst(11, 3 * window)],
    5 * window,
    [
      { from: 10 * second, to: 6 * second + window },
      { from: 3 * window + 10 * second, to: 4 * window + 6 * second },
    ],
  ],
  [
    'the fifth comes in the moment in which it would end',
    [...burst(11), 6 * second + window],
    6 * second + window,
    [{ from: 10 * second, to: undefined }],
  ],
]

/** By looking at every minute. */
function floodsByLooking(times: readonly number[], until: number): Flood[] {
  const floods: Flood[] = []
  let from: number | undefined
  for (let now = 0; now <= until; now += minute) {
    const count = times.filter((at) => at <= now && at > now - window).length
    if (from === undefined && count > 10) from = now
    else if (from !== undefined && count < 5) {
      floods.push({ from, to: now })
      from = undefined
    }
  }
  if (from !== undefined) floods.push({ from, to: undefined })
  return floods
}

/** Whole minutes, oldest first. */
const times = fc
  .array(fc.tuple(fc.nat(90), fc.integer({ min: 1, max: 12 })), { maxLength: 20 })
  .map((groups) =>
    groups.flatMap(([at, count]) => Array.from({ length: count }, () => at * minute)).toSorted((a, b) => a - b),
  )

describe('a flood', () => {
  it.each(cases)('%s', (_, given, until, expected) => {
    expect(floodsOf(given, until)).toEqual(expected)
  })

  it('is what one finds by looking at every moment', () => {
    fc.assert(
      fc.property(times, (given) => {
        expect(floodsOf(given, 120 * minute)).toEqual(floodsByLooking(given, 120 * minute))
      }),
    )
  })
})

describe('the peak', () => {
  it.each([
    ['of nothing', [], 0],
    ['counts what is less than ten minutes apart', [0, 1, window], 2],
    ['and not what is ten minutes apart', [0, window], 1],
    ['may be anywhere', [...burst(3), ...burst(7, window * 2), ...burst(5, window * 4)], 7],
  ])('%s', (_, given: number[], expected) => {
    expect(peakOf(given, -1)).toBe(expected)
  })

  it('is of windows that end in the period', () => {
    const given = [...burst(7), ...burst(3, 3 * window)]
    expect(peakOf(given, window)).toBe(3)
    expect(peakOf(given, 3 * window + 2 * second)).toBe(0)
  })
})
