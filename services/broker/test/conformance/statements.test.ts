// The table of statements and the tests that show them do not come apart.
import { expect, test } from 'vitest'
import { conformanceDocument, shownBy } from './document.ts'
import { statements } from './statements.ts'

const shown = shownBy()
const numbers = statements.map(({ number }) => number)

test('all statements are there, each once, in order', () => {
  expect(numbers).toHaveLength(141)
  const keyOf = (number: string) =>
    number
      .split(/[.-]/)
      .map((part) => part.padStart(3, '0'))
      .join()
  expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => keyOf(a).localeCompare(keyOf(b))))
})

test('every number in the title of a test is that of a statement', () => {
  expect([...shown.keys()].filter((number) => !numbers.includes(number))).toEqual([])
})

test('every statement that a server has to do with is shown by a test, or says why it cannot be', () => {
  const unshown = statements.filter(({ number, binds, limit }) => {
    return binds !== 'client' && limit === undefined && !shown.has(number)
  })
  expect(unshown.map(({ number }) => number)).toEqual([])
})

test('every statement is in the document', () => {
  const document = conformanceDocument()
  expect(numbers.filter((number) => !document.includes(`| ${number} |`))).toEqual([])
})
