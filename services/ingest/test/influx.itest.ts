// InfluxDB that is not there: at the start, in the middle, and when it comes back.
import type { Ledger } from '@ronda/contracts/ledger'
import type { Fault } from '@ronda/contracts/fault'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Influxd, startInfluxd } from '../../../infra/testing/influxd.ts'
import { within } from '../../../infra/testing/within.ts'
import { type Harness, startHarness, topicOf } from './harness.ts'

let influxd: Influxd
let harness: Harness
afterEach(async () => {
  await harness.end()
  await influxd.stop()
})

const start = () => startHarness({ RONDA_STORE: 'influx', INFLUX_URL: influxd.url })

async function check(of: string): Promise<{ ok: boolean; reason?: string } | undefined> {
  const { body } = await harness.request<{ checks: { name: string; ok: boolean; reason?: string }[] }>('GET', '/readyz')
  return body.checks.find(({ name }) => name === of)
}
const storeCheck = () => check('store')

const ledger = async () => (await harness.request<Ledger>('GET', '/api/v1/ledger')).body

const storedRows = async () => {
  const { body } = await harness.request<{ rows: unknown[] }>('GET', '/api/v1/devices/pju-1/history?fields=powerW')
  return body.rows.length
}

describe('InfluxDB', () => {
  test('down at the start: ingest runs, says so, messages wait in the log, and are written when it is there', async () => {
    influxd = await startInfluxd()
    await influxd.halt()
    harness = await start()
    await harness.register('pju-1')
    for (let i = 0; i < 20; i++) await harness.publish(topicOf('pju-1'), { ts: Date.now() - i, powerW: i })
    expect(await storeCheck()).toMatchObject({ ok: false, reason: expect.stringContaining(influxd.url) })
    expect(await ledger()).toMatchObject({ accepted: 20, written: 0, pending: 20, balanced: true })

    await influxd.restart()
    expect(await harness.settled()).toMatchObject({
      accepted: 20,
      written: 20,
      balanced: true,
      readings: { stored: 20, collapsed: null },
    })
    expect(await storedRows()).toBe(20)
    expect(await storeCheck()).toEqual({ name: 'store', ok: true })
  })

  test('gone for a while: faults go on, nothing is lost', async () => {
    influxd = await startInfluxd()
    harness = await start()
    await harness.register('pju-1')
    await harness.register('cctv-1', { kind: 'camera' })
    await harness.publish(topicOf('pju-1'), { ts: Date.now(), powerW: 1 })
    await harness.settled()

    await influxd.halt()
    await harness.publish(topicOf('pju-1'), { ts: Date.now() + 1, powerW: 2 })
    await harness.publish(topicOf('cctv-1', 'telemetry', 'camera'), {
      ts: Date.now(),
      sentAt: Date.now(),
      signalLoss: true,
    })
    await vi.waitFor(async () => {
      const { body } = await harness.request<{ faults: Fault[] }>('GET', '/api/v1/faults')
      expect(body.faults).toMatchObject([{ code: 'video_loss', deviceId: 'cctv-1' }])
    }, within)
    expect((await ledger()).pending).toBe(2)

    // What waits for the store does not hide that the broker is well.
    await vi.waitFor(async () => expect(await check('historian')).toMatchObject({ ok: false }), within)
    const value = { accepting: true, connections: 0, counters: {}, at: Date.now() }
    await harness.backbone.commit({ writes: [{ bucket: 'sources', key: 'broker', value }] })
    await vi.waitFor(async () => expect(await check('broker')).toEqual({ name: 'broker', ok: true }), within)

    await influxd.restart()
    expect(await harness.settled()).toMatchObject({ accepted: 3, written: 3, balanced: true })
    expect(await storedRows()).toBe(2)
  })

  test('a point that it will never take is a dead letter; what is around it is stored', async () => {
    influxd = await startInfluxd()
    harness = await start()
    await harness.register('pju-1')
    const ts = Date.now()
    await harness.publish(topicOf('pju-1'), { ts, dimPct: 1 })
    await harness.settled()
    // Someone else has written a text where a number belongs.
    await fetch(`${influxd.url}/write?db=ronda`, {
      method: 'POST',
      body: `streetlight,device=pju-1,district=serpong powerW="much" ${ts}000000`,
    })
    await harness.publish(topicOf('pju-1'), [{ ts: ts + 1, powerW: 5, seq: 7 }])
    await harness.publish(topicOf('pju-1'), [{ ts: ts + 2, dimPct: 2 }])
    expect(await harness.settled()).toMatchObject({
      written: 2,
      deadLettered: 1,
      balanced: true,
      readings: { refused: 1 },
    })
    const { body } = await harness.request<{ deadLetters: unknown[] }>('GET', '/api/v1/dead-letters')
    expect(body.deadLetters).toMatchObject([
      {
        code: 'point_rejected',
        device: 'pju-1',
        object: { ts: ts + 1, powerW: 5, seq: 7 },
        reason: expect.stringContaining('powerW'),
      },
    ])
  })
})
