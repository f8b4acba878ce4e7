// The long runs of `npm run soak` in short: that each kind of disturbance comes to its verdict, and that a breach is
// found.
import { readdirSync, rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Scenario } from '../soak/scenario.ts'
import { scenarios } from '../soak/scenarios.ts'
import { type SoakOptions, soak } from '../soak/soak.ts'
import { isInstalled } from '../testing/servers.ts'
import { canMakeSlowDisks } from '../testing/slow-disk.ts'
import { canMakeDisks } from '../testing/small-disk.ts'

const options: Omit<SoakOptions, 'scenario'> = {
  rounds: 1,
  lastsMs: 2_000,
  store: 'embedded',
  seed: 1,
  clients: 10,
  messagesPerSecond: 500,
  say: () => {},
  signal: new AbortController().signal,
}

function scenarioOf(name: string): Scenario {
  const scenario = scenarios[name]
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`)
  // A pause of its own is for long runs.
  return { ...scenario, longestPauseMs: 0 }
}

async function run(name: string, more: Partial<SoakOptions> = {}) {
  const lines: string[] = []
  const say = (line: string) => void lines.push(line)
  const result = await soak({ ...options, say, scenario: scenarioOf(name), ...more })
  return { ...result, said: lines.join('\n'), unacknowledged: result.published - result.acknowledged }
}

const nothingWrong = {
  breaches: [],
  unacknowledged: 0,
  missing: 0,
  doubled: 0,
  foreign: 0,
  lostFaults: 0,
  doubledFaults: 0,
}

test('each service in turn is killed', async () => {
  const result = await run('kill each', { rounds: 3 })
  expect(result).toMatchObject({ ...nothingWrong, rounds: 3, faults: 3, stored: result.acknowledged })
  expect(result.recovery.maxMs).toBeGreaterThan(0)
})

test.skipIf(!isInstalled('influxd'))('the store is away: faults go on, and it is caught up with', async () => {
  const result = await run('store-outage', { store: 'influx' })
  expect(result).toMatchObject({ ...nothingWrong, faults: 2, stored: result.acknowledged })
  expect(result.said).toMatch(/a fault was shown \d+ ms after/)
  expect(result.said).toMatch(/[1-9]\d* messages waited; caught up/)
})

test.skipIf(!canMakeDisks())('the disk is full: nothing is acknowledged, and it goes on by itself', async () => {
  const result = await run('disk-full', { lastsMs: 500 })
  expect(result).toMatchObject({ ...nothingWrong, faults: 1, stored: result.acknowledged })
  expect(result.said).toContain('  0 acknowledged while the disk was full')
  expect(result.said).toMatch(/\/readyz: .*are kept in reserve/)
})

test.skipIf(!canMakeSlowDisks())(
  'the disk is slow: readings are acknowledged and faults shown all the same',
  async () => {
    const result = await run('slow-disk', { lastsMs: 500 })
    expect(result).toMatchObject({ ...nothingWrong, faults: 2, stored: result.acknowledged })
    expect(result.said).toMatch(/a fault was shown \d+ ms after/)
    const [, p50 = ''] = /[1-9]\d* PUBACKs took (\d+) ms p50/.exec(result.said) ?? []
    // A commit has two syncs.
    expect(Number(p50)).toBeGreaterThan(2 * 20)
  },
)

test('the network is cut, holds back, loses and is slow', async () => {
  const result = await run('partition', { rounds: 4, lastsMs: 600 })
  expect(result).toMatchObject({ ...nothingWrong, rounds: 4, faults: 4, stored: result.acknowledged })
  expect(result.resent).toBeGreaterThan(0)
})

test('a row that nobody published is a breach', async () => {
  const intrude: Scenario = {
    about: 'somebody else speaks for a device',
    rounds: 1,
    longestPauseMs: 0,
    async disturb({ system }) {
      await system.post('/api/v1/telemetry', [
        { device: 'soak-0', channel: 'telemetry', payload: { ts: Date.now(), seq: 1_000_000, powerW: 1 } },
      ])
      return ['it is said so']
    },
  }
  const lines: string[] = []
  const result = await soak({ ...options, scenario: intrude, say: (line) => lines.push(line) })
  expect(result).toMatchObject({ missing: 0, doubled: 0, foreign: 1 })
  expect(result.breaches).toEqual([
    'round 1: it is said so',
    expect.stringContaining('1 rows were never published: soak-0 1000000'),
  ])
  const [, kept = ''] = /^data and logs are kept in (.+)$/.exec(lines.at(-1) ?? '') ?? []
  expect(readdirSync(kept).toSorted()).toEqual(['data', 'services.log'])
  rmSync(kept, { recursive: true })
})
