import { expect, test } from 'vitest'
import { firstIssue, matchesIssued, nextIssue } from './issued-token.ts'
import { newToken } from './secrets.ts'

const [first, second, third] = [newToken(), newToken(), newToken()]
const now = 1_000_000

test('a token counts until another follows it', () => {
  const issued = firstIssue(first)
  expect(matchesIssued(issued, first, now)).toBe('current')
  expect(matchesIssued(issued, Buffer.from(first), now)).toBe('current')
  expect(matchesIssued(issued, second, now)).toBeUndefined()
  const next = nextIssue(issued, second, 0, now)
  expect(next).toEqual(firstIssue(second))
  expect(matchesIssued(next, first, now)).toBeUndefined()
})

test('with an overlap the one before goes on until it ends, and not a millisecond longer', () => {
  const next = nextIssue(firstIssue(first), second, 60, now)
  expect(matchesIssued(next, second, now)).toBe('current')
  expect(matchesIssued(next, first, now)).toBe('previous')
  expect(matchesIssued(next, first, now + 59_999)).toBe('previous')
  expect(matchesIssued(next, first, now + 60_000)).toBeUndefined()
  expect(matchesIssued(next, second, now + 60_000)).toBe('current')
})

test('of three only the last two may count', () => {
  const issued = nextIssue(nextIssue(firstIssue(first), second, 60, now), third, 60, now)
  expect([first, second, third].map((token) => matchesIssued(issued, token, now))).toEqual([
    undefined,
    'previous',
    'current',
  ])
  expect(matchesIssued(nextIssue(issued, first, 0, now), third, now)).toBeUndefined()
})
