import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Instant, createMarks } from './marks.ts'

const at = (tsMs: number, sub = 0): Instant => ({ tsMs, sub })
const empty = { loaded: [], floorMs: 0 }

test('a time is above the mark when it is later, to the nanosecond', () => {
  const marks = createMarks(empty)
  expect(marks.rise('a', 5, 7)).toBe(true)
  expect(marks.rise('a', 5, 7)).toBe(false)
  expect(marks.rise('a', 5, 6)).toBe(false)
  expect(marks.rise('a', 4, 999_999)).toBe(false)
  expect(marks.rise('a', 5, 8)).toBe(true)
  expect(marks.rise('a', 6, 0)).toBe(true)
  expect(marks.rise('b', 0, 0)).toBe(true)
})

test('a device that was not loaded has nothing from the floor on, and perhaps something before', () => {
  const marks = createMarks({ loaded: [], floorMs: 100 })
  expect(marks.rise('a', 99, 999_999)).toBe(false)
  expect(marks.rise('a', 100, 0)).toBe(true)
  marks.revert()
  expect(marks.rise('a', 50, 0)).toBe(false)
  expect(marks.rise('a', 100, 0)).toBe(true)
})

test('the newest time of all is that of what is stored and staged', () => {
  expect(createMarks(empty).newestMs()).toBeLessThan(0)
  const marks = createMarks({ loaded: [['a', at(10)]], floorMs: 0 })
  expect(marks.newestMs()).toBe(10)
  marks.rise('b', 9, 0)
  expect(marks.newestMs()).toBe(10)
  marks.rise('b', 12, 0)
  expect(marks.newestMs()).toBe(12)
  marks.revert()
  expect(marks.newestMs()).toBe(10)
  marks.rise('a', 11, 0)
  marks.settle()
  marks.revert()
  expect(marks.newestMs()).toBe(11)
})

test('stages that are taken back leave the marks of those that were committed', () => {
  const time = fc.record({ tsMs: fc.integer({ min: 0, max: 20 }), sub: fc.integer({ min: 0, max: 2 }) })
  const stage = fc.record({
    rises: fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), time), { maxLength: 8 }),
    committed: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(stage, { maxLength: 12 }), (stages) => {
      const all = createMarks(empty)
      const onlyCommitted = createMarks(empty)
      for (const { rises, committed } of stages) {
        const above = rises.map(([device, { tsMs, sub }]) => all.rise(device, tsMs, sub))
        const replayed = committed
          ? rises.map(([device, { tsMs, sub }]) => onlyCommitted.rise(device, tsMs, sub))
          : above
        expect(replayed).toEqual(above)
        if (committed) {
          all.settle()
          onlyCommitted.settle()
        } else all.revert()
        expect(all.newestMs()).toBe(onlyCommitted.newestMs())
      }
    }),
  )
})
