import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBucket, depthMs, isEmpty, spend } from './pace.ts'

/** Waits, ms, and how many messages are tried after each. */
const attempts = fc.array(
  fc.record({ waitMs: fc.double({ min: 0, max: 30_000, noNaN: true }), messages: fc.integer({ min: 0, max: 300 }) }),
  { maxLength: 60 },
)

test('no more passes than the burst and what the rate allows since', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), attempts, (perSecond, steps) => {
      const bucket = createBucket(perSecond)
      let now = 1_000
      const passedAt: number[] = []
      for (const { waitMs, messages } of steps) {
        now += waitMs
        for (let i = 0; i < messages && !isEmpty(bucket, now); i++) {
          spend(bucket, now)
          passedAt.push(now)
        }
      }
      // Between any two messages, too: the burst is not given twice.
      const burst = (perSecond * depthMs) / 1_000
      for (const [first, from] of passedAt.entries()) {
        const most = burst + ((now - from) / 1_000) * perSecond
        expect(passedAt.length - first).toBeLessThanOrEqual(most + 1e-6)
      }
    }),
  )
})

test('whoever keeps to the rate never waits, and a burst after silence passes whole', () => {
  const bucket = createBucket(100)
  for (let i = 0; i < 1_000; i++) {
    expect(isEmpty(bucket, 5_000)).toBe(false)
    spend(bucket, 5_000)
  }
  expect(isEmpty(bucket, 5_000)).toBe(true)
  for (let now = 5_010; now < 60_000; now += 10) {
    expect(isEmpty(bucket, now)).toBe(false)
    spend(bucket, now)
  }
})

test('what was taken beyond is waited for', () => {
  const bucket = createBucket(10)
  for (let i = 0; i < 150; i++) spend(bucket, 0)
  expect(isEmpty(bucket, 5_000)).toBe(true)
  expect(isEmpty(bucket, 5_100)).toBe(false)
})

test('without a limit it is never empty', () => {
  const bucket = createBucket(0)
  for (let i = 0; i < 100_000; i++) spend(bucket, 1)
  expect(isEmpty(bucket, 1)).toBe(false)
})
