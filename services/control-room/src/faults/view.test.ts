import type { Fault } from '@ronda/contracts/fault'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeFault } from '@ronda/contracts/testing/make-fault'
import { hasStanding, standings, toggleStanding } from './standing.ts'
import {
  type View,
  formatView,
  groupings,
  isNarrowed,
  kinds,
  matchesStanding,
  matchesSubject,
  orders,
  parseView,
  severities,
  subscriptionOf,
  wholeView,
  widened,
} from './view.ts'

describe('the address', () => {
  test('is readable', () => {
    const view: View = {
      agency: 'dishub',
      districts: ['serpong', 'setu'],
      kinds: ['streetlight'],
      severities: ['critical', 'major'],
      standings: ['unacknowledged', 'active', 'mine'],
      search: 'jl. raya & co',
      group: 'district',
      order: 'due',
      open: '0000000001.vendor:x.1a',
      device: undefined,
    }
    expect(formatView(view)).toBe(
      '?agency=dishub&district=serpong,setu&kind=streetlight&severity=critical,major' +
        '&acknowledged=false&active=true&mine=true&search=jl.%20raya%20%26%20co&group=district&sort=due' +
        '&fault=0000000001.vendor:x.1a',
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
      standings: fc
        .subarray([...standings])
        .filter((each) => !(each.includes('acknowledged') && each.includes('unacknowledged'))),
      search: fc.oneof(fc.constant(''), word),
      group: fc.constantFrom(...groupings),
      order: fc.constantFrom(...orders),
      open: fc.option(word, { nil: undefined }),
      device: fc.option(word, { nil: undefined }),
    })
    fc.assert(
      fc.property(view, (each) => {
        expect(parseView(formatView(each))).toEqual(each)
      }),
    )
  })

  test('leaves out what it does not know', () => {
    expect(parseView('?severity=critical,dire&kind=tram&acknowledged=maybe&group=colour&sort=size&utm=1')).toEqual({
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
  expect(isNarrowed({ ...wholeView, standings: ['mine'] })).toBe(true)
})

test('how the list is arranged hides nothing, and outlives the filters', () => {
  const arranged: View = { ...wholeView, agency: 'dishub', group: 'agency', order: 'age' }
  expect(isNarrowed(arranged)).toBe(false)
  expect(widened({ ...arranged, search: 'x', standings: ['overdue'] })).toEqual(arranged)
})

describe('what a view admits', () => {
  const lamp = makeFault({
    district: 'setu',
    severity: 'minor',
    acknowledged: true,
    acknowledgedBy: 'Sari',
    active: false,
  })
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
    [{ standings: ['unacknowledged'] }, false],
    [{ standings: ['active'] }, false],
    [{ standings: ['acknowledged', 'mine'] }, true],
    [{ standings: ['acknowledged', 'overdue'] }, false],
  ] as const)('standing %j: %s', (part, admitted) => {
    expect(matchesStanding({ ...wholeView, ...part }, lamp, 'Sari')).toBe(admitted)
  })

  test('a choice that is left out hides nothing', () => {
    const view: View = { ...wholeView, districts: ['serpong'], severities: ['critical'] }
    expect(matchesSubject(view, lamp, textOf)).toBe(false)
    expect(matchesSubject(view, lamp, textOf, 'districts')).toBe(true)
  })
})

test('a standing takes the place of its opposite, and goes when it is chosen again', () => {
  expect(toggleStanding(['unacknowledged', 'mine'], 'acknowledged')).toEqual(['mine', 'acknowledged'])
  expect(toggleStanding(['mine', 'acknowledged'], 'acknowledged')).toEqual(['mine'])
})

test('a fault is of who was given it, or else of who has taken it on', () => {
  const mine = (part: Partial<Fault>) => hasStanding(makeFault(part), 'mine', 'Sari')
  expect(mine({ acknowledged: true, acknowledgedBy: 'Sari' })).toBe(true)
  expect(mine({ acknowledged: true, acknowledgedBy: 'Sari', assignee: 'Tim 3' })).toBe(false)
  expect(mine({ assignee: 'Sari' })).toBe(true)
  expect(mine({})).toBe(false)
})
