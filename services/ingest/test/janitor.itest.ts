import { afterEach, expect, test } from 'vitest'
import { type Harness, startHarness, topicOf } from './harness.ts'

let harness: Harness
afterEach(() => harness.end())

test('a log of any size goes on as long as it is read: what has served makes room', async () => {
  harness = await startHarness({ RONDA_LOG_MAX_MB: '16' })
  await harness.register('pju-1')
  // Three times what the log holds; a pad that no schema declares is stored nowhere else.
  const pad = '.'.repeat(10_000)
  const messages = Array.from({ length: 5_000 }, (_, seq) =>
    harness.publish(topicOf('pju-1'), { ts: 1_767_225_600_000 + seq, seq, pad }),
  )
  await Promise.all(messages)
  expect(await harness.settled()).toMatchObject({ written: 5_000, deadLettered: 0, balanced: true })
})
