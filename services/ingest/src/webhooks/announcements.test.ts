import type { Fault, FaultEvent, FaultEventName, FilterAttributes } from '@ronda/contracts/fault'
import { ReceiverFilter } from '@ronda/contracts/receiver'
import { describe, expect, test } from 'vitest'
import { makeFault } from '@ronda/contracts/testing/make-fault'
import { judge } from './announcements.ts'

function eventOf(event: FaultEventName, given: Partial<Fault> = {}, before?: FilterAttributes): FaultEvent {
  const moved = before === undefined ? {} : { before }
  return {
    v: 1,
    source: { epoch: 'e', position: 1, n: 0 },
    event,
    fault: makeFault(given),
    entry: { at: 1, event },
    ...moved,
  }
}

const filterOf = (given: object = {}) => ReceiverFilter.parse(given)
const cleared = { active: false }
const elsewhere = { district: 'setu', kind: 'streetlight', severity: 'major' } as const

describe('announcements only', () => {
  test.each([
    ['raised', {}, false, { tell: 'raised', announced: true }],
    ['raised', {}, true, { tell: 'raised' }],
    ['raised', { parentId: 'p' }, false, { tell: undefined }],
    ['raised', { shelvedUntil: 9 }, false, { tell: undefined }],
    ['unshelved', {}, false, { tell: undefined }],
    ['unshelved', {}, true, { tell: undefined }],
    ['updated', {}, true, { tell: undefined }],
    ['acknowledged', {}, true, { tell: undefined }],
    ['shelved', { shelvedUntil: 9 }, true, { tell: undefined }],
    ['cleared', cleared, true, { tell: 'cleared' }],
    ['cleared', { ...cleared, parentId: 'p' }, true, { tell: 'cleared' }],
    ['cleared', cleared, false, { tell: undefined }],
    ['overdue', {}, true, { tell: 'overdue' }],
    ['overdue', {}, false, { tell: undefined }],
    ['closed', cleared, true, { tell: 'closed', announced: false }],
    ['closed', cleared, false, { tell: undefined }],
  ] as const)('%s %j, announced before: %s', (event, given, announced, expected) => {
    expect(judge(eventOf(event, given), filterOf(), announced)).toEqual(expected)
  })
})

describe('everything', () => {
  const filter = filterOf({ announcementsOnly: false })
  test.each(['raised', 'updated', 'acknowledged', 'commented', 'cleared', 'overdue'] as const)(
    '%s is told',
    (event) => {
      expect(judge(eventOf(event, { parentId: 'p' }), filter, false)).toEqual({ tell: event })
    },
  )
})

describe('filters', () => {
  test.each([
    [{ districts: ['serpong'] }, 'raised'],
    [{ districts: ['setu'] }, undefined],
    [{ kinds: ['camera'] }, undefined],
    [{ severities: ['major', 'critical'] }, 'raised'],
    [{ agencies: ['diskominfo'] }, undefined],
    [{ events: ['raised'] }, 'raised'],
    [{ events: ['cleared'] }, undefined],
  ])('%j', (filter, tell) => expect(judge(eventOf('raised'), filterOf(filter), false).tell).toBe(tell))

  test('one that is not told itself still announces what follows', () => {
    const filter = filterOf({ events: ['closed'] })
    expect(judge(eventOf('raised'), filter, false)).toEqual({ tell: undefined, announced: true })
    expect(judge(eventOf('closed', cleared), filter, true)).toEqual({ tell: 'closed', announced: false })
  })

  test('one that leaves the filter is removed, and nothing is told of it afterwards', () => {
    const filter = filterOf({ districts: ['setu'] })
    const moved = eventOf('updated', {}, elsewhere)
    expect(judge(moved, filter, true)).toEqual({ tell: 'removed', announced: false })
    expect(judge(moved, filter, false)).toEqual({ tell: undefined })
    expect(judge(eventOf('cleared', cleared), filter, true)).toEqual({ tell: undefined })
  })

  test('the end of one that no longer matches is forgotten with it', () => {
    expect(judge(eventOf('closed', cleared), filterOf({ districts: ['setu'] }), true)).toEqual({
      tell: undefined,
      announced: false,
    })
  })
})
