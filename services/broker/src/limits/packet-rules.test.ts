import fc from 'fast-check'
import { type ISubscription, type Packet, generate } from 'mqtt-packet'
import { describe, expect, test } from 'vitest'
import { faultInBody, faultInHeader, faultInPacketId, hasOtherLevel } from './packet-rules.ts'

const uint16 = fc.integer({ min: 0, max: 0xffff })
const messageId = fc.integer({ min: 1, max: 0xffff })
const qos = fc.constantFrom(0, 1, 2)
const bytes = fc.uint8Array({ maxLength: 200 }).map((each) => Buffer.from(each))
const text = fc.string({ unit: 'binary', maxLength: 20 }).filter((each) => !each.includes('\0'))
const level = text.map((each) => each.replaceAll(/[+#/]/g, ''))
const topic = fc
  .array(level, { minLength: 1, maxLength: 5 })
  .map((levels) => levels.join('/'))
  .filter((name) => name !== '')
const filter = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), { maxLength: 5 }), fc.oneof(level, fc.constantFrom('+', '#')))
  .map(([levels, last]) => [...levels, last].join('/'))
  .filter((name) => name !== '')

const credentials = fc.oneof(
  fc.constant({}),
  fc.record({ username: text }),
  fc.record({ username: text, password: bytes }),
)
const will = fc.record({ topic, payload: bytes, qos, retain: fc.boolean() })
const connect = fc
  .record({ clientId: text, keepalive: uint16, shown: credentials, will: fc.option(will, { nil: undefined }) })
  .map(({ clientId, keepalive, shown, will: last }) =>
    generate({ cmd: 'connect', clientId, clean: true, keepalive, ...shown, ...(last && { will: last }) }),
  )
const subscribe = (count: { minLength: number; maxLength: number }) =>
  fc.tuple(messageId, fc.array(fc.record<ISubscription>({ topic: filter, qos }), count))
const subscribeBytes = (id: number, subscriptions: ISubscription[]) =>
  generate({ cmd: 'subscribe', messageId: id, subscriptions })
const unsubscribe = fc.tuple(messageId, fc.array(filter, { minLength: 1, maxLength: 10 }))
const publish = fc
  .record({ topic, payload: bytes, qos, retain: fc.boolean(), dup: fc.boolean(), messageId })
  .map((each): Packet => ({ cmd: 'publish', ...each, dup: each.dup && each.qos > 0 }))
const acknowledgement = fc.record({
  cmd: fc.constantFrom('puback' as const, 'pubrec' as const, 'pubrel' as const, 'pubcomp' as const),
  messageId,
})
const rest = fc.constantFrom<Packet>({ cmd: 'pingreq' }, { cmd: 'disconnect' })

/** By the number of their type. */
const commands: Readonly<Record<number, string>> = {
  1: 'connect',
  3: 'publish',
  4: 'puback',
  5: 'pubrec',
  6: 'pubrel',
  7: 'pubcomp',
  8: 'subscribe',
  10: 'unsubscribe',
  12: 'pingreq',
  14: 'disconnect',
}

function bodyOf(packet: Buffer): Buffer {
  return packet.subarray(packet.findIndex((byte, i) => i > 0 && byte < 0x80) + 1)
}

function faultIn(packet: Buffer): string | undefined {
  const first = packet.readUInt8()
  const cmd = commands[first >> 4] ?? 'reserved'
  const body = bodyOf(packet)
  const header = { cmd, dup: (first & 8) > 0, qos: (first >> 1) & 3, length: body.length }
  return faultInHeader(header) ?? faultInBody(cmd, body)
}

test('what is put together by the rules is taken', () => {
  const packet = fc.oneof(
    connect,
    subscribe({ minLength: 1, maxLength: 10 }).map(([id, subscriptions]) => subscribeBytes(id, subscriptions)),
    unsubscribe.map(([id, unsubscriptions]) => generate({ cmd: 'unsubscribe', messageId: id, unsubscriptions })),
    fc.oneof(publish, acknowledgement, rest).map((each) => generate(each)),
  )
  fc.assert(
    fc.property(packet, (each) => {
      expect(faultIn(each)).toBeUndefined()
    }),
  )
})

describe('what is cut short, or goes on, is refused', () => {
  test('CONNECT', () => {
    fc.assert(
      fc.property(connect, fc.nat(), bytes, (packet, at, more) => {
        const body = bodyOf(packet)
        expect(faultInBody('connect', body.subarray(0, at % body.length))).toBeTypeOf('string')
        expect(faultInBody('connect', Buffer.concat([body, more, Buffer.alloc(1)]))).toBeTypeOf('string')
      }),
    )
  })

  test('SUBSCRIBE, but where a filter ends', () => {
    fc.assert(
      fc.property(subscribe({ minLength: 1, maxLength: 4 }), fc.nat(), ([id, subscriptions], at) => {
        const body = bodyOf(subscribeBytes(id, subscriptions))
        const ends = subscriptions.map((_, i) => bodyOf(subscribeBytes(id, subscriptions.slice(0, i + 1))).length)
        const length = at % body.length
        expect(faultInBody('subscribe', body.subarray(0, length)) === undefined).toBe(ends.includes(length))
      }),
    )
  })

  test('UNSUBSCRIBE, but where a filter ends', () => {
    fc.assert(
      fc.property(messageId, filter, fc.nat(), (id, name, at) => {
        const body = bodyOf(generate({ cmd: 'unsubscribe', messageId: id, unsubscriptions: [name] }))
        expect(faultInBody('unsubscribe', body.subarray(0, at % body.length))).toBeTypeOf('string')
      }),
    )
  })
})

test('a filter is one in which each wildcard is a level, and # the last', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '\n', '/', '+', '#'), minLength: 1, maxLength: 8 }), (name) => {
      const levels = name.split('/')
      const right = levels.every(
        (each, i) => each === '+' || (each === '#' && i === levels.length - 1) || !/[+#]/.test(each),
      )
      const packet = generate({ cmd: 'unsubscribe', messageId: 1, unsubscriptions: [name] })
      expect(faultIn(packet) === undefined).toBe(right)
    }),
  )
})

test('text is UTF-8 without U+0000', () => {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const right = (each: Buffer) => {
    try {
      return !decoder.decode(each).includes('\0')
    } catch {
      return false
    }
  }
  const cutText = fc.tuple(text, fc.nat(3)).map(([each, less]) => Buffer.from(each).subarray(0, -less || undefined))
  fc.assert(
    fc.property(fc.oneof(bytes, cutText), (clientId) => {
      const length = Buffer.from([clientId.length >> 8, clientId.length & 0xff])
      const body = Buffer.concat([connectHead(4, 0x02), length, clientId])
      expect(faultInBody('connect', body) === undefined).toBe(right(clientId))
    }),
  )
})

/** The variable header of a CONNECT. */
function connectHead(protocolLevel: number, flags: number): Buffer {
  return Buffer.concat([Buffer.from('\0\u0004MQTT'), Buffer.from([protocolLevel, flags, 0, 60])])
}

/** A field of one letter. */
const field = Buffer.from('\0\u0001x')

test.each([
  ['reserved flag', 0x03, 1],
  ['without one', 0x02 | 0x20, 1],
  ['without one', 0x02 | 0x08, 1],
  ['will of QoS 3', 0x02 | 0x04 | 0x18, 3],
  ['without a user name', 0x02 | 0x40, 2],
  ['goes beyond the end', 0x02 | 0x04, 2],
  ['goes beyond the end', 0x02 | 0x80, 1],
  ['more than its flags', 0x02, 2],
])('a CONNECT is refused for "%s" (flags %i, %i fields)', (fault, flags, fields) => {
  const body = Buffer.concat([connectHead(4, flags), ...Array.from({ length: fields }, () => field)])
  expect(faultInBody('connect', body)).toContain(fault)
})

test.each(['a/+', '#'])('a will has no wildcard: %s', (name) => {
  const packet = generate({ cmd: 'connect', clientId: 'c', will: { topic: name, payload: '' } })
  expect(faultIn(packet)).toContain('wildcard')
})

test('any level but 4 is another one, with whatever behind it; another name is no level at all', () => {
  for (let other = 0; other < 256; other++)
    expect(hasOtherLevel(Buffer.concat([connectHead(other, 0xff)]))).toBe(other !== 4)
  expect(hasOtherLevel(Buffer.from('\0\u0004MQTT\u0005'))).toBe(true)
  expect(hasOtherLevel(Buffer.from('\0\u0004MQTT'))).toBe(false)
  expect(hasOtherLevel(Buffer.from('\0\u0006MQIsdp\u0003'))).toBe(false)
})

test.each(['reserved', 'connack', 'suback', 'unsuback', 'pingresp', 'auth'])('%s is not for clients', (cmd) => {
  expect(faultInHeader({ cmd, dup: false, qos: 0, length: 2 })).toContain(cmd)
})

test.each(['puback', 'pubrec', 'pubrel', 'pubcomp', 'pingreq', 'disconnect'])('%s has one length', (cmd) => {
  const right = [0, 1, 2, 3, 4].filter((length) => faultInHeader({ cmd, dup: false, qos: 0, length }) === undefined)
  expect(right).toEqual([cmd.startsWith('pub') ? 2 : 0])
})

test('a PUBLISH of QoS 0 is not sent again', () => {
  const header = { cmd: 'publish', dup: true, length: 10 }
  expect(faultInHeader({ ...header, qos: 0 })).toContain('DUP')
  expect(faultInHeader({ ...header, qos: 1 })).toBeUndefined()
})

test('a packet id is there, within the packet, and not 0', () => {
  expect(faultInPacketId(undefined, 10, 10)).toBeUndefined()
  expect(faultInPacketId(1, 10, 10)).toBeUndefined()
  expect(faultInPacketId(0, 10, 10)).toContain('id 0')
  expect(faultInPacketId(1, 11, 10)).toContain('without')
  expect(faultInPacketId(-1, 10, 10)).toContain('without')
})
