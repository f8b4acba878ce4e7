import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCursorCodec, filterTagOf, normalise } from './cursor.ts'

const epochs = { faults: 'f', log: 'l' }
const codec = createCursorCodec(epochs)
const everything = { districts: [], kinds: [], severities: [], agencies: [] }
const tag = filterTagOf(everything)

describe('cursor', () => {
  test('any place comes back from its text, which fits a subscription', () => {
    const number = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
    fc.assert(
      fc.property(number, number, number, number, (position, ordinal, sourcePosition, n) => {
        const place = { position, ordinal, seen: { epoch: epochs.log, position: sourcePosition, n } }
        const text = codec.at(place, tag)
        expect(text.length).toBeLessThanOrEqual(200)
        expect(codec.parse(text)).toEqual({ kind: 'complete', epochTag: codec.epochTag, filterTag: tag, place })
      }),
    )
  })

  test('a place before the first event, or after one of another log, remembers no source', () => {
    for (const seen of [undefined, { epoch: 'older', position: 900, n: 1 }]) {
      const parsed = codec.parse(codec.at({ position: 7, ordinal: 2, seen }, tag))
      expect(parsed).toMatchObject({ place: { position: 7, ordinal: 2, seen: undefined } })
    }
  })

  test('a partial one says that nobody can go on from it', () => {
    expect(codec.parse(codec.partial(tag))).toEqual({ kind: 'partial', epochTag: codec.epochTag, filterTag: tag })
  })

  test('anything else is none, and never an error', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200, unit: 'binary' }), (text) => {
        expect(codec.parse(`${text}.`)).toBeUndefined()
      }),
    )
    const [position, ...rest] = codec.at({ position: 7, ordinal: 2, seen: undefined }, tag).split('.')
    expect(codec.parse([`${position}-`, ...rest].join('.'))).toBeUndefined()
    // Beyond the integers that are safe.
    expect(codec.parse(['zzzzzzzzzzz', ...rest].join('.'))).toBeUndefined()
  })

  test('streams of another data directory have another epoch', () => {
    expect(createCursorCodec({ ...epochs, faults: 'g' }).epochTag).not.toBe(codec.epochTag)
    expect(createCursorCodec({ ...epochs, log: 'm' }).epochTag).not.toBe(codec.epochTag)
  })
})

describe('filter', () => {
  test('neither order nor repetition makes it another', () => {
    const one = normalise({ ...everything, districts: ['setu', 'ciputat', 'setu'], severities: ['minor', 'critical'] })
    const same = normalise({ ...everything, districts: ['ciputat', 'setu'], severities: ['critical', 'minor'] })
    expect(filterTagOf(one)).toBe(filterTagOf(same))
  })

  test('what stands in another list is another', () => {
    expect(filterTagOf({ ...everything, districts: ['a'] })).not.toBe(filterTagOf({ ...everything, agencies: ['a'] }))
    expect(filterTagOf({ ...everything, districts: ['a', 'b'] })).not.toBe(
      filterTagOf({ ...everything, districts: ['a,b'] }),
    )
  })
})
