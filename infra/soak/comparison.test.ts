import { describe, expect, test } from 'vitest'
import { type StoredReading, compare } from './comparison.ts'

const timeOf = (n: number) => 1_000 + 10 * n
const row = (seq: number): StoredReading => ({ seq, time: timeOf(seq) })
/** Readings 0 to 3 were published, 0 to 2 acknowledged. */
const sent = {
  acknowledged: new Map([['lamp', new Set([0, 1, 2])]]),
  timeOf: (device: string, n: number) => (device === 'lamp' && n >= 0 && n < 4 ? timeOf(n) : undefined),
}
const nothing = { missing: [], doubled: [], foreign: [] }

function compareWith(...rows: StoredReading[]) {
  return compare(sent, new Map([['lamp', rows]]))
}

describe('nothing is wrong', () => {
  test('when exactly what was acknowledged is there', () => {
    expect(compareWith(row(0), row(1), row(2))).toEqual({ ...nothing, stored: 3 })
  })

  test('when a reading is there whose acknowledgement never arrived', () => {
    expect(compareWith(row(0), row(1), row(2), row(3))).toEqual({ ...nothing, stored: 4 })
  })
})

describe('a breach is found', () => {
  test('when an acknowledged reading is missing', () => {
    expect(compareWith(row(0), row(2))).toEqual({
      ...nothing,
      stored: 2,
      missing: [{ device: 'lamp', ...row(1) }],
    })
  })

  test('when a device has no row at all', () => {
    expect(compare(sent, new Map()).missing).toHaveLength(3)
  })

  test.each([
    ['acknowledged', 1],
    ['unacknowledged', 3],
  ])('when an %s reading is there twice', (_, seq) => {
    expect(compareWith(row(0), row(1), row(2), row(3), row(seq))).toEqual({
      ...nothing,
      stored: 5,
      doubled: [{ device: 'lamp', ...row(seq) }],
    })
  })

  test.each([
    ['was never published', row(4)],
    ['has no number', { seq: -1, time: timeOf(1) }],
  ])('when a row %s', (_, foreign) => {
    expect(compareWith(row(0), row(1), row(2), foreign)).toEqual({
      ...nothing,
      stored: 4,
      foreign: [{ device: 'lamp', ...foreign }],
    })
  })

  test('when a reading has the time of another', () => {
    const moved = { seq: 1, time: timeOf(2) }
    expect(compareWith(row(0), moved, row(2))).toEqual({
      stored: 3,
      missing: [{ device: 'lamp', ...row(1) }],
      doubled: [],
      foreign: [{ device: 'lamp', ...moved }],
    })
  })

  test('when a device has rows that has published nothing', () => {
    const stored = new Map([
      ['lamp', [row(0), row(1), row(2)]],
      ['stranger', [row(0)]],
    ])
    expect(compare(sent, stored).foreign).toEqual([{ device: 'stranger', ...row(0) }])
  })
})
