import { describe, expect, test } from 'vitest'
import { faultKindNames, faultKinds } from './fault-kinds.ts'

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

test('the shares of the kinds of fault add up', () => {
  expect(sum(faultKindNames.map((kind) => faultKinds[kind].share))).toBe(100)
})

describe.each(faultKindNames)('%s', (kind) => {
  const { kinds, leastMin, meanMin } = faultKinds[kind]

  test('lasts for a while', () => {
    expect(leastMin).toBeGreaterThan(0)
    expect(meanMin).toBeGreaterThan(leastMin)
  })

  test('has its devices, whose shares add up', () => {
    expect(sum(Object.values(kinds))).toBe(100)
  })
})
