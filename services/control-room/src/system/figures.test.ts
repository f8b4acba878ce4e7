import { expect, test } from 'vitest'
import { figuresFor } from './figures.ts'

test('counts and sizes are written as the language does', () => {
  const en = figuresFor('en-GB')
  const id = figuresFor('id-ID')
  expect([en.count(1_234_567), id.count(1_234_567)]).toEqual(['1,234,567', '1.234.567'])
  expect([0, 999, 1_000, 1_440, 81_600_000, 2e12, 3e15].map(en.bytes)).toEqual([
    '0 B',
    '999 B',
    '1 KB',
    '1.4 KB',
    '82 MB',
    '2 TB',
    '3,000 TB',
  ])
  expect(id.bytes(1_440)).toBe('1,4 KB')
})

test('a rate that is nearly nothing is not nothing', () => {
  const { rate } = figuresFor('en-GB')
  expect([0, 0.01, 0.25, 9.94, 25.4].map(rate)).toEqual(['0', '<0.1', '0.3', '9.9', '25'])
})
