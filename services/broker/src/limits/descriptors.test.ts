import { expect, test } from 'vitest'
import { adviceOn, mostConnections, reservedDescriptors } from './descriptors.ts'

test('connections leave a reserve to the files of the log', () => {
  expect(mostConnections(20_000)).toBe(20_000 - reservedDescriptors)
  expect(mostConnections(Infinity)).toBe(1_000_000)
  // The system's own limit, whatever it is.
  expect(mostConnections()).toBeGreaterThan(0)
})

test('a limit that leaves no room stops the start, one that leaves little is told', () => {
  expect(() => mostConnections(reservedDescriptors)).toThrow(expect.objectContaining({ code: 'config_invalid' }))
  expect(adviceOn(9_999)).toMatch(/more than 9999 connections raise .*ulimit -n/)
  expect(adviceOn(10_000)).toBeUndefined()
})
