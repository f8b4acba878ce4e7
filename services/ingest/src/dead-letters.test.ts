import type { DeadLetter } from '@ronda/contracts/dead-letter'
import type { LogRecord } from '@ronda/contracts/record'
import { maxPayloadBytes } from '@ronda/contracts/telemetry'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeDeadLetter,
  encodeDeadLetter,
  makeDeadLetter,
  makeUndecodableLetter,
  replayPayload,
} from './dead-letters.ts'
import { type Decoded, type FindDevice, type Refusal, type RefusedObject, decodeMessage } from './decode.ts'
import { rowsOfReadings } from './rows.ts'
import { makeDeviceRow, makeMessage, receivedAt } from './testing/messages.ts'

const place = { epoch: 'e', position: 7 }

const registered = new Map(
  [makeDeviceRow('pju-1'), makeDeviceRow('cctv-1', { kind: 'camera' })].map((row) => [row.device.id, row]),
)
const findDevice: FindDevice = (id) => registered.get(id)

const lamp = 'tangsel/v1/streetlight/pju-1/telemetry'
const unknownLamp = 'tangsel/v1/streetlight/pju-9/telemetry'
const cameraEvents = 'tangsel/v1/camera/cctv-1/event'

function letterOf(message: LogRecord, refusal: Refusal, object?: RefusedObject): DeadLetter {
  return decodeDeadLetter(encodeDeadLetter(makeDeadLetter(message, place, refusal, object)))
}

/** The dead letters of a message, as they are read again. */
function lettersOf(message: LogRecord, decoded: Decoded = decodeMessage(message, findDevice)): DeadLetter[] {
  if (decoded.kind === 'refused') return [letterOf(message, decoded)]
  if (decoded.kind === 'status') return []
  return decoded.refused.map((refused) => letterOf(message, refused, refused))
}

const lettersOfText = (payload: string, topic = lamp) => lettersOf(makeMessage(payload, topic))
const lettersOfJson = (payload: unknown, topic = lamp) => lettersOfText(JSON.stringify(payload), topic)

describe('of a refused object', () => {
  test('declared scalars are kept, of anything else the type and the length', () => {
    const [letter] = lettersOfJson({
      ts: receivedAt,
      powerW: 'much',
      dimPct: 101,
      tiltDeg: null,
      override: { ownerName: 'A Person' },
      voltageV: ['A Person'],
      currentA: 'A Person lives behind the third lamp',
      faults: ['lamp_failure'],
      owner: 'A Person',
    })
    expect(letter?.object).toEqual({
      ts: receivedAt,
      powerW: 'much',
      dimPct: 101,
      tiltDeg: null,
      override: { type: 'object', length: 1 },
      voltageV: { type: 'array', length: 1 },
      currentA: { type: 'string', length: 36 },
      faults: ['lamp_failure'],
    })
    expect(letter?.undeclaredKeys).toEqual(['owner'])
    expect(JSON.stringify(letter)).not.toContain('A Person')
  })

  test('of camera metadata no refused value is kept', () => {
    const [letter] = lettersOfJson({ rule: 'motion', zone: 'A Person', count: -1, confidence: 0.5 }, cameraEvents)
    expect(letter?.object).toEqual({
      rule: 'motion',
      zone: { type: 'string', length: 8 },
      count: { type: 'number' },
      confidence: 0.5,
    })
  })

  test('a value that is nested without end is no more than its type', () => {
    const depth = 100_000
    const [letter] = lettersOfText(`{"powerW":${'['.repeat(depth)}${']'.repeat(depth)}}`)
    expect(letter).toMatchObject({ code: 'field_invalid', object: { powerW: { type: 'array', length: 1 } } })
  })

  test('what is no object leaves nothing', () => {
    const [letter] = lettersOfJson(['A Person'])
    expect(letter).toMatchObject({ code: 'payload_shape', n: 0 })
    expect(JSON.stringify(letter)).not.toContain('A Person')
  })
})

describe('of a message that is refused as a whole', () => {
  test('what is JSON keeps its declared objects, and can be sent again', () => {
    const payload = [{ ts: receivedAt, powerW: 1, owner: 'A Person' }, 'A Person', { powerW: { owner: 'A Person' } }]
    const [letter] = lettersOfJson(payload, unknownLamp)
    expect(letter).toMatchObject({
      code: 'unknown_device',
      objects: [{ ts: receivedAt, powerW: 1 }, null, { powerW: { type: 'object', length: 1 } }],
      undeclaredKeys: ['owner'],
    })
    expect(letter).not.toHaveProperty('raw')
    expect(JSON.stringify(letter)).not.toContain('A Person')
    if (letter === undefined) throw new Error('no letter')
    const again = decodeMessage(makeMessage(replayPayload(letter) ?? '', lamp), findDevice)
    expect(again).toMatchObject({ objects: [{ n: 0, fields: { powerW: 1 } }], refused: [{ n: 1 }, { n: 2 }] })
  })

  test.each([
    ['telemetry', unknownLamp, { ts: receivedAt, powerW: 1 }],
    ['an event', 'tangsel/v1/camera/cctv-9/event', { rule: 'motion', zone: 'gate' }],
    ['a status', 'tangsel/v1/camera/cctv-9/status', { online: true }],
  ])('a single object stays one: %s', (_, topic, payload) => {
    expect(lettersOfJson(payload, topic)).toMatchObject([{ code: 'unknown_device', object: payload }])
  })

  test('a backlog as large as may be is kept whole', () => {
    const one = { ts: receivedAt, powerW: 1, faults: Array.from({ length: 32 }, () => 'v'.repeat(10)) }
    const backlog = Array.from({ length: 500 }, (_, seq) => ({ ...one, seq }))
    const text = JSON.stringify(backlog)
    expect(text.length).toBeLessThanOrEqual(maxPayloadBytes)
    expect(lettersOfText(text, unknownLamp)).toMatchObject([{ objects: backlog }])
  })

  test('what is no JSON is told without its words, and its beginning is kept unless it is camera metadata', () => {
    const text = `{"powerW": A Person ${'x'.repeat(2_000)}`
    const [telemetry] = lettersOfText(text)
    expect(telemetry?.reason).toMatch(/^the payload is not JSON( from character \d+ on)?$/)
    expect(telemetry?.raw?.text).toBe(text.slice(0, 1_024))
    const [event] = lettersOfText(text, cameraEvents)
    expect(event?.raw).toEqual({ bytes: text.length, sha256: telemetry?.raw?.sha256 })
    expect(JSON.stringify(event)).not.toContain('A Person')
  })

  test('of what is no text its beginning is kept as bytes', () => {
    const payload = new Uint8Array(2_000).fill(0xff)
    const [letter] = lettersOf(makeMessage(payload, lamp))
    expect(letter?.raw).toMatchObject({ bytes: 2_000, hex: 'ff'.repeat(1_024) })
    expect(letter?.raw).not.toHaveProperty('text')
  })

  test.each([
    ['a text', '"A Person"', unknownLamp],
    ['too many objects', JSON.stringify(Array.from({ length: 501 }, () => ({ zone: 'A Person' }))), lamp],
    ['too large', JSON.stringify({ owner: 'A Person'.repeat(maxPayloadBytes / 8) }), lamp],
    ['a channel that its kind does not have', '{"owner":"A Person"}', 'tangsel/v1/streetlight/pju-1/event'],
    ['a topic of nobody', '{"owner":"A Person"}', 'elsewhere'],
  ])('of %s nothing but length and hash', (_, payload, topic) => {
    const [letter] = lettersOfText(payload, topic)
    expect(letter?.raw).toEqual({ bytes: payload.length, sha256: expect.any(String) })
    expect(JSON.stringify(letter)).not.toContain('A Person')
    if (letter !== undefined) expect(replayPayload(letter)).toBeUndefined()
  })

  test('what an error of ours refused keeps nothing of its content', () => {
    const letter = makeUndecodableLetter(makeMessage('{"powerW":1,"owner":"A Person"}', lamp), place, 0)
    expect(decodeDeadLetter(encodeDeadLetter(letter))).toMatchObject({ code: 'undecodable', raw: { bytes: 31 } })
    expect(JSON.stringify(letter)).not.toContain('A Person')
  })
})

test('where a payload stops being JSON is told when the parser knows it', () => {
  expect(lettersOfText('{"powerW":1 "dimPct":2}')[0]?.reason).toBe('the payload is not JSON from character 12 on')
})

describe('whatever is sent', () => {
  const topics = ['pju-1', 'pju-9'].flatMap((id) =>
    ['telemetry', 'event', 'status'].flatMap((channel) => [
      `tangsel/v1/streetlight/${id}/${channel}`,
      `tangsel/v1/camera/cctv-${id.at(-1)}/${channel}`,
    ]),
  )
  const keys = [
    'ts',
    'sentAt',
    'seq',
    'faults',
    'powerW',
    'dimPct',
    'override',
    'rule',
    'zone',
    'count',
    'online',
    '__proto__',
  ]
  const time = fc.oneof(
    fc.double(),
    fc.maxSafeInteger(),
    fc.date({ noInvalidDate: false }).map((date) => date.getTime()),
  )
  const value = fc.oneof({ depthSize: 'medium' }, fc.jsonValue(), time)
  const object = fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string()), value)
  const json = fc.oneof(object, fc.array(fc.oneof(object, value)), value).map((each) => JSON.stringify(each))
  const deep = fc
    .tuple(fc.constantFrom(...keys), fc.integer({ min: 1, max: 20_000 }), fc.constantFrom('[]', '{}'))
    .map(([key, depth, brackets]) => {
      const [open, close] = brackets === '[]' ? ['[', ']'] : ['{"a":', '}']
      return `{"${key}":${open?.repeat(depth)}1${close?.repeat(depth)}}`
    })
  const payload = fc.oneof(json, deep, fc.string(), fc.uint8Array())

  test('it becomes rows or dead letters that can be written and read again', () => {
    fc.assert(
      fc.property(fc.constantFrom(...topics), payload, (topic, sent) => {
        const message = makeMessage(sent, topic)
        const decoded = decodeMessage(message, findDevice)
        for (const letter of lettersOf(message, decoded)) {
          const again = replayPayload(letter)
          if (again !== undefined) decodeMessage(makeMessage(again, topic), findDevice)
        }
        if (decoded.kind !== 'readings') return
        for (const { tsMs } of rowsOfReadings(decoded, message, place)) {
          expect(Number.isSafeInteger(tsMs) && tsMs >= 0).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })
})
