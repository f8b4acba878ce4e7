import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Instant, createMarks } from './marks.ts'

const at = (tsMs: number, sub = 0): Instant => ({ tsMs, sub })
const empty = { loaded: [], floorMs: 0, newest: undefined }

test('a time is above the mark when it is later, to the nanosecond', () => {
  const marks = createMarks(empty)
  expect(marks.rise('a', at(5, 7))).toBe(true)
  expect(marks.rise('a', at(5, 7))).toBe(false)
  expect(marks.rise('a', at(5, 6))).toBe(false)
  expect(marks.rise('a', at(4, 999_999))).toBe(false)
  expect(marks.rise('a', at(5, 8))).toBe(true)
  expect(marks.rise('a', at(6))).toBe(true)
  expect(marks.rise('b', at(0))).toBe(true)
})

test('the newest time of a device is that of its last committed row', () => {
  const marks = createMarks({ loaded: [['a', at(5)]], floorMs: 3, newest: at(5) })
  expect(marks.newestOf('a')).toEqual(at(5))
  marks.rise('a', at(6))
  marks.rise('b', at(7))
  expect(marks.newestOf('a')).toEqual(at(5))
  expect(marks.newestOf('b')).toBeUndefined()
  marks.settle()
  expect(marks.newestOf('a')).toEqual(at(6))
  expect(marks.newestOf('b')).toEqual(at(7))
})

test('a device that was not loaded has nothing from the floor on, and perhaps something before', () => {
  const marks = createMarks({ loaded: [], floorMs: 100, newest: at(200) })
  expect(marks.rise('a', at(99, 999_999))).toBe(false)
  expect(marks.newestOf('a')).toBeUndefined()
  expect(marks.rise('a', at(100))).toBe(true)
  marks.revert()
  expect(marks.rise('a', at(50))).toBe(false)
  expect(marks.rise('a', at(100))).toBe(true)
})

test('what a stage raised is told until it is settled', () => {
  const marks = createMarks({ loaded: [], floorMs: 0, newest: at(10) })
  marks.rise('a', at(9))
  expect(marks.risen()).toBeUndefined()
  marks.rise('a', at(11, 3))
  marks.rise('b', at(11, 2))
  expect(marks.risen()).toEqual(at(11, 3))
  marks.revert()
  expect(marks.risen()).toBeUndefined()
  marks.rise('a', at(12))
  marks.settle()
  expect(marks.risen()).toBeUndefined()
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
        const above = rises.map(([device, instant]) => all.rise(device, instant))
        const replayed = committed ? rises.map(([device, instant]) => onlyCommitted.rise(device, instant)) : above
        expect(replayed).toEqual(above)
        if (committed) {
          all.settle()
          onlyCommitted.settle()
        } else all.revert()
        for (const device of ['a', 'b', 'c']) expect(all.newestOf(device)).toEqual(onlyCommitted.newestOf(device))
      }
    }),
  )
})
