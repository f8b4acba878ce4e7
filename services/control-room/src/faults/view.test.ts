import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeFault } from '@ronda/contracts/testing/make-fault'
import {
  type View,
  formatView,
  isNarrowed,
  kinds,
  matchesStanding,
  matchesSubject,
  parseView,
  severities,
  subscriptionOf,
  wholeView,
} from './view.ts'

describe('the address', () => {
  test('is readable', () => {
    const view: View = {
      agency: 'dishub',
      districts: ['serpong', 'setu'],
      kinds: ['streetlight'],
      severities: ['critical', 'major'],
      unacknowledged: true,
      active: true,
      search: 'jl. raya & co',
      open: '0000000001.vendor:x.1a',
    }
    expect(formatView(view)).toBe(
      '?agency=dishub&district=serpong,setu&kind=streetlight&severity=critical,major' +
        '&acknowledged=false&active=true&search=jl.%20raya%20%26%20co&fault=0000000001.vendor:x.1a',
    )
  })

  test('of the whole view is empty', () => {
    expect(formatView(wholeView)).toBe('')
    expect(parseView('')).toEqual(wholeView)
  })

  test('gives the view back', () => {
    const word = fc.string({ minLength: 1, maxLength: 12 })
    const slug = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/)
    const view: fc.Arbitrary<View> = fc.record({
      agency: fc.option(slug, { nil: undefined }),
      districts: fc.uniqueArray(slug, { maxLength: 3 }),
      kinds: fc.subarray([...kinds]),
      severities: fc.subarray([...severities]),
      unacknowledged: fc.boolean(),
      active: fc.boolean(),
      search: fc.oneof(fc.constant(''), word),
      open: fc.option(word, { nil: undefined }),
    })
    fc.assert(
      fc.property(view, (each) => {
        expect(parseView(formatView(each))).toEqual(each)
      }),
    )
  })

  test('leaves out what it does not know', () => {
    expect(parseView('?severity=critical,dire&kind=tram&acknowledged=maybe&utm=1')).toEqual({
      ...wholeView,
      severities: ['critical'],
    })
  })
})

test('severities are in the order of their gravity', () => {
  expect(severities).toEqual(['critical', 'major', 'minor', 'warning'])
})

test('only the agency is asked of the server', () => {
  expect(subscriptionOf({ agency: 'dishub' }).agencies).toEqual(['dishub'])
  expect(subscriptionOf(wholeView)).toEqual({ districts: [], kinds: [], severities: [], agencies: [] })
})

test('neither the agency nor an open fault narrows the list', () => {
  expect(isNarrowed({ ...wholeView, agency: 'dishub', open: 'x' })).toBe(false)
  expect(isNarrowed({ ...wholeView, search: 'x' })).toBe(true)
})

describe('what a view admits', () => {
  const lamp = makeFault({ district: 'setu', severity: 'minor', acknowledged: true, active: false })
  const textOf = () => 'lampu padam\npju jl. raya puspiptek 12'

  test.each([
    [{}, true],
    [{ districts: ['setu', 'serpong'] }, true],
    [{ districts: ['serpong'] }, false],
    [{ kinds: ['camera'] }, false],
    [{ search: 'Puspiptek  LAMPU' }, true],
    [{ search: 'puspiptek camera' }, false],
  ] as const)('subject %j: %s', (part, admitted) => {
    expect(matchesSubject({ ...wholeView, ...part }, lamp, textOf)).toBe(admitted)
  })

  test.each([
    [{}, true],
    [{ severities: ['minor'] }, true],
    [{ severities: ['critical'] }, false],
    [{ unacknowledged: true }, false],
    [{ active: true }, false],
  ] as const)('standing %j: %s', (part, admitted) => {
    expect(matchesStanding({ ...wholeView, ...part }, lamp)).toBe(admitted)
  })

  test('a choice that is left out hides nothing', () => {
    const view: View = { ...wholeView, districts: ['serpong'], severities: ['critical'] }
    expect(matchesSubject(view, lamp, textOf, 'districts')).toBe(true)
    expect(matchesStanding(view, lamp, 'severities')).toBe(true)
  })
})
