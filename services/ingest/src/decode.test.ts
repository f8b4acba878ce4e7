import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type DecodedReadings, type FindDevice, decodeMessage } from './decode.ts'
import { makeDeviceRow, makeMessage, receivedAt } from './testing/messages.ts'

const iso = (ms: number) => new Date(ms).toISOString()

const registered = new Map(
  [
    makeDeviceRow('pju-1'),
    makeDeviceRow('pju-retired', { retiredAt: 1 }),
    makeDeviceRow('pju-new', { installedAt: receivedAt - 3_600_000 }),
    makeDeviceRow('cctv-1', { kind: 'camera' }),
  ].map((row) => [row.device.id, row]),
)
const findDevice: FindDevice = (id) => registered.get(id)

const lamp = 'tangsel/v1/streetlight/pju-1/telemetry'

function decodeReadings(payload: unknown, topic = lamp): DecodedReadings {
  const decoded = decodeMessage(makeMessage(payload, topic), findDevice)
  if (decoded.kind !== 'readings') throw new Error(`decoded as ${JSON.stringify(decoded)}`)
  return decoded
}

describe('a good payload', () => {
  test('one object', () => {
    const sent = { ts: receivedAt - 1_000, sentAt: iso(receivedAt), seq: 7, powerW: 87.4, faults: ['lamp_failure'] }
    expect(decodeReadings(sent)).toMatchObject({
      channel: 'telemetry',
      device: { id: 'pju-1' },
      refused: [],
      objects: [
        {
          n: 0,
          ts: receivedAt - 1_000,
          sentAt: receivedAt,
          seq: 7,
          fields: { powerW: 87.4 },
          faults: ['lamp_failure'],
          ahead: false,
          undeclared: 0,
        },
      ],
    })
  })

  test('an array keeps its order and numbers', () => {
    const decoded = decodeReadings([{ powerW: 1 }, { powerW: 2 }, { powerW: 3 }])
    expect(decoded.objects.map(({ n, fields }) => [n, fields.powerW])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ])
  })

  test('undeclared keys are dropped and counted', () => {
    const [object] = decodeReadings({ powerW: 1, owner: 'A Person', mac: '00:11' }).objects
    expect(object).toMatchObject({ fields: { powerW: 1 }, undeclared: 2 })
    expect(JSON.stringify(object)).not.toContain('A Person')
  })

  test('camera metadata', () => {
    const decoded = decodeReadings(
      { rule: 'line-crossing', objectClass: 'car', count: 3 },
      'tangsel/v1/camera/cctv-1/event',
    )
    expect(decoded).toMatchObject({
      channel: 'event',
      objects: [{ fields: { rule: 'line-crossing', objectClass: 'car', count: 3 } }],
    })
  })

  test('a status', () => {
    const decoded = decodeMessage(makeMessage({ online: false }, 'tangsel/v1/camera/cctv-1/status'), findDevice)
    expect(decoded).toMatchObject({ kind: 'status', device: { id: 'cctv-1' }, online: false })
  })
})

describe('a bad message is refused with its reason', () => {
  test.each([
    ['not JSON', '{"powerW":', lamp, { code: 'payload_not_json' }],
    [
      'not UTF-8',
      new Uint8Array([0x22, 0xff, 0x22]),
      lamp,
      { code: 'payload_not_json', reason: 'the payload is not UTF-8' },
    ],
    ['empty', '', lamp, { code: 'payload_not_json' }],
    ['too large', ' '.repeat(300_000), lamp, { code: 'payload_too_large' }],
    ['an empty array', [], lamp, { code: 'payload_shape' }],
    ['too many objects', Array.from({ length: 501 }, () => ({})), lamp, { code: 'too_many_objects' }],
    ['an unknown device', {}, 'tangsel/v1/streetlight/pju-9/telemetry', { code: 'unknown_device', deviceId: 'pju-9' }],
    ['a retired device', {}, 'tangsel/v1/streetlight/pju-retired/telemetry', { code: 'device_retired' }],
    ['another kind', {}, 'tangsel/v1/camera/pju-1/telemetry', { code: 'kind_mismatch' }],
    ['events of a lamp', {}, 'tangsel/v1/streetlight/pju-1/event', { code: 'channel_undefined' }],
    ['a status without a word', {}, 'tangsel/v1/streetlight/pju-1/status', { code: 'field_invalid', field: 'online' }],
  ])('%s', (_, payload, topic, refusal) => {
    expect(decodeMessage(makeMessage(payload, topic), findDevice)).toMatchObject({ kind: 'refused', ...refusal })
  })

  test('a refused object does not take the good ones with it, and says where it is wrong', () => {
    const { objects, refused } = decodeReadings([
      { powerW: 1 },
      { powerW: '2' },
      3,
      { powerW: 4, dimPct: 101 },
      { powerW: 5 },
    ])
    expect(objects.map(({ n }) => n)).toEqual([0, 4])
    expect(refused).toMatchObject([
      { n: 1, code: 'field_invalid', field: 'powerW' },
      { n: 2, code: 'payload_shape' },
      { n: 3, code: 'field_invalid', field: 'dimPct' },
    ])
  })
})

describe('times', () => {
  const dayMs = 86_400_000
  test.each([
    ['in seconds', Math.floor(receivedAt / 1_000), /seconds/],
    ['in 1970', 0, /seconds/],
    ['more than 400 days ago', receivedAt - 401 * dayMs, /400 days/],
  ])('%s is implausible, yet the device was heard', (_, ts, reason) => {
    const [object] = decodeReadings({ ts, powerW: 1 }).objects
    expect(object).toMatchObject({
      fields: { powerW: 1 },
      implausible: { code: 'ts_implausible', reason: expect.stringMatching(reason) },
    })
  })

  test('before the device was installed is implausible', () => {
    const [object] = decodeReadings(
      { ts: receivedAt - 2 * 3_600_000 },
      'tangsel/v1/streetlight/pju-new/telemetry',
    ).objects
    expect(object?.implausible?.reason).toMatch(/before the device was installed/)
  })

  test('beyond what is a time at all is refused, and a device installed then can still be refused', () => {
    for (const ts of [Date.UTC(9999, 11, 31) * 1_000, 8_640_000_000_000_001, Number.MAX_SAFE_INTEGER]) {
      expect(decodeReadings({ ts }).refused).toMatchObject([{ code: 'field_invalid', field: 'ts' }])
    }
    const installedNever = makeDeviceRow('pju-never')
    installedNever.device.installedAt = Number.MAX_SAFE_INTEGER
    const decoded = decodeMessage(makeMessage({ ts: receivedAt }, lamp), () => installedNever)
    expect(decoded).toMatchObject({ objects: [{ implausible: { code: 'ts_implausible' } }] })
  })

  test.each([
    [receivedAt - 399 * dayMs, false],
    [receivedAt + 120_000, false],
    [receivedAt + 120_001, true],
    [receivedAt + 10 * 365 * dayMs, true],
  ])('%i is ahead: %s', (ts, ahead) => {
    const [object] = decodeReadings({ ts }).objects
    expect(object).toMatchObject({ ts, ahead })
    expect(object?.implausible).toBeUndefined()
  })
})

test('no payload whatever is a bug', () => {
  const topics = ['telemetry', 'event', 'status'].flatMap((channel) => [
    `tangsel/v1/streetlight/pju-1/${channel}`,
    `tangsel/v1/camera/cctv-1/${channel}`,
  ])
  fc.assert(
    fc.property(fc.constantFrom(...topics), fc.oneof(fc.json(), fc.uint8Array()), (topic, payload) => {
      expect(['readings', 'status', 'refused']).toContain(decodeMessage(makeMessage(payload, topic), findDevice).kind)
    }),
    { numRuns: 500 },
  )
})
