import { expect, test } from 'vitest'
import { placeOnScale } from './expected-scale.ts'

test.each([
  [230, { low: 207, high: 253 }, 0.25, 0.75, 0.5, false],
  [207, { low: 207, high: 253 }, 0.25, 0.75, 0.25, false],
  [270, { low: 207, high: 253 }, 0.25, 0.75, 0.93, true],
  [0, { low: 207, high: 253 }, 0.25, 0.75, 0, true],
  [12, { low: 7.5 }, 0.5, 1, 0.8, false],
  [2, { low: 7.5 }, 0.5, 1, 0.13, true],
  [30, { high: 50 }, 0, 0.5, 0.3, false],
  [900, { high: 50 }, 0, 0.5, 1, true],
])('%d in %o', (value, range, from, to, at, isOutside) => {
  const placed = placeOnScale(value, range)
  expect(placed).toMatchObject({ from, to, isOutside })
  expect(placed.at).toBeCloseTo(at, 2)
})
