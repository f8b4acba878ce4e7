import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { connectionsOf } from './connections.ts'

type Word = [time: number, word: 'birth' | 'goodbye' | 'will', connectedAt?: number]

const rowsOf = (words: readonly Word[]) =>
  words.map(([time, word, connectedAt]) => ({
    time,
    values: { online: word === 'birth', will: word === 'will', ...(connectedAt === undefined ? {} : { connectedAt }) },
  }))
const listed = (...words: Word[]) => connectionsOf(rowsOf(words))

describe('connections', () => {
  test('last from birth to will or goodbye, the newest first', () => {
    expect(
      listed([10, 'birth', 9], [20, 'will', 9], [30, 'birth', 29], [45, 'goodbye', 29], [50, 'birth', 49]),
    ).toEqual([{ since: 50 }, { since: 30, until: 45, end: 'left' }, { since: 10, until: 20, end: 'broke' }])
  })

  test('do not begin or end twice, whatever is said twice', () => {
    expect(listed([10, 'birth', 9], [11, 'birth', 9], [20, 'goodbye', 9], [21, 'goodbye', 9], [22, 'will', 9])).toEqual(
      [{ since: 10, until: 20, end: 'left' }],
    )
  })

  test('that ended while nobody listened: how and when is not known', () => {
    expect(listed([10, 'birth', 9], [90, 'birth', 89])).toEqual([
      { since: 90 },
      { since: 10, until: 90, end: 'unseen' },
    ])
  })

  test('are not ended by the will of an older one', () => {
    expect(listed([10, 'birth', 9], [90, 'birth', 89], [95, 'will', 9])).toEqual([
      { since: 90 },
      { since: 10, until: 90, end: 'unseen' },
    ])
  })

  test('that began before what is known, or without a birth, have no beginning', () => {
    expect(listed([20, 'will', 9], [30, 'birth', 29], [50, 'will', 40])).toEqual([
      { until: 50, end: 'broke' },
      { since: 30, until: 50, end: 'unseen' },
      { until: 20, end: 'broke' },
    ])
  })

  test('of a gateway’s device come and go within the gateway’s', () => {
    expect(listed([10, 'birth', 1], [20, 'goodbye', 1], [30, 'birth', 1])).toEqual([
      { since: 30 },
      { since: 10, until: 20, end: 'left' },
    ])
  })

  test('without a word of which one it was are told apart by what was said', () => {
    expect(listed([10, 'birth'], [11, 'birth'], [20, 'will'], [21, 'will'], [30, 'birth'])).toEqual([
      { since: 30 },
      { since: 10, until: 20, end: 'broke' },
    ])
  })

  test('do not depend on the order of what is told, and never overlap', () => {
    const word = fc.constantFrom('birth' as const, 'goodbye' as const, 'will' as const)
    const words = fc.uniqueArray(fc.tuple(fc.nat(1_000), word, fc.option(fc.nat(1_000), { nil: undefined })), {
      selector: ([time]) => time,
    })
    fc.assert(
      fc.property(words, (all) => {
        const found = connectionsOf(rowsOf(all as Word[]))
        expect(connectionsOf(rowsOf(all.toReversed() as Word[]))).toEqual(found)
        const edges = found.toReversed().flatMap(({ since, until }) => [since, until].filter((at) => at !== undefined))
        expect(edges).toEqual(edges.toSorted((a, b) => a - b))
        expect(found.slice(1).every(({ end }) => end !== undefined)).toBe(true)
      }),
    )
  })
})
