import { expect, test } from 'vitest'
import { formatListQuery, parseListQuery } from './list-query.ts'

test('what is looked for survives the address', () => {
  const query = { search: 'jl. raya & more', kind: 'access-point', district: 'setu' } as const
  expect(parseListQuery(formatListQuery(query))).toEqual(query)
  const all = { search: '', kind: undefined, district: undefined }
  expect(formatListQuery(all)).toBe('')
  expect(parseListQuery('')).toEqual(all)
})

test('what is no kind is left out', () => {
  expect(parseListQuery('?kind=site').kind).toBeUndefined()
})
