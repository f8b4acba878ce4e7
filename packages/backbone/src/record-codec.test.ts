import { type LogRecord, recordTypes, recordVersion } from '@ronda/contracts/record'
import fc from 'fast-check'
import { Packr } from 'msgpackr'
import { expect, test } from 'vitest'
import { decodeRecord, encodeRecord, recordEncoder } from './record-codec.ts'

const anyRecord: fc.Arbitrary<LogRecord> = fc.record(
  {
    v: fc.constant(recordVersion),
    type: fc.constantFrom(...recordTypes),
    // From 1970-02-19, where msgpackr changes to doubles as well, to the year 5138.
    receivedAt: fc.integer({ min: 2 ** 32, max: 1e14 }),
    source: fc.string(),
    session: fc.record({ connectedAt: fc.integer({ min: 0, max: 1e14 }), number: fc.nat() }),
    principal: fc.string({ unit: 'grapheme' }),
    topic: fc.string({ unit: 'grapheme', maxLength: 400 }),
    qos: fc.constantFrom(0, 1, 2),
    retain: fc.boolean(),
    dup: fc.boolean(),
    will: fc.boolean(),
    payload: fc.oneof(fc.uint8Array(), fc.uint8Array({ minLength: 250, maxLength: 260 })),
    replayOf: fc.record({ position: fc.integer({ min: 0, max: 2 ** 52 }), n: fc.nat({ max: 499 }) }),
  },
  {
    requiredKeys: [
      'v',
      'type',
      'receivedAt',
      'source',
      'session',
      'principal',
      'topic',
      'qos',
      'retain',
      'dup',
      'will',
      'payload',
    ],
  },
)

const plain = (record: LogRecord) => ({ ...record, payload: Array.from(record.payload) })

test('a record comes back as it was', () => {
  fc.assert(
    fc.property(anyRecord, (record) => {
      expect(plain(decodeRecord(encodeRecord(record)))).toEqual(plain(record))
    }),
  )
})

test('the bytes are what msgpackr packs', () => {
  const packr = new Packr({ useRecords: false })
  fc.assert(
    fc.property(anyRecord, (record) => {
      const { v, type, receivedAt, source, session, principal, topic, qos, payload, replayOf } = record
      const flags = Number(record.retain) + 2 * Number(record.dup) + 4 * Number(record.will)
      const start = [v, recordTypes.indexOf(type), receivedAt, source, session.connectedAt, session.number]
      const wire = [
        ...start,
        principal,
        topic,
        qos,
        flags,
        Buffer.from(payload),
        replayOf === undefined ? null : [replayOf.position, replayOf.n],
      ]
      expect(Buffer.from(encodeRecord(record))).toEqual(packr.pack(wire))
    }),
  )
})

test('payloads around the sizes where their header changes', () => {
  const origin = {
    type: 'telemetry',
    source: 's',
    session: { connectedAt: 1, number: 1 },
    principal: 'p',
    topic: 't',
  } as const
  const encode = recordEncoder(origin)
  for (const length of [0, 1, 255, 256, 65_535, 65_536, 300_000]) {
    const payload = new Uint8Array(length).fill(7)
    const content = { receivedAt: Date.now(), qos: 1, retain: false, dup: false, will: false, payload } as const
    expect(plain(decodeRecord(encode(content)))).toEqual(plain({ v: recordVersion, ...origin, ...content }))
  }
})
