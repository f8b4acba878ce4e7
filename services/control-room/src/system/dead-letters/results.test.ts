import { expect, test } from 'vitest'
import { addResults, noResult } from './results.ts'

test('results add up, reason by reason', () => {
  const first = {
    ...noResult,
    replayed: 3,
    accepted: 1,
    refused: 2,
    reasons: [{ code: 'field_invalid' as const, count: 2 }],
  }
  const second = {
    ...noResult,
    replayed: 2,
    refused: 2,
    skipped: 1,
    reasons: [
      { code: 'field_invalid' as const, count: 1 },
      { code: 'unknown_device' as const, count: 1 },
    ],
  }
  expect(addResults(addResults(noResult, first), second)).toEqual({
    replayed: 5,
    skipped: 1,
    already: 0,
    accepted: 1,
    refused: 4,
    waiting: 0,
    reasons: [
      { code: 'field_invalid', count: 3 },
      { code: 'unknown_device', count: 1 },
    ],
  })
})
