// How a broker ends, and what the machine's clock cannot do to it.
import { afterEach, describe, expect, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import { type Harness, startHarness, topicOf } from './harness.ts'
import { type RawClient, connectRaw } from './raw-client.ts'

let harness: Harness
afterEach(() => harness.end())

const willOf = (id: string) =>
  ({ topic: topicOf(id, 'status'), payload: Buffer.from('{"online":false}'), qos: 1, retain: true }) as const

describe('a stop', () => {
  /** A client of whose messages some were read but not acknowledged, because the log takes nothing more. */
  async function startBlocked(): Promise<RawClient> {
    harness = await startHarness({ maxLogBytes: 2e6 })
    const raw = await connectRaw(harness.port, 'pju-1', await harness.register('pju-1'))
    const log = harness.backbone.stream('log')
    const pad = '.'.repeat(5_000)
    let sent = 0
    while (log.blocked === undefined) {
      for (let i = 0; i < 20; i++) raw.publish(++sent, topicOf('pju-1'), JSON.stringify({ seq: sent, pad }))
      await vi.waitFor(() => expect(raw.acknowledged().length === sent || log.blocked !== undefined).toBe(true), within)
    }
    return raw
  }

  const trim = () => harness.backbone.stream('log').trim({ before: Infinity, maxBytes: 0 })

  test('waits for what was read: it is stored and acknowledged', async () => {
    const raw = await startBlocked()
    const before = raw.acknowledged().length
    const stopped = harness.broker.stop()
    await trim()
    await stopped
    await vi.waitFor(() => expect(raw.socket.closed).toBe(true), within)
    const newest = (await harness.records()).at(-1)
    const { seq } = JSON.parse(new TextDecoder().decode(newest?.payload)) as { seq: number }
    expect(seq).toBeGreaterThan(before)
    expect(raw.acknowledged()).toEqual(Array.from({ length: seq }, (_, i) => i + 1))
  })

  test('of which nothing can be stored comes to its end all the same, without wills', async () => {
    const raw = await startBlocked()
    const acknowledged = raw.acknowledged().length
    await harness.connect('pju-2', await harness.register('pju-2'), { will: willOf('pju-2') })
    const startedAt = performance.now()
    await harness.broker.stop()
    expect(performance.now() - startedAt).toBeLessThan(2_500)
    await vi.waitFor(() => expect(raw.socket.closed).toBe(true), within)
    expect(raw.acknowledged()).toHaveLength(acknowledged)
    await trim()
    await vi.waitFor(async () => expect(await harness.records()).not.toEqual([]), within)
    expect((await harness.records()).filter(({ will }) => will)).toEqual([])
  })
})

test('a leap of the clock declares nobody offline who is connected', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] })
  try {
    harness = await startHarness()
    const client = await harness.connect('pju-1', await harness.register('pju-1'), {
      keepalive: 0,
      will: willOf('pju-1'),
    })
    // Aedes looks for wills every four minutes, and beats every minute: the clock leaps in between.
    vi.advanceTimersByTime(239_999)
    const timers = vi.getTimerCount()
    for (let i = 0; i < timers; i++) {
      vi.setSystemTime(Date.now() + 3_600_000)
      vi.advanceTimersToNextTimer()
    }
    for (let i = 0; i < 3; i++) await client.publishAsync(topicOf('pju-1'), '{}', { qos: 1 })
    expect((await harness.records()).map(({ will }) => will)).toEqual([false, false, false])
  } finally {
    vi.useRealTimers()
  }
})
