import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { toCsv } from './save-file.ts'

test('what is written is read alike', () => {
  const rows = [
    ['line', 'what'],
    ['2', 'Jl. "Ü", 1'],
    ['3', 'two\nlines'],
    ['', ''],
  ]
  expect(parse(toCsv(rows), { bom: true })).toEqual(rows)
  expect(toCsv([[1, undefined]])).toBe('\uFEFF1,\r\n')
})
