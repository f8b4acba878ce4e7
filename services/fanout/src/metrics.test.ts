import { FaultFilter } from '@ronda/contracts/fault'
import { makeNote } from '@ronda/contracts/testing/make-note'
import { alarmMetrics } from '@ronda/faults/alarm-metrics'
import { expect, test } from 'vitest'
import { createMetrics } from './metrics.ts'

test('a scrape computes the alarm figures once, and tells of one moment', async () => {
  const to = Date.parse('2026-03-10T20:00:00+07:00')
  const filter = FaultFilter.parse({})
  const notes = Array.from({ length: 11 }, () => makeNote({ at: to }))
  let asked = 0
  const metrics = createMetrics()
  metrics.gauges({
    connections: () => 0,
    queuedBytes: () => 0,
    subscribers: () => ({ live: 0, behind: 0 }),
    openFaults: () => 0,
    feedLagEvents: async () => 0,
    detectorLagS: () => 0,
    alarms() {
      asked++
      return alarmMetrics({ filter, from: to - 1, to, now: to }, notes, [])
    },
  })
  const page = await metrics.registry.metrics()
  expect(page).toContain('ronda_fanout_alarm_flood 1\n')
  expect(page).toContain('ronda_fanout_faults{state="standing"} 0\n')
  expect(asked).toBe(1)
})
