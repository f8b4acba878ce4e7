import { makeFault } from '@ronda/contracts/testing/make-fault'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Expectation } from './expectations.ts'
import { type Progress, textOfProgress, watchProgress } from './progress.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const expected = (deviceId: string, is: Expectation['is']): Expectation => ({
  deviceId,
  code: 'lamp_failure',
  from: 1_000,
  until: 9_000,
  is,
  raiseBy: 3_000,
  clearBy: undefined,
})

test('what was to be seen by now and was not is missed, until it is seen', () => {
  let now = 0
  const told: Progress[] = []
  const stats = {
    devices: 4,
    connected: 4,
    acknowledgedReadings: 0,
    acknowledgedMessages: 0,
    acknowledgedOutOfOrder: 0,
    backlog: 3,
    dropped: 0,
    refused: 0,
    activeFaults: 0,
  }
  const watch = watchProgress({
    city: { stats: () => stats, truth: [] },
    clock: { now: () => now, simulated: true, realMs: (ms) => ms },
    beginsAt: 0,
    endsAt: 10_000,
    planned: [
      expected('pju-1', 'must'),
      expected('pju-2', 'must'),
      expected('pju-3', 'may'),
      expected('pju-4', 'none'),
    ],
    onProgress: (progress) => told.push(progress),
  })
  const pass = () => {
    vi.advanceTimersByTime(500)
    return told.at(-1)
  }
  now = 2_000
  stats.acknowledgedMessages = 100
  expect(pass()).toMatchObject({ share: 0.2, acknowledged: 100, perSecond: 200, waiting: 3, seen: 0, missed: 0 })
  watch.hear(makeFault({ deviceId: 'pju-1', code: 'lamp_failure', raisedAt: 1_500 }))
  now = 4_000
  expect(pass()).toMatchObject({ share: 0.4, perSecond: 0, seen: 1, missed: 1 })
  watch.hear(makeFault({ deviceId: 'pju-2', code: 'lamp_failure', raisedAt: 4_000 }))
  expect(pass()).toMatchObject({ seen: 2, missed: 0 })
  watch.stop()
})

test('as a line', () => {
  const progress = { share: 0.425, acknowledged: 12_345, perSecond: 310.4, waiting: 7, injected: 2, seen: 1, missed: 0 }
  expect(textOfProgress(progress)).toBe(
    ' 42 %  12,345 messages acknowledged (310/s), 7 readings wait  faults: 2 put in, 1 seen, 0 missed',
  )
})
