// The whole system, from a lamp to a control room and back: services as processes, a simulated device, a real
// WebSocket. Time is simulated, twenty times as fast, and begins in the evening.
import { createCity } from '@ronda/city/city'
import { planCity } from '@ronda/city/plan/plan'
import type { Ledger } from '@ronda/contracts/ledger'
import { readCity } from '@ronda/runtime/city-profile'
import { openDataDir } from '@ronda/runtime/data-dir'
import { createLog } from '@ronda/runtime/log'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { openControlRoom } from '../testing/control-room.ts'
import { type RunningSystem, startSystem } from '../testing/running-system.ts'
import { registerPlan } from '../testing/registration.ts'
import { within } from '../testing/within.ts'

const scale = 20
/** 20:00 in Jakarta: the lamps burn. */
const evening = '2026-11-21T13:00:00Z'

let system: RunningSystem
afterEach(() => system.stop())

test('a lamp fails: the control room sees it raised; it recovers: cleared; history has the readings between; the ledger balances', async () => {
  system = await startSystem({ RONDA_TIME_SCALE: String(scale), RONDA_TIME_START: evening })
  const city = readCity(system.env.RONDA_CITY)
  const { clock } = openDataDir(system.env, city.profile.slug)
  const plan = planCity({ city, devices: 30, seed: 7, intervalS: 20 })
  const tokens = await registerPlan(system, plan)
  const simulated = createCity({
    city,
    plan,
    clock,
    seed: 7,
    connection: { host: '127.0.0.1', port: Number(system.env.RONDA_MQTT_PORT), tokens },
    faultsPerMinute: 0,
    log: createLog('city', 'error'),
  })
  onTestFinished(() => simulated.stop())
  const room = openControlRoom(system)
  onTestFinished(() => room.close())
  await vi.waitFor(() => expect(simulated.stats().connected).toBe(plan.length), within)
  const lamp = plan.find(({ kind }) => kind === 'streetlight')
  const id = lamp?.id ?? ''
  await vi.waitFor(async () => expect((await latest(id)).telemetry?.values.powerW).toBeGreaterThan(20), within)
  expect(room.faults.size).toBe(0)

  const failedAt = clock.now()
  simulated.device(id).injectFault('lamp_failure')
  await vi.waitFor(() => expect(named(id)).toEqual(['raised']), within)
  const [raised] = room.events
  expect(raised?.fault).toMatchObject({
    code: 'lamp_failure',
    severity: 'major',
    deviceId: id,
    active: true,
    acknowledged: false,
  })
  expect(raised?.fault.raisedAt).toBeGreaterThanOrEqual(failedAt)

  const verdict = await system.post<{ done: boolean }>(`/api/v1/faults/${raised?.fault.id}/acknowledge`, {})
  expect(verdict).toMatchObject({ done: true, fault: { acknowledged: true, acknowledgedBy: 'admin' } })
  await vi.waitFor(() => expect(named(id)).toEqual(['raised', 'acknowledged']), within)

  const recoveredAt = clock.now()
  simulated.device(id).recover('lamp_failure')
  await vi.waitFor(() => expect(named(id)).toEqual(['raised', 'acknowledged', 'cleared', 'closed']), within)
  expect(room.faults.size).toBe(0)
  await expect(system.get(`/api/v1/faults/${raised?.fault.id}`)).resolves.toMatchObject({
    fault: { active: false, acknowledged: true },
    trail: [{ event: 'raised' }, { event: 'acknowledged', by: 'admin' }, { event: 'cleared' }, { event: 'closed' }],
  })

  const { before, between, after } = await vi.waitFor(async () => {
    // The detector may be ahead of the history.
    const parts = await readingsAround(id, failedAt, recoveredAt)
    for (const part of Object.values(parts)) expect(part.length).toBeGreaterThan(0)
    return parts
  }, within)
  expect(between.every(({ values }) => values.faults === 'lamp_failure' && (values.powerW ?? 0) < 20)).toBe(true)
  expect([...before, ...after].every(({ values }) => values.faults === undefined && (values.powerW ?? 0) > 20)).toBe(
    true,
  )

  await simulated.stop()
  await vi.waitFor(async () => {
    const ledger = await system.get<Ledger>('/api/v1/ledger')
    expect(ledger).toMatchObject({ balanced: true, pending: 0, deadLettered: 0 })
    expect(ledger.accepted).toBe(ledger.written)
    expect(ledger.accepted).toBeGreaterThanOrEqual(simulated.stats().acknowledgedMessages)
  }, within)
  expect(system.complaints).toEqual([])

  function named(deviceId: string): string[] {
    return room.events.filter(({ fault }) => fault.deviceId === deviceId).map(({ event }) => event)
  }

  async function readingsAround(deviceId: string, failed: number, recovered: number) {
    const { rows } = await system.get<{ rows: { time: number; values: { powerW?: number; faults?: string } }[] }>(
      `/api/v1/devices/${deviceId}/history?fields=powerW,faults&from=${Date.parse(evening)}&to=${clock.now()}`,
    )
    return {
      before: rows.filter(({ time }) => time < failed),
      between: rows.filter(({ time }) => time >= failed && time < recovered),
      after: rows.filter(({ time }) => time >= recovered),
    }
  }

  function latest(deviceId: string) {
    return system.get<{ telemetry?: { values: { powerW?: number } } }>(`/api/v1/devices/${deviceId}/latest`)
  }
})
