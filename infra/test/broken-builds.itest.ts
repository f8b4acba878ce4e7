// A grader that notices nothing proves nothing. A small run is recorded and judged; then what it left behind is spoilt
// in the way of a build that is broken, and each of these has to be told. Promises that only a connection can break are
// broken on the way between the devices and the broker.
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBackbone } from '@ronda/backbone/open'
import { decodeJson, encodeJson } from '@ronda/backbone/record-codec'
import { parseScenario } from '@ronda/city/scenario/scenario'
import type { FaultEvent } from '@ronda/contracts/fault'
import { openDatabase } from '@ronda/store/embedded/database'
import { tableNameOf } from '@ronda/store/embedded/schema'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RecordedRun, judgeRun, recordRun } from '../scenarios/recorded-run.ts'
import { type RunningSystem, startSystem } from '../testing/running-system.ts'
import { type UntrueBroker, startUntrueBroker } from '../testing/untrue-broker.ts'

const patience = 240_000
/** What a machine cannot do at a speed it is asked at half of it. */
const speeds = [60, 30, 15]
/** What was measured meanwhile by the one that drops off goes out all at once. */
const scenario = parseScenario(
  `
    about: a few minutes of a street
    city: { devices: 30, interval: 20 s, sightings: false }
    starts: 2026-11-21T13:00:00Z
    speed: 1
    slack: 70 s
    timeline:
      - { firmware: burst, in: { kind: streetlight, count: 23 }, lasts: 5 min }
      - { fault: comm_loss, at: 10 s, in: { device: pju-00001 }, lasts: 200 s }
      - { fault: control_gear_failure, at: 30 s, in: { device: pju-00002 }, lasts: 2 min }
    lasts: 5 min
  `,
  'a few minutes',
)

async function start(speed: number): Promise<RunningSystem> {
  return startSystem({
    RONDA_TIME_SCALE: String(speed),
    RONDA_TIME_START: new Date(scenario.starts).toISOString(),
    RONDA_LOG_LEVEL: 'error',
  })
}

function record(system: RunningSystem, speed: number, more: { mqttPort?: number } = {}): Promise<RecordedRun> {
  const { signal } = new AbortController()
  return recordRun(system, { scenario: { ...scenario, speed }, seed: 1, say: () => {}, signal, ...more })
}

async function recordInTime(): Promise<{ system: RunningSystem; run: RecordedRun }> {
  const reasons: string[] = []
  for (const speed of speeds) {
    const system = await start(speed)
    const run = await record(system, speed)
    // Of one that was too slow it would not be told what is spoilt.
    const { tooSlow } = await judgeRun(run, system)
    if (tooSlow === undefined) return { system, run }
    reasons.push(tooSlow)
    await system.stop()
  }
  throw new Error(`this machine is too slow:\n${reasons.join('\n')}`)
}

describe('a run that was as it should be', () => {
  let system: RunningSystem
  let run: RecordedRun
  beforeAll(async () => {
    const recorded = await recordInTime()
    system = recorded.system
    run = recorded.run
  }, patience)
  afterAll(() => system.stop())

  async function judged(spoil: (dir: string) => Promise<void>, changed: Partial<RecordedRun['performed']> = {}) {
    const dir = mkdtempSync(join(tmpdir(), 'ronda-spoilt-'))
    try {
      cpSync(system.dir, dir, { recursive: true })
      await spoil(dir)
      const { breaches } = await judgeRun(
        { ...run, performed: { ...run.performed, ...changed } },
        { dir, env: system.env },
      )
      return breaches
    } finally {
      rmSync(dir, { recursive: true })
    }
  }

  test('is judged to be', async () => {
    expect(await judged(async () => {})).toEqual([])
  })

  test('without one batch in the store', async () => {
    const breaches = await judged(async (dir) => {
      const db = await openDatabase({ file: join(dir, 'history.duckdb'), memoryLimitMb: 256, threads: 1 })
      // What arrived together was written together.
      await db.run(
        `DELETE FROM ${tableNameOf('streetlight')} WHERE receivedAt = (SELECT max(receivedAt) FROM ${tableNameOf('streetlight')})`,
      )
      await db.close()
    })
    expect(breaches).toEqual([expect.stringMatching(/^\d+ acknowledged readings are not in the store: pju-/)])
  })

  test('with one row twice in the store', async () => {
    const breaches = await judged(async (dir) => {
      const db = await openDatabase({ file: join(dir, 'history.duckdb'), memoryLimitMb: 256, threads: 1 })
      const table = tableNameOf('streetlight')
      await db.run(
        `INSERT INTO ${table} SELECT * REPLACE (date_trunc('millisecond', time)::TIMESTAMP_NS AS time) FROM ${table} LIMIT 1`,
      )
      await db.close()
    })
    expect(breaches).toEqual([expect.stringMatching(/^1 readings are in the store more than once: pju-/)])
  })

  test('with a fault that was raised twice', async () => {
    const breaches = await judged(async (dir) => {
      const backbone = openBackbone({ dir, env: system.env, now: Date.now })
      const stream = backbone.stream('faults')
      const told = (await stream.read(0, { records: 1_000, bytes: 1e7 })).map(
        ({ record }) => decodeJson(record) as FaultEvent,
      )
      const again = told
        .filter(({ fault }) => fault.code === 'control_gear_failure')
        .map((event) => ({ ...event, fault: { ...event.fault, id: `${event.fault.id}2` } }))
      await backbone.commit({ appends: [{ stream: 'faults', records: again.map(encodeJson) }] })
      await backbone.close()
    })
    expect(breaches.join('\n')).toMatch(/^doubled: control_gear_failure of pju-00002/m)
    expect(breaches).toContain('2 rows of one fault: pju-00002 control_gear_failure')
  })

  test('with an event that the control room never heard, or heard twice', async () => {
    const { pushes } = run.performed
    const [first, ...others] = pushes
    expect(await judged(async () => {}, { pushes: others })).toEqual([
      expect.stringMatching(/^1 events never reached the control room/),
    ])
    expect(await judged(async () => {}, { pushes: [...pushes, ...(first === undefined ? [] : [first])] })).toEqual([
      expect.stringMatching(/^1 events reached the control room more than once/),
    ])
  })
})

test('acknowledgements of what was never kept, and in another order than it was sent in', {
  timeout: patience,
}, async () => {
  const [speed = 1] = speeds
  const system = await start(speed)
  let broker: UntrueBroker | undefined
  try {
    broker = await startUntrueBroker(Number(system.env.RONDA_MQTT_PORT), {
      swallows: (deviceId, { topic }) => deviceId === 'pju-00003' && topic.endsWith('/telemetry'),
      exchanges: (deviceId) => deviceId === 'pju-00001',
    })
    const run = await record(system, speed, { mqttPort: broker.port })
    expect(broker.swallowed).toBe(1)
    expect(broker.exchanged).toBeGreaterThan(0)
    const { breaches } = await judgeRun(run, system)
    // On a slow machine they are not the only ones.
    const expected = [
      /^\d+ acknowledged readings are not in the log: pju-00003/,
      /^\d+ acknowledged readings are not in the store: pju-00003/,
      /^\d+ messages were acknowledged before others that were sent before them$/,
      /^\d+ readings are in the log in another order than they were acknowledged in: pju-00001/,
    ]
    for (const each of expected) expect(breaches).toContainEqual(expect.stringMatching(each))
  } finally {
    broker?.close()
    await system.stop()
  }
})
