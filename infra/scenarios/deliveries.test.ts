import { describe, expect, it } from 'vitest'
import { type Arrival, deliveryBreaches } from './deliveries.ts'

const lateMs = 100
const timeOf = (seq: number) => 1_000 * seq
/** Received so long after it was measured. */
const arrival = (seq: number, afterMs = 5): Arrival => ({ seq, receivedAt: timeOf(seq) + afterMs, time: timeOf(seq) })
/** Acknowledged so long after it was measured. */
const receipt = (seq: number, afterMs = 10) => ({ seq, at: timeOf(seq) + afterMs })
const row = (seq: number) => ({ seq, time: timeOf(seq) })

const fine = {
  receipts: [receipt(0), receipt(1), receipt(2)],
  arrivals: [arrival(0), arrival(1), arrival(2)],
  stored: [row(0), row(1), row(2)],
}

function breachesOf(changed: Partial<typeof fine>) {
  const { receipts, arrivals, stored } = { ...fine, ...changed }
  return deliveryBreaches({
    receipts: new Map([['lamp', receipts]]),
    arrivals: new Map([['lamp', arrivals]]),
    stored: new Map([['lamp', stored]]),
    lateMs,
  })
}

const nothing = { lost: [], doubled: [], unordered: [], late: [] }

describe('all is as it should be', () => {
  it.each<[string, Partial<typeof fine>]>([
    ['when what was acknowledged is stored, once and in its order', {}],
    ['when something is stored whose acknowledgement never arrived', { receipts: [receipt(0), receipt(2)] }],
    [
      'when it is acknowledged as often as it was sent',
      { receipts: [...fine.receipts, receipt(0, 2_020)], arrivals: [...fine.arrivals, arrival(0, 2_015)] },
    ],
    [
      'when it is acknowledged only after it has come once more, after others',
      {
        receipts: [receipt(1), receipt(2), receipt(0, 2_020)],
        arrivals: [arrival(0), arrival(1), arrival(2), arrival(0, 2_015)],
      },
    ],
  ])('%s', (_, changed) => expect(breachesOf(changed)).toEqual(nothing))
})

describe('a breach is told', () => {
  it.each<[string, Partial<typeof fine>, object]>([
    [
      'when the store lacks a reading',
      { stored: [row(0), row(2)] },
      { lost: [expect.stringMatching(/^1 acknowledged readings are not in the store: lamp 1 of/)] },
    ],
    [
      'when the log does',
      { arrivals: fine.arrivals.slice(0, 2), stored: fine.stored.slice(0, 2) },
      {
        lost: [
          '1 acknowledged readings are not in the log: lamp 2',
          '1 acknowledged readings are not in the store: lamp 2',
        ],
      },
    ],
    [
      'when one is stored twice',
      { stored: [...fine.stored, row(1)] },
      { doubled: [expect.stringMatching(/^1 readings are in the store more than once: lamp 1 of/)] },
    ],
    [
      'when a row comes from nobody',
      { stored: [...fine.stored, row(7)] },
      { doubled: [expect.stringMatching(/^1 rows of the store follow from nothing in the log: lamp 7 of/)] },
    ],
    [
      'when the log has them in another order',
      { arrivals: fine.arrivals.toReversed() },
      {
        unordered: [expect.stringMatching(/^2 readings are in the log in another order than .*: lamp 1 of .*, lamp 2/)],
      },
    ],
    [
      'when one was acknowledged before it was received',
      { receipts: [receipt(0), receipt(1, 4), receipt(2)] },
      { unordered: [expect.stringMatching(/^1 readings were acknowledged before they were received: lamp 1/)] },
    ],
    [
      'when one was acknowledged long after it was received',
      { receipts: [receipt(0), receipt(1, 106), receipt(2)] },
      { late: [expect.stringMatching(/^1 readings were acknowledged too late: lamp 1/)] },
    ],
  ])('%s', (_, changed, breach) => expect(breachesOf(changed)).toEqual({ ...nothing, ...breach }))
})
