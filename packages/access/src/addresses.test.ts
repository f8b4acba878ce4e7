import { expect, test } from 'vitest'
import { networkOf, plainAddress } from './addresses.ts'

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::9', '2001:db8:1:2'],
  ['2001:db8::9', '2001:db8:0:0'],
  ['2001:db8::1:2:3:4:5', '2001:db8:0:1'],
  ['::1', '0:0:0:0'],
  ['fe80::', 'fe80:0:0:0'],
])('%s belongs to %s', (address, network) => expect(networkOf(address)).toBe(network))

test('an IPv4 address is one, whichever socket took it', () => {
  expect(plainAddress('::ffff:203.0.113.7')).toBe('203.0.113.7')
  expect(plainAddress('::ffff:0:1')).toBe('::ffff:0:1')
  expect(plainAddress(undefined)).toBeUndefined()
})
