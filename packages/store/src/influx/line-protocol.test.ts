import { describe, expect, test } from 'vitest'
import type { Row } from '../store.ts'
import { lineOf } from './line-protocol.ts'

function line(fields: Row['fields'], more: Partial<Row> = {}): string {
  return lineOf({
    measurement: 'streetlight',
    device: 'pju-00001',
    district: 'serpong',
    tsMs: 1_795_219_200_000,
    sub: 42,
    fields,
    ...more,
  })
}

describe('a row as a line', () => {
  test('has its tags, fields and ns', () => {
    expect(line({ powerW: 80.5, override: true, faults: 'a' })).toBe(
      'streetlight,device=pju-00001,district=serpong powerW=80.5,override=true,faults="a" 1795219200000000042',
    )
  })

  test('has no integer, however whole a number is', () => {
    expect(line({ energyWh: 1e15 })).toContain(' energyWh=1000000000000000 ')
    expect(line({ powerW: -0.1 })).toContain(' powerW=-0.1 ')
    expect(line({ powerW: 1e-7 })).toContain(' powerW=1e-7 ')
  })

  test.each([
    ['plain', 'plain'],
    ['with space', 'with\\ space'],
    ['a,b=c', 'a\\,b\\=c'],
    ['Ciputat — 日本', 'Ciputat\\ —\\ 日本'],
  ])('escapes the tag %j', (district, escaped) => {
    expect(line({ powerW: 1 }, { district })).toContain(`,district=${escaped} `)
  })

  test.each([
    ['plain', '"plain"'],
    ['', '""'],
    ['say "no"', '"say \\"no\\""'],
    ['back\\slash', '"back\\\\slash"'],
    ['a\nb', '"a\nb"'],
    ['a,b=c d', '"a,b=c d"'],
  ])('quotes the text %j', (faults, quoted) => {
    expect(line({ faults })).toContain(` faults=${quoted} `)
  })

  test.each([[{}], [{ nope: 1 }], [{ toString: 1 }], [{ powerW: '1' }], [{ powerW: Infinity }], [{ override: 1 }]])(
    '%j is a bug of the caller',
    (fields) => {
      expect(() => line(fields)).toThrow(/streetlight/)
    },
  )
})
