import { afterEach, describe, expect, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import type { ControlRoom } from './control-room.ts'
import { type Harness, startHarness } from './harness.ts'

let harness: Harness
afterEach(() => harness.end())

const maxQueuedBytes = 128 * 1024
/** More than the system's own buffers between two sockets of one machine take. */
const commits = 40
const faultsPerCommit = 50
const evidence = { note: 'x'.repeat(8_000) }

function said(): string[] {
  return harness.detector.events.map(({ event, fault }) => `${event} ${fault.id} ${fault.revision}`)
}

/** Some 16 MB of events; returns the most that ever waited in the sockets. */
async function flood(onCommit?: () => Promise<void>): Promise<number> {
  let most = 0
  for (let i = 0; i < commits; i++) {
    await harness.detector.raise(...Array.from({ length: faultsPerCommit }, () => ({ evidence })))
    most = Math.max(most, await harness.metric('queued_bytes'))
    await onCommit?.()
  }
  return most
}

async function enterTwo(): Promise<{ slow: ControlRoom; fast: ControlRoom }> {
  const [slow, fast] = [await harness.watch(), await harness.watch()]
  await Promise.all([slow.caughtUp(), fast.caughtUp()])
  slow.ws.pause()
  return { slow, fast }
}

describe('a reader that does not keep up', () => {
  test('holds a bounded amount, slows nobody, and later has every event once', async () => {
    harness = await startHarness({ limits: { maxQueuedBytes, recentEvents: 100 } })
    const { slow, fast } = await enterTwo()

    const most = await flood(() =>
      // The other one is never behind by more than what was just said.
      vi.waitFor(() => expect(fast.of('fault')).toHaveLength(harness.detector.events.length), within),
    )

    expect(await harness.metric('catching_up_readers')).toBe(1)
    expect(await harness.metric('live_readers')).toBe(1)
    expect(slow.of('fault').length).toBeLessThan(harness.detector.events.length)
    // What was allowed, and the batch that went beyond it.
    expect(most).toBeGreaterThan(0)
    expect(most).toBeLessThan(maxQueuedBytes + 100_000)

    slow.ws.resume()
    await vi.waitFor(() => expect(slow.of('fault')).toHaveLength(harness.detector.events.length), within)
    expect(slow.events()).toEqual(said())
    expect(slow.of('gap')).toEqual([])
    await vi.waitFor(async () => expect(await harness.metric('live_readers')).toBe(2), within)
  })

  test('too far behind, it begins anew', async () => {
    harness = await startHarness({ limits: { maxQueuedBytes, maxReplayEvents: 100 } })
    const { slow, fast } = await enterTwo()
    await flood()
    await vi.waitFor(() => expect(fast.of('fault')).toHaveLength(harness.detector.events.length), within)
    slow.ws.resume()
    await vi.waitFor(() => {
      expect(slow.of('gap').length).toBeGreaterThan(0)
      expect(slow.faults.size).toBe(commits * faultsPerCommit)
    }, within)
    const [gap] = slow.of('gap')
    const lastBefore = slow.messages[slow.messages.findIndex(({ type }) => type === 'gap') - 1]
    expect(lastBefore).toMatchObject({ type: 'fault', cursor: gap?.since })
    const [last] = await harness.detector.raise({})
    await vi.waitFor(() => {
      for (const room of [slow, fast]) expect(room.faults.has(last?.id ?? '')).toBe(true)
    }, within)
  })

  test('frozen for good, it is ended', async () => {
    harness = await startHarness({ limits: { maxQueuedBytes, stallMs: 300 } })
    const { fast } = await enterTwo()
    await flood()
    await vi.waitFor(async () => expect(await harness.metric('connections')).toBe(1), within)
    expect(await harness.metric('ended_total{reason="stalled"}')).toBe(1)
    expect(await harness.metric('queued_bytes')).toBe(0)
    expect(fast.ws.readyState).toBe(fast.ws.OPEN)
  })
})
