import { expect, test } from 'vitest'
import { hexDump } from './hex.ts'

test('eight bytes a line, with the letters among them', () => {
  expect(hexDump('7b22ff00')).toBe(`0000  7b 22 ff 00${' '.repeat(12)}  {"··`)
  expect(hexDump('41'.repeat(9)).split('\n')).toEqual([
    `0000  ${Array(8).fill('41').join(' ')}  ${'A'.repeat(8)}`,
    `0008  41${' '.repeat(21)}  A`,
  ])
  expect(hexDump('')).toBe('')
})
