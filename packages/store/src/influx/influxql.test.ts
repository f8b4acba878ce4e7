import { describe, expect, test } from 'vitest'
import { resolveQuery } from '../query.ts'
import type { HistoryQuery } from '../store.ts'
import { historyQuery, identifier, latestQuery, literal, rowsOf } from './influxql.ts'

const query: HistoryQuery = {
  measurement: 'streetlight',
  device: `it's`,
  fields: ['powerW', 'override'],
  from: 1_000,
  to: 5_000,
  limit: 10,
}

describe('a query', () => {
  test('for rows', () => {
    expect(historyQuery(query, resolveQuery(query))).toBe(
      `SELECT "powerW", "override" FROM "streetlight" WHERE "device" = 'it\\'s' AND time >= 1000ms AND time < 5000ms ORDER BY time ASC LIMIT 10`,
    )
  })

  test('for the newest rows first', () => {
    const newest: HistoryQuery = { ...query, first: 'newest' }
    expect(historyQuery(newest, resolveQuery(newest))).toMatch(/ ORDER BY time DESC LIMIT 10$/)
  })

  test('for buckets', () => {
    const buckets = { ...query, everyMs: 60_000, from: -5, to: Infinity }
    expect(historyQuery(buckets, resolveQuery(buckets))).toBe(
      `SELECT mean("powerW") AS "powerW", last("override") AS "override" FROM "streetlight" WHERE "device" = 'it\\'s' AND time >= 0ms AND time < 9223372036854ms GROUP BY time(60000ms) fill(none) ORDER BY time ASC LIMIT 10`,
    )
  })

  test('for the newest row asks for fields, not for tags', () => {
    expect(latestQuery('status', 'd')).toBe(
      `SELECT "receivedAt", "online", "will", "connectedAt" FROM "status" WHERE "device" = 'd' ORDER BY time DESC LIMIT 1`,
    )
  })

  test('quotes names and texts so that they end where they should', () => {
    expect(identifier('a"b\\c')).toBe('"a\\"b\\\\c"')
    expect(literal(`a'b\\c`)).toBe(`'a\\'b\\\\c'`)
    expect(literal(`\\' OR 'a'='a`)).toBe(`'\\\\\\' OR \\'a\\'=\\'a'`)
    expect(literal('a\nb')).toBe(`'a\\nb'`)
  })
})

test('an answer becomes rows, without what is null', () => {
  const values = [
    [1_000, 1, null],
    [2_000, null, false],
    [3_000, 0, true],
  ]
  expect(rowsOf({ columns: ['time', 'powerW', 'override'], values })).toEqual([
    { time: 1_000, values: { powerW: 1 } },
    { time: 2_000, values: { override: false } },
    { time: 3_000, values: { powerW: 0, override: true } },
  ])
})
