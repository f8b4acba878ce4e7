import { maxObjectsPerPayload, maxPayloadBytes } from '@ronda/contracts/telemetry'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createOutbox } from './outbox.ts'

function objectsOf(payload: string | undefined): { n: number; sentAt: number }[] {
  const parsed: unknown = JSON.parse(payload ?? '[]')
  // What was put in below comes out.
  return (Array.isArray(parsed) ? parsed : [parsed]) as { n: number; sentAt: number }[]
}

test('one reading goes out as an object, with the time of sending', () => {
  const outbox = createOutbox(10)
  outbox.add('telemetry', { n: 1 })
  expect(outbox.next(99)).toEqual({ channel: 'telemetry', payload: '{"n":1,"sentAt":99}', readings: 1 })
})

test('what waits goes out as one array, oldest first, while one message at a time is on its way', () => {
  const outbox = createOutbox(10)
  for (const n of [1, 2, 3]) outbox.add('telemetry', { n })
  const message = outbox.next(99)
  expect(objectsOf(message?.payload)).toEqual([1, 2, 3].map((n) => ({ n, sentAt: 99 })))
  outbox.add('telemetry', { n: 4 })
  expect(outbox.next(99)).toBeUndefined()
  expect(outbox.waiting).toBe(4)
  outbox.delivered()
  expect(objectsOf(outbox.next(100)?.payload)).toEqual([{ n: 4, sentAt: 100 }])
})

test('what waits goes out one by one where that is wanted, and is delivered or broken as a whole', () => {
  const outbox = createOutbox(10)
  for (const n of [1, 2]) outbox.add('telemetry', { n })
  const messages = outbox.nextOneByOne(99)
  expect(messages.map(({ payload }) => payload)).toEqual(['{"n":1,"sentAt":99}', '{"n":2,"sentAt":99}'])
  expect(outbox.nextOneByOne(99)).toEqual([])
  outbox.broken()
  expect(outbox.nextOneByOne(100)).toHaveLength(2)
  outbox.delivered()
  expect(outbox.waiting).toBe(0)
})

test('a broken message goes out again, before what came after it', () => {
  const outbox = createOutbox(10)
  outbox.add('telemetry', { n: 1 })
  outbox.next(99)
  outbox.add('telemetry', { n: 2 })
  outbox.broken()
  expect(objectsOf(outbox.next(100)?.payload).map(({ n }) => n)).toEqual([1, 2])
})

test('events go out on their own channel, after telemetry', () => {
  const outbox = createOutbox(10)
  outbox.add('event', { n: 1 })
  outbox.add('telemetry', { n: 2 })
  expect(outbox.next(99)?.channel).toBe('telemetry')
  outbox.delivered()
  expect(outbox.next(99)).toMatchObject({ channel: 'event', payload: '{"n":1,"sentAt":99}' })
})

test('a payload carries no more objects and bytes than the contract allows', () => {
  const many = createOutbox(2_000)
  for (let n = 0; n < 1_100; n++) many.add('telemetry', { n })
  const large = createOutbox(2_000)
  for (let n = 0; n < 400; n++) large.add('telemetry', { n, text: 'x'.repeat(1_000) })
  for (const outbox of [many, large]) {
    const expected = outbox.waiting
    const taken: number[] = []
    for (let message = outbox.next(1.7e12); message !== undefined; message = outbox.next(1.7e12)) {
      const objects = objectsOf(message.payload)
      expect(objects.length).toBeLessThanOrEqual(maxObjectsPerPayload)
      expect(Buffer.byteLength(message.payload)).toBeLessThanOrEqual(maxPayloadBytes)
      taken.push(...objects.map(({ n }) => n))
      outbox.delivered()
    }
    expect(taken).toEqual(Array.from({ length: expected }, (_, n) => n))
  }
})

test('whatever happens, readings arrive in order, at least once, but for the oldest that overflowed', () => {
  const action = fc.constantFrom('add', 'send', 'delivered', 'broken')
  fc.assert(
    fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
      const outbox = createOutbox(5)
      const arrived: number[] = []
      let sent: number[] = []
      let added = 0
      const run = (action: string) => {
        if (action === 'add') outbox.add('telemetry', { n: added++ })
        if (action === 'broken') outbox.broken()
        if (action === 'send') {
          const message = outbox.next(0)
          if (message !== undefined) sent = objectsOf(message.payload).map(({ n }) => n)
        }
        if (action === 'delivered') {
          outbox.delivered()
          arrived.push(...sent)
          sent = []
        }
        // A device does not confirm what it has broken off.
        if (action === 'broken') sent = []
      }
      for (const each of [...actions, 'broken', 'send', 'delivered', 'send', 'delivered']) run(each)
      expect(arrived).toEqual(arrived.toSorted((a, b) => a - b))
      expect(new Set(arrived).size).toBe(arrived.length)
      expect(outbox.waiting).toBe(0)
      expect(arrived.length + outbox.dropped).toBe(added)
    }),
  )
})

test('a device without power forgets', () => {
  const outbox = createOutbox(10)
  outbox.add('telemetry', { n: 1 })
  outbox.add('event', { n: 2 })
  outbox.next(0)
  outbox.clear()
  expect(outbox.waiting).toBe(0)
  expect(outbox.next(0)).toBeUndefined()
})
