import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deviceKinds } from './device-kinds.ts'
import { channels, formatTopic, parseTopic } from './topics.ts'

const idArbitrary = fc.stringMatching(/^[a-z0-9][a-z0-9-]{1,62}$/)
const cityArbitrary = fc.stringMatching(/^[a-z][a-z0-9-]{1,31}$/)

test('what was formatted is parsed back', () => {
  fc.assert(
    fc.property(
      cityArbitrary,
      fc.constantFrom(...deviceKinds),
      idArbitrary,
      fc.constantFrom(...channels),
      (city, kind, deviceId, channel) => {
        const topic = { city, kind, deviceId, channel }
        expect(parseTopic(formatTopic(topic))).toEqual(topic)
      },
    ),
  )
})

test.each([
  '',
  'tangsel/v1/streetlight/pju-1',
  'tangsel/v2/streetlight/pju-1/telemetry',
  'tangsel/v1/lamp/pju-1/telemetry',
  'tangsel/v1/streetlight/PJU-1/telemetry',
  'tangsel/v1/streetlight/-pju/telemetry',
  'tangsel/v1/streetlight/p/telemetry',
  `tangsel/v1/streetlight/${'p'.repeat(64)}/telemetry`,
  'tangsel/v1/streetlight/pju-1/other',
  'tangsel/v1/streetlight/pju-1/telemetry/',
  '/tangsel/v1/streetlight/pju-1/telemetry',
  'tangsel/v1/streetlight/pju-1/telemetry\n',
  'tangsel/v1/streetlight/+/telemetry',
])('%j is none of our topics', (topic) => {
  expect(parseTopic(topic)).toBeUndefined()
})
