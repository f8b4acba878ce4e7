import type { Ledger } from '@ronda/contracts/ledger'
import { expect, test } from 'vitest'
import { type Evidence, breachesOf } from './verdict.ts'

const ledger: Ledger = {
  accepted: 12,
  written: 12,
  deadLettered: 0,
  pending: 0,
  balanced: true,
  readings: { stored: 10, collapsed: 2, refused: 0 },
}
const reading = { device: 'lamp', seq: 7, time: Date.UTC(2026, 0, 1) }
const good: Evidence = {
  published: 10,
  acknowledged: 10,
  recovered: true,
  ledger,
  comparison: { stored: 10, missing: [], doubled: [], foreign: [] },
  faults: { expected: 2, lost: [], doubled: [] },
}

test('what holds is no breach, messages that arrived twice included', () => {
  expect(breachesOf(good)).toEqual([])
})

test.each<[string, Partial<Evidence>, string]>([
  ['no recovery', { recovered: false }, 'did not recover'],
  ['no acknowledgement', { acknowledged: 9 }, '1 readings were never acknowledged'],
  ['a loss', { comparison: { ...good.comparison, missing: [reading] } }, 'missing: lamp 7 of 2026-01-01T00:00:00.000Z'],
  ['a double', { comparison: { ...good.comparison, doubled: [reading] } }, '1 readings are there more than once'],
  ['a stranger', { comparison: { ...good.comparison, foreign: [reading] } }, '1 rows were never published'],
  ['a lost fault', { faults: { ...good.faults, lost: ['camera-1'] } }, '1 faults are lost: camera-1'],
  ['a doubled fault', { faults: { ...good.faults, doubled: ['camera-1'] } }, '1 faults were raised more than once'],
  ['messages that still wait', { ledger: undefined }, 'did not come to rest'],
  ['a ledger that does not balance', { ledger: { ...ledger, balanced: false } }, 'does not balance'],
  ['a ledger without an acknowledged message', { ledger: { ...ledger, accepted: 9 } }, 'accepted 9 messages, 10 were'],
  ['dead letters', { ledger: { ...ledger, deadLettered: 1 } }, '1 messages were dead-lettered'],
  [
    'a ledger that counts other rows',
    { comparison: { ...good.comparison, stored: 11 } },
    '10 readings are stored, there are 11',
  ],
])('%s is a breach', (_, evidence, words) => {
  expect(breachesOf({ ...good, ...evidence })).toEqual([expect.stringContaining(words)])
})

test('a store that does not tell what collapsed is not held to the ledger’s count of rows', () => {
  const untold = { ...ledger, readings: { stored: 12, collapsed: null, refused: 0 } }
  expect(breachesOf({ ...good, ledger: untold })).toEqual([])
})
