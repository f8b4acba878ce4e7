import { expect, test } from 'vitest'
import { pagePathOf, pageSections, parsePagePath } from './page-routes.ts'

test('every section is found by its path', () => {
  for (const section of pageSections) expect(parsePagePath(pagePathOf({ section }))).toEqual({ section })
})

test.each(['', '/nowhere', '/faults/x', '//', '/%', '/nowhere/%E0%A4%A'])('there is nothing at %s', (path) => {
  expect(parsePagePath(path)).toBeUndefined()
})
