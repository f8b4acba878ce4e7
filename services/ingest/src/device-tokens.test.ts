import { nextIssue } from '@ronda/access/issued-token'
import { newToken } from '@ronda/access/secrets'
import { expect, test } from 'vitest'
import { createDeviceTokens } from './device-tokens.ts'
import { makeDeviceRow } from './testing/messages.ts'

test('a device is found by the tokens that count now', () => {
  let now = 1_000
  const tokens = createDeviceTokens(() => now)
  const [first, second, third] = [newToken(), newToken(), newToken()]
  const found = () => [first, second, third].map((token) => tokens.deviceOf(token)?.device.id)

  const row = makeDeviceRow('pju-1')
  tokens.learn(row)
  expect(found()).toEqual([undefined, undefined, undefined])

  const issued = { ...row, ...nextIssue(row, first, 0, now) }
  tokens.learn(issued, row)
  expect(found()).toEqual(['pju-1', undefined, undefined])

  const overlapping = { ...issued, ...nextIssue(issued, second, 60, now) }
  tokens.learn(overlapping, issued)
  expect(found()).toEqual(['pju-1', 'pju-1', undefined])
  now += 59_999
  expect(found()).toEqual(['pju-1', 'pju-1', undefined])
  now += 1
  expect(found()).toEqual([undefined, 'pju-1', undefined])

  tokens.learn({ ...row, ...nextIssue(overlapping, third, 60, now) }, overlapping)
  expect(found()).toEqual([undefined, 'pju-1', 'pju-1'])
})
