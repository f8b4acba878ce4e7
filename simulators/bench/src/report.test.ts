import { describe, expect, test } from 'vitest'
import { lineOf } from './report.ts'

const figure = { suite: 'broker', figure: 'memory a connection', unit: 'KB' }

describe('a target', () => {
  test.each([
    ['a value that has to be reached', { value: 40 }, { of: 'value', atLeast: 40 }, true],
    ['a value below it', { value: 39 }, { of: 'value', atLeast: 40 }, false],
    ['a value that may not be exceeded', { value: 30, baseline: 25 }, { of: 'value', atMost: 31 }, true],
    ['a value beyond it', { value: 31.5, baseline: 25 }, { of: 'value', atMost: 31 }, false],
    ['a ratio that has to be reached', { value: 90, baseline: 100 }, { of: 'ratio', atLeast: 0.85 }, true],
    ['a ratio below it, whatever the value', { value: 80, baseline: 100 }, { of: 'ratio', atLeast: 0.85 }, false],
    ['the ratio as it was measured', { value: 90, baseline: 100, ratio: 0.8 }, { of: 'ratio', atLeast: 0.85 }, false],
    ['a ratio to nothing', { value: 3, baseline: 0 }, { of: 'ratio', atMost: 1 }, false],
  ] as const)('%s', (_, measured, target, met) => {
    expect(lineOf({ ...figure, ...measured, target })).toMatchObject({ met })
  })

  test('is a number in the line, beside what it bounds', () => {
    expect(lineOf({ ...figure, value: 30, baseline: 25, target: { of: 'value', atMost: 31 } })).toEqual({
      ...figure,
      value: 30,
      baseline: 25,
      ratio: 1.2,
      target: 31,
      targetOf: 'value',
      bound: 'at most',
      met: true,
    })
  })
})

test('a ratio to nothing is left out', () => {
  expect(lineOf({ ...figure, value: 0, baseline: 0, ratio: Number.NaN })).toEqual({ ...figure, value: 0, baseline: 0 })
})

test('without a target or a baseline there is nothing to meet or to compare', () => {
  expect(lineOf({ ...figure, value: 30 })).toEqual({ ...figure, value: 30 })
})
