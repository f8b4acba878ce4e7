// The long runs of `npm run soak` in short: that a run comes to its verdict, and that a breach is found in one.
import { readdirSync, rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Scenario, scenarios } from '../soak/scenarios.ts'
import { type SoakOptions, soak } from '../soak/soak.ts'

const options: Omit<SoakOptions, 'scenario'> = {
  rounds: 3,
  store: 'embedded',
  seed: 1,
  clients: 10,
  messagesPerSecond: 500,
  say: () => {},
  signal: new AbortController().signal,
}

test('every acknowledged reading survives that all services are killed', { timeout: 120_000 }, async () => {
  const { 'kill all': scenario } = scenarios
  if (scenario === undefined) throw new Error('there is no such scenario')
  const result = await soak({ ...options, scenario })
  expect(result.breaches).toEqual([])
  expect(result).toMatchObject({ rounds: 3, missing: 0, doubled: 0, foreign: 0, stored: result.acknowledged })
  expect(result.acknowledged).toBe(result.published)
  expect(result.published).toBeGreaterThan(1_000)
  expect(result.recovery.maxMs).toBeGreaterThan(0)
})

test('a row that nobody published is a breach', { timeout: 60_000 }, async () => {
  const intrude: Scenario = {
    about: 'somebody else speaks for a device',
    longestPauseMs: 0,
    async disturb({ system }) {
      await system.post('/api/v1/telemetry', [
        { device: 'soak-0', channel: 'telemetry', payload: { ts: Date.now(), seq: 1_000_000, powerW: 1 } },
      ])
    },
  }
  const lines: string[] = []
  const result = await soak({ ...options, scenario: intrude, rounds: 1, say: (line) => lines.push(line) })
  expect(result).toMatchObject({ missing: 0, doubled: 0, foreign: 1 })
  expect(result.breaches).toEqual([expect.stringContaining('1 rows were never published: soak-0 1000000')])
  const [, kept = ''] = /^data and logs are kept in (.+)$/.exec(lines.at(-1) ?? '') ?? []
  expect(readdirSync(kept).toSorted()).toEqual(['data', 'services.log'])
  rmSync(kept, { recursive: true })
})
