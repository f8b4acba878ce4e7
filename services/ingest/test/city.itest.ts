// The city at a glance, of a real ingest: what its detector has heard and its historian has written.
import type { CameraWall } from '@ronda/contracts/camera-wall'
import { CameraWall as CameraWallSchema } from '@ronda/contracts/camera-wall'
import type { CityStanding, Standings } from '@ronda/contracts/city-standing'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Harness, startHarness, topicOf } from './harness.ts'

const minute = 60_000
/** Answers are kept for a while. */
const patient = { timeout: 25_000, interval: 500 }

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
