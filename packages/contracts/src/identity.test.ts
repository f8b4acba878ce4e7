import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalText, deliveryText, storeTime, subMillisecond } from './identity.ts'

const fieldsArbitrary = fc.dictionary(
  fc.stringMatching(/^[a-z][A-Za-z0-9]{0,12}$/),
  fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.stringMatching(/^[\w-]{0,8}$/)),
)

describe('identity of a reading', () => {
  test('does not depend on the order of fields or of reported faults', () => {
    fc.assert(
      fc.property(fieldsArbitrary, fc.array(fc.stringMatching(/^[a-z_]{1,8}$/)), (fields, faults) => {
        const reversed = Object.fromEntries(Object.entries(fields).toReversed())
        expect(canonicalText({ fields: reversed, faults: faults.toReversed() })).toBe(canonicalText({ fields, faults }))
      }),
    )
  })

  test('differs when a value, a name, the number or a reported fault differs', () => {
    const texts = [
      { fields: { powerW: 87 } },
      { fields: { powerW: 87.1 } },
      { fields: { dimPct: 87 } },
      { fields: { powerW: 87, dimPct: 1 } },
      { fields: { powerW: 87 }, seq: 1 },
      { fields: { powerW: 87 }, faults: ['lamp_failure'] },
      { fields: { zone: '87' } },
      { fields: {} },
    ].map(canonicalText)
    expect(new Set(texts).size).toBe(texts.length)
  })

  test('no value can imitate another field', () => {
    expect(canonicalText({ fields: { a: 'x";b="y' } })).not.toBe(canonicalText({ fields: { a: 'x', b: 'y' } }))
  })

  // These are in stores: a change here would split their history.
  test('is what it was', () => {
    const text = canonicalText({
      seq: 42,
      faults: ['lamp_failure', 'column_tilt'],
      fields: { powerW: 87.4, override: false, dimPct: 100 },
    })
    expect(text).toBe('dimPct=100;override=false;powerW=87.4;seq=42;faults=column_tilt,lamp_failure;')
    expect(subMillisecond(text)).toBe(552333)
    expect(subMillisecond(deliveryText('e0', 12_288, 3))).toBe(775984)
  })

  test('store time is ts in ns and the part below the millisecond', () => {
    expect(storeTime(1_795_294_780_118, 999_999)).toBe(1_795_294_780_118_999_999n)
    fc.assert(
      fc.property(fc.string(), (text) => {
        const sub = subMillisecond(text)
        expect(Number.isInteger(sub) && sub >= 0 && sub < 1_000_000).toBe(true)
      }),
    )
  })
})
