import { makeFault } from '@ronda/contracts/testing/make-fault'
import { describe, expect, test } from 'vitest'
import type { ActionRequest } from '../../api/faults.ts'
import { actionNames, canDo, foresee } from './effects.ts'

const fault = makeFault()
const shelved = { ...fault, shelvedUntil: 9 }

describe('what can be done', () => {
  test.each([
    ['a new fault', fault, ['acknowledge', 'assign', 'shelve', 'comment', 'close']],
    ['one that somebody has', { ...fault, acknowledged: true }, ['assign', 'shelve', 'comment', 'close']],
    ['a shelved one', shelved, ['acknowledge', 'assign', 'unshelve', 'comment', 'close']],
    // Its window ends by itself, or where it was planned.
    ['one in maintenance', { ...shelved, maintenance: 'w1' }, ['acknowledge', 'assign', 'comment', 'close']],
    ['a closed one', { ...fault, closedAt: 1 }, []],
  ])('with %s', (_name, given, doable) => {
    expect(actionNames.filter((action) => canDo(action, given))).toEqual(doable)
  })
})

describe('what is shown before it is decided', () => {
  test.each<[ActionRequest, object]>([
    [{ action: 'acknowledge' }, { acknowledged: true, acknowledgedBy: 'Sari' }],
    [{ action: 'assign', assignee: 'Tim 3' }, { assignee: 'Tim 3' }],
    [{ action: 'shelve', durationMin: 2, reason: 'x' }, { shelvedUntil: 120_007 }],
    [{ action: 'comment', note: 'x' }, {}],
    // It cannot be undone: it is not shown as done before it is.
    [{ action: 'close', reason: 'x' }, {}],
  ])('%j', (request, change) => {
    expect(foresee(fault, { request, by: 'Sari', at: 7 })).toEqual({ ...fault, ...change })
  })

  test('what is taken away is gone', () => {
    const given = { ...shelved, assignee: 'Tim 3' }
    expect(foresee(given, { request: { action: 'unshelve' }, by: 'Sari', at: 7 })).not.toHaveProperty('shelvedUntil')
    const request: ActionRequest = { action: 'assign', assignee: null }
    expect(foresee(given, { request, by: 'Sari', at: 7 })).not.toHaveProperty('assignee')
  })
})
