import type { AlarmNote } from '@ronda/contracts/alarm-metrics'
import { makeNote } from '@ronda/contracts/testing/make-note'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRecentNotes, keptMs } from './recent-notes.ts'

const start = Date.parse('2026-03-10T20:00:00+07:00')

/** A note that tells when somebody looks at its time. */
function makeCountedNote(at: number, onLook: () => void): AlarmNote {
  return {
    ...makeNote(),
    get at() {
      onLook()
      return at
    },
  }
}

test('notes of the last day and the hour before it are kept, and `since` says what is here', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.integer({ min: 0, max: keptMs }), { maxLength: 8 }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.integer({ min: 0, max: 3 * keptMs }), { minLength: 1 }),
      (batches, maxNotes, ahead) => {
        let last = start
        let decided = start
        const all: number[] = []
        const recent = createRecentNotes({ maxNotes, logTime: () => decided, beganAt: start })
        for (const [index, gaps] of batches.entries()) {
          const times = gaps.map((gap) => (last += gap))
          all.push(...times)
          decided = Math.max(decided, last + (ahead[index % ahead.length] ?? 0))
          last = decided
          recent.push(times.map((at) => makeNote({ at })))
          const kept = recent.notes.map(({ at }) => at)
          expect(kept).toEqual(all.slice(all.length - kept.length))
          expect(all.filter((at) => at > recent.since).length).toBeLessThanOrEqual(kept.length)
          expect(kept.length).toBeLessThan(2 * maxNotes)
          const served = all.filter((at) => at > decided - keptMs).length
          expect(kept.length).toBeGreaterThanOrEqual(Math.min(served, maxNotes))
          expect(kept.length).toBeLessThanOrEqual(2 * served)
        }
      },
    ),
  )
})

test('when all are old none is kept', () => {
  let decided = start
  const recent = createRecentNotes({ maxNotes: 1_000, logTime: () => decided, beganAt: start - 1 })
  recent.push([makeNote({ at: start }), makeNote({ at: start + 1 })])
  expect(recent.notes).toHaveLength(2)
  decided = start + 1 + keptMs
  recent.push([makeNote({ at: start + 1 })])
  expect(recent.notes).toEqual([])
  expect(recent.since).toBe(start + 1)
  expect(recent.now()).toBe(decided)
})

test('a note costs a few looks, however many are kept', () => {
  const count = 20_000
  const step = (2 * keptMs) / count
  let looks = 0
  const recent = createRecentNotes({ maxNotes: count, logTime: () => 0, beganAt: start })
  for (let n = 0; n < count; n++) recent.push([makeCountedNote(start + n * step, () => looks++)])
  expect(recent.notes.length).toBeGreaterThanOrEqual(count / 2)
  expect(looks).toBeLessThan(5 * count)
})
