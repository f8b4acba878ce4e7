import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createWeekCurve } from './week-curve.ts'

const hourMs = 3_600_000
const weekMs = 168 * hourMs
const curve = createWeekCurve(
  Array.from({ length: 24 }, (_, hour) => hour / 23),
  Array.from({ length: 24 }, () => 0.5),
)

test('a curve passes through its values and is straight between them', () => {
  expect(curve.at(0)).toBe(0)
  expect(curve.at(23 * hourMs)).toBe(1)
  expect(curve.at(10.5 * hourMs)).toBeCloseTo(10.5 / 23)
  expect(curve.at(5 * 24 * hourMs + 3 * hourMs)).toBe(0.5)
  expect(curve.at(weekMs + 23 * hourMs)).toBe(1)
})

test('its hours are the area under it, over any stretch', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4 * weekMs }), fc.integer({ min: 0, max: 2 * weekMs }), (from, length) => {
      const steps = 2_000
      let area = 0
      for (let n = 0; n < steps; n++) area += (curve.at(from + ((n + 0.5) * length) / steps) * length) / steps / hourMs
      expect(Math.abs(curve.hours(from + length) - curve.hours(from) - area)).toBeLessThan(0.3)
    }),
  )
})
