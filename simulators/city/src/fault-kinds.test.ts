import { describe, expect, test } from 'vitest'
import { faultKindNames, faultKinds } from './fault-kinds.ts'

describe.each(faultKindNames)('%s', (kind) => {
  const { kinds, share, leastMin, meanMin } = faultKinds[kind]

  test('lasts for a while', () => {
    expect(leastMin).toBeGreaterThan(0)
    expect(meanMin).toBeGreaterThan(leastMin)
  })

  test('occurs, in devices that have a part in it', () => {
    expect(share).toBeGreaterThan(0)
    expect(Math.min(...Object.values(kinds))).toBeGreaterThan(0)
  })
})
