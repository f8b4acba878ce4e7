import { describe, expect, test } from 'vitest'
import { CameraEvent } from './camera-event.ts'
import { deviceKinds, kinds } from './device-kinds.ts'
import { measurements } from './measurements.ts'
import { telemetrySchemas } from './telemetry.ts'

describe.each(deviceKinds)('telemetry of a %s', (kind) => {
  const schema = telemetrySchemas[kind]

  test('every field is optional, its limits belong to it, and beyond is refused', () => {
    expect(schema.parse({})).toEqual({})
    for (const [name, field] of Object.entries(kinds[kind].fields)) {
      if (field.type !== 'number') continue
      const { min, max } = field
      for (const value of [min, max]) expect(schema.parse({ [name]: value })).toEqual({ [name]: value })
      for (const value of [min - 1, max * 1.1 + 1]) {
        expect(schema.safeParse({ [name]: value }).success, `${name} ${value}`).toBe(false)
      }
    }
  })

  test('a wrong type is refused, a number in a string too', () => {
    for (const [name, { type }] of Object.entries(kinds[kind].fields)) {
      for (const value of [type === 'number' ? true : 1, '1', null, [], {}]) {
        expect(schema.safeParse({ [name]: value }).success, `${name} ${JSON.stringify(value)}`).toBe(false)
      }
    }
  })

  test('what is not declared is dropped', () => {
    expect(schema.parse({ ownerName: 'A Person', macAddress: '00:11:22:33:44:55' })).toEqual({})
  })
})

test('times are ms UTC or ISO 8601 with a zone', () => {
  const parse = (ts: unknown) => telemetrySchemas.gateway.safeParse({ ts }).data?.ts
  expect(parse(1_795_294_780_118)).toBe(1_795_294_780_118)
  expect(parse('2026-11-21T21:39:40.118Z')).toBe(Date.UTC(2026, 10, 21, 21, 39, 40, 118))
  expect(parse('2026-11-22T04:39:40.118+07:00')).toBe(Date.UTC(2026, 10, 21, 21, 39, 40, 118))
  const microseconds = 1_795_294_780_118_000
  for (const wrong of [
    '2026-11-21T21:39:40',
    '2026-11-21',
    '9999-12-31T23:59:59-12:00',
    '0001-01-01T00:00:00Z',
    'now',
    1.5,
    -1,
    microseconds,
    8_640_000_000_000_001,
    null,
  ]) {
    expect(parse(wrong), String(wrong)).toBeUndefined()
  }
})

test('reported faults are codes, and not too many', () => {
  const accepts = (faults: unknown) => telemetrySchemas.streetlight.safeParse({ faults }).success
  expect(accepts(['lamp_failure', 'vendor:E-17'])).toBe(true)
  expect(accepts(['with space'])).toBe(false)
  expect(accepts(Array(33).fill('x'))).toBe(false)
})

test('camera metadata has no place for a face, a plate, a name or an image', () => {
  const sent = {
    rule: 'intrusion',
    objectClass: 'person',
    face: 'data',
    plate: 'B 1234 XYZ',
    name: 'A Person',
    image: '…',
  }
  expect(CameraEvent.parse(sent)).toEqual({ rule: 'intrusion', objectClass: 'person' })
  expect(CameraEvent.safeParse({ rule: 'motion', zone: 'a sentence about someone' }).success).toBe(false)
})

test('no field of a measurement has the name of one of its tags', () => {
  for (const fields of Object.values(measurements)) {
    for (const tag of ['device', 'district', 'time']) expect(Object.keys(fields)).not.toContain(tag)
  }
})
