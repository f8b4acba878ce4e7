// The city at a glance, of a real ingest: what its detector has heard and its historian has written.
import { join } from 'node:path'
import type { CameraWall } from '@ronda/contracts/camera-wall'
import { CameraWall as CameraWallSchema } from '@ronda/contracts/camera-wall'
import type { CityStanding, Standings } from '@ronda/contracts/city-standing'
import { NightEnergy } from '@ronda/contracts/night-energy'
import { lastNightBefore, nightAround } from '@ronda/faults/nights'
import { createSun } from '@ronda/faults/sun'
import { readCity } from '@ronda/runtime/city-profile'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import { edgeMs } from '../src/night-energy.ts'
import { type Harness, startHarness, topicOf } from './harness.ts'

const minute = 60_000
/** Answers are kept for a while. */
const patient = { ...within, interval: 500 }

let harness: Harness
beforeEach(async () => {
  harness = await startHarness()
})
afterEach(() => harness.end())

const standing = async () => (await harness.request<CityStanding>('GET', '/api/v1/city-standing')).body
const wall = async () => (await harness.request<CameraWall>('GET', '/api/v1/camera-wall')).body

/** What a camera says, ms before now; ingest beats here, so what comes through it can be heard. */
function says(id: string, payload: object, { channel = 'telemetry', agoMs = 0, source = 'ingest' } = {}) {
  const at = Date.now() - agoMs
  return harness.publish(topicOf(id, channel, 'camera'), { ts: at, ...payload }, { receivedAt: at, source })
}

/** Dusk and dawn of the last night, and of the same one a week before. */
function nights() {
  const sun = createSun(readCity(join(import.meta.dirname, '../../../infra/cities/tangsel')).profile.centre)
  const last = lastNightBefore(sun, Date.now() - edgeMs)
  if (last === undefined) throw new Error('the city has no night')
  const before = nightAround(sun, (last.from + last.to) / 2 - 7 * 24 * 60 * minute)
  if (before === undefined) throw new Error('the city had no night')
  return { last, before }
}

const none: Standings = { working: 0, unheard: 0, faulty: 0, silent: 0, neverSeen: 0, disabled: 0 }

describe('the standing of the city', () => {
  test('counts each device once, by how it is', async () => {
    const camera = { kind: 'camera', agency: 'diskominfo' } as const
    for (const id of ['cctv-works', 'cctv-broken', 'cctv-never']) await harness.register(id, camera)
    await harness.register('cctv-off', { ...camera, enabled: false })
    await harness.register('cctv-gone', camera)
    await harness.request('DELETE', '/api/v1/devices/cctv-gone')
    await harness.register('lamp-setu', { district: 'setu' })
    await says('cctv-broken', { fps: 0, signalLoss: true })
    await vi.waitFor(async () => {
      // Once ingest has said that it listens, what is heard is known to be heard.
      await says('cctv-works', { fps: 25 })
      const { groups, faults, at } = await standing()
      expect(groups).toEqual([
        {
          kind: 'camera',
          district: 'serpong',
          standings: { ...none, working: 1, faulty: 1, neverSeen: 1, disabled: 1 },
        },
        { kind: 'streetlight', district: 'setu', standings: { ...none, neverSeen: 1 } },
      ])
      expect(faults.map(({ severity, active, unacknowledged }) => [severity, active, unacknowledged])).toEqual([
        ['critical', 1, 1],
        ['major', 0, 0],
        ['minor', 0, 0],
        ['warning', 0, 0],
      ])
      expect(at).toBeGreaterThan(0)
    }, patient)
  })

  test('tells what is silent from what nobody can hear', async () => {
    await harness.register('cctv-silent', { kind: 'camera', intervalS: 1 })
    await says('cctv-silent', { fps: 25 })
    await vi.waitFor(
      async () => expect((await standing()).groups[0]?.standings).toEqual({ ...none, silent: 1 }),
      patient,
    )
    await harness.register('lamp-blind')
    // No broker beats here, so what came through one is out of sight a few seconds later.
    await harness.publish(topicOf('lamp-blind'), { powerW: 60 }, { receivedAt: Date.now(), source: 'broker' })
    await vi.waitFor(async () => {
      const found = (await standing()).groups.find(({ kind }) => kind === 'streetlight')
      expect(found?.standings).toEqual({ ...none, unheard: 1 })
    }, patient)
  })
})

describe('the energy of the night', () => {
  const counts = (id: string, ...readings: [ts: number, energyWh: number][]) =>
    harness.publish(
      topicOf(id),
      readings.map(([ts, energyWh]) => ({ ts, energyWh })),
    )

  test('is that of the lights whose counters are known at dusk and dawn, and compared of those known twice', async () => {
    const { last, before } = nights()
    for (const id of ['known-1', 'known-2', 'new', 'reset', 'gone-at-dawn', 'late-at-dusk', 'never'])
      await harness.register(id)
    await harness.register('disabled', { enabled: false })
    await harness.register('no-lamp', { kind: 'cabinet' })
    for (const [id, used] of [
      ['known-1', 500],
      ['known-2', 300],
    ] as const) {
      // Gaps at night, what comes twice and what was measured by day change nothing.
      await counts(id, [before.from - 20 * minute, 1_000], [before.to + 20 * minute, 1_000 + 2 * used])
      await counts(
        id,
        [last.from - 20 * minute, 9_000],
        [last.from + 90 * minute, 9_100],
        [last.to - 10 * minute, 9_000 + used],
      )
      await counts(id, [last.to - 10 * minute, 9_000 + used], [last.to + 2 * 60 * minute, 99_000])
    }
    await counts('new', [last.from, 5], [last.to, 105])
    await counts('reset', [last.from, 70_000], [last.to, 400])
    await counts('gone-at-dawn', [last.from, 10], [last.to - 60 * minute, 300])
    await counts('late-at-dusk', [last.from + 60 * minute, 10], [last.to, 300])
    await counts('disabled', [last.from, 10], [last.to, 300])
    await harness.settled()
    await vi.waitFor(async () => expect((await standing()).groups[0]?.standings.disabled).toBe(1), patient)

    const { status, body } = await harness.request('GET', '/api/v1/night-energy')
    expect(status).toBe(200)
    expect(NightEnergy.parse(body)).toEqual({
      lights: 7,
      lastNight: { ...last, lights: 3, kWh: 0.9 },
      weekBefore: { ...before, lights: 2, kWh: 1.6 },
      both: { lights: 2, lastNightKWh: 0.8, weekBeforeKWh: 1.6 },
    })
  })

  test('is not known of what has said nothing', async () => {
    await harness.register('never')
    await vi.waitFor(async () => expect((await standing()).groups).toHaveLength(1), patient)
    expect((await harness.request('GET', '/api/v1/night-energy')).body).toMatchObject({
      lights: 1,
      lastNight: { lights: 0, kWh: 0 },
      both: { lights: 0 },
    })
  })
})

describe('the wall of cameras', () => {
  test('has the health of each, the bars of its past, and what its metadata counted in the last hour', async () => {
    await harness.register('cctv-1', { kind: 'camera', name: 'Simpang Gaplek', district: 'pamulang', intervalS: 60 })
    await harness.register('cctv-2', { kind: 'camera' })
    await harness.register('lamp-1')
    await says('cctv-1', { fps: 24, bitrateKbps: 3_000, recording: true }, { agoMs: 100 * minute })
    await says('cctv-1', { fps: 25, bitrateKbps: 2_000, recording: false, uptimeS: 7 })
    for (const agoMs of [90 * minute, 2_000, 1_000]) {
      await says('cctv-1', { rule: 'loitering', objectClass: 'person' }, { channel: 'event', agoMs })
    }
    await says('cctv-1', { rule: 'line-crossing', objectClass: 'bus', count: 3 }, { channel: 'event' })
    await harness.settled()

    await vi.waitFor(async () => {
      const found = CameraWallSchema.parse(await wall())
      expect(found.cameras.map(({ id }) => id)).toEqual(['cctv-1', 'cctv-2'])
      const [one, two] = found.cameras
      expect(one).toMatchObject({ name: 'Simpang Gaplek', district: 'pamulang', intervalS: 60, enabled: true })
      expect(one?.health).toEqual({ time: expect.any(Number), fps: 25, bitrateKbps: 2_000, recording: false })
      expect(one?.lastHour).toEqual({
        rules: { loitering: 2, 'line-crossing': 1 },
        classes: { person: 2, bus: 1 },
      })
      expect(one?.bitrateKbps).toHaveLength(24)
      expect(one?.bitrateKbps.filter((mean) => mean !== null)).toEqual([3_000, 2_000])
      expect(one?.events.reduce((sum, count) => sum + count, 0)).toBe(4)
      expect(two).toMatchObject({ seenAt: null, lastHour: { rules: {}, classes: {} } })
      expect(two?.health).toBeUndefined()
      expect(two?.bitrateKbps.every((mean) => mean === null)).toBe(true)
    }, patient)
  })

  test('has no word of what is not declared', async () => {
    await harness.register('cctv-1', { kind: 'camera' })
    await says('cctv-1', { rule: 'intrusion', objectClass: 'person', plate: 'B 1234 XYZ' }, { channel: 'event' })
    await harness.settled()
    await vi.waitFor(async () => {
      const text = JSON.stringify(await wall())
      expect(text).toContain('intrusion')
      expect(text).not.toMatch(/plate|1234/)
    }, patient)
  })
})
