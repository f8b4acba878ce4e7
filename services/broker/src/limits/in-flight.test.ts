import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { createInFlight } from './in-flight.ts'

test('a stream that ends while it waits is not kept', async () => {
  const inFlight = createInFlight({ connectionBytes: 10, totalBytes: 100 }, () => false)
  const stream = new PassThrough()
  inFlight.guard(stream)
  inFlight.add(stream, 10)
  expect(stream.read()).toBeNull()
  expect([...inFlight.parked]).toEqual([stream])
  stream.destroy()
  await once(stream, 'close')
  expect([...inFlight.parked]).toEqual([])
  expect(stream.read()).toBeNull()
  expect([...inFlight.parked]).toEqual([])
})
