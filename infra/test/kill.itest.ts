// Power cuts under load: each service in turn is killed while 2,000 messages a second arrive. Every message that
// was acknowledged is in the store exactly once, and no fault is lost or doubled.
import { spawnSync } from 'node:child_process'
import type { AlarmMetrics } from '@ronda/contracts/alarm-metrics'
import { NewDevice } from '@ronda/contracts/device'
import type { Fault } from '@ronda/contracts/fault'
import type { Ledger } from '@ronda/contracts/ledger'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { isInstalled } from '../testing/servers.ts'
import { openControlRoom } from '../testing/control-room.ts'
import { type Influxd, startInfluxd } from '../testing/influxd.ts'
import { startPacedLoad } from '../testing/paced-load.ts'
import { registerPlan } from '../testing/registration.ts'
import { type RunningSystem, startSystem } from '../testing/running-system.ts'
import { within } from '../testing/within.ts'

const lampCount = 20
const messagesPerSecondAndLamp = 100
const cameraCount = 20

const place = { latitude: -6.3, longitude: 106.68, district: 'serpong' }
const lamps = Array.from({ length: lampCount }, (_, i) =>
  NewDevice.parse({ ...place, id: `pju-${i}x`, kind: 'streetlight', name: `Lamp ${i}` }),
)
const cameras = Array.from({ length: cameraCount }, (_, i) =>
  NewDevice.parse({ ...place, id: `cctv-${i}x`, kind: 'camera', name: `Camera ${i}` }),
)

let system: RunningSystem
afterEach(() => system.stop())

describe.each([
  ['embedded', true],
  ['influx', isInstalled('influxd') && isInstalled('influx')],
] as const)('store %s', (store, canRun) => {
  test.skipIf(!canRun)('killed in turn under 2,000 messages a second', async () => {
    const influxd = store === 'influx' ? await startInfluxd() : undefined
    if (influxd !== undefined) onTestFinished(() => influxd.stop())
    system = await startSystem(influxd === undefined ? {} : { RONDA_STORE: 'influx', INFLUX_URL: influxd.url })
    const tokens = await registerPlan(system, [...lamps, ...cameras])
    const room = openControlRoom(system)
    onTestFinished(() => room.close())
    const common = { port: Number(system.env.RONDA_MQTT_PORT), city: 'tangsel', tokens }
    const lampLoad = startPacedLoad({
      ...common,
      devices: lamps,
      messagesPerSecond: messagesPerSecondAndLamp,
      payload: (_, n) => ({ powerW: n % 90 }),
    })
    onTestFinished(() => lampLoad.close())
    // One camera after the other loses its picture, a second apart, so that some do while a service is down.
    const cameraLoad = startPacedLoad({
      ...common,
      devices: cameras,
      messagesPerSecond: 2,
      payload: ({ id }, n) => ({
        fps: 25,
        lastFrameAgeMs: 40,
        signalLoss: n > 2 * cameras.findIndex((each) => each.id === id) + 4,
      }),
    })
    onTestFinished(() => cameraLoad.close())

    for (const service of ['broker', 'ingest', 'fanout']) {
      const before = lampLoad.sent
      await vi.waitFor(() => expect(lampLoad.sent - before).toBeGreaterThan(8_000), within)
      const { pid } = { pid: system.pidOf(service) }
      system.killHard(service)
      await vi.waitFor(() => expect(system.pidOf(service)).not.toBe(pid), within)
    }
    await vi.waitFor(() => expect(room.faults.size).toBe(cameraCount), within)
    await Promise.all([lampLoad.finish(), cameraLoad.finish()])

    await vi.waitFor(async () => {
      expect(await system.get<Ledger>('/api/v1/ledger')).toMatchObject({ balanced: true, pending: 0, deadLettered: 0 })
    }, within)
    const stored = await storedSequences()
    for (const { id } of lamps) {
      const sequences = stored.get(id) ?? []
      expect(new Set(sequences).size, `${id} has rows twice`).toBe(sequences.length)
      const missing = [...(lampLoad.acknowledged.get(id) ?? [])].filter((n) => !sequences.includes(n))
      expect(missing, `${id} lacks what was acknowledged`).toEqual([])
      expect(sequences.length).toBeGreaterThan(1_000)
    }

    const { faults } = await system.get<{ faults: Fault[] }>('/api/v1/faults')
    expect(faults.map(({ deviceId }) => deviceId).toSorted()).toEqual(cameras.map(({ id }) => id).toSorted())
    expect(faults.every(({ code, occurrences }) => code === 'video_loss' && occurrences === 1)).toBe(true)
    expect(room.events.map(({ event, fault }) => `${event} ${fault.deviceId}`).toSorted()).toEqual(
      cameras.map(({ id }) => `raised ${id}`).toSorted(),
    )
    // Announced once each, whoever was killed.
    const { announced, open } = await system.get<AlarmMetrics>('/api/v1/alarm-metrics?kind=camera')
    expect({ announced, ...open }).toMatchObject({ announced: cameraCount, faults: cameraCount, standing: cameraCount })
    expect(room.gaps).toBe(0)
    expect(room.connections).toBeGreaterThan(1)
    if (influxd !== undefined) expect(countWithInflux(influxd)).toBe([...stored.values()].flat().length)
  })
})

/** Of one answer of the history. */
const mostRows = 10_000

async function storedSequences(): Promise<Map<string, number[]>> {
  const stored = new Map<string, number[]>()
  for (const { id } of lamps) {
    const { rows } = await system.get<{ rows: { values: { seq?: number } }[] }>(
      `/api/v1/devices/${id}/history?fields=seq&limit=${mostRows}`,
    )
    expect(rows.length, 'more rows than one answer has').toBeLessThan(mostRows)
    stored.set(
      id,
      rows.map(({ values }) => values.seq ?? -1),
    )
  }
  return stored
}

/** Asked with InfluxDB's own client. */
function countWithInflux({ port }: Influxd): number {
  const query = 'SELECT count(seq) FROM streetlight'
  const { stdout, stderr } = spawnSync(
    'influx',
    ['-host', '127.0.0.1', '-port', String(port), '-database', 'ronda', '-format', 'csv', '-execute', query],
    { encoding: 'utf8' },
  )
  const [, row = ''] = stdout.trim().split('\n')
  if (row === '') throw new Error(`influx said: ${stdout}${stderr}`)
  return Number(row.split(',').at(-1))
}
