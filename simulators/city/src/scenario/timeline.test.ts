import { describe, expect, it, test } from 'vitest'
import { exampleCity, examplePlan } from '../../test/example-city.ts'
import { canHave } from '../fault-kinds.ts'
import { isSupplied } from '../physics/mains.ts'
import { createWorld } from '../physics/world.ts'
import { createUnits } from '../unit.ts'
import { parseScenario } from './scenario.ts'
import { type Happening, createTimeline } from './timeline.ts'

const minute = 60_000
/** 20:00 in Jakarta. */
const beginsAt = Date.UTC(2026, 10, 21, 13)
const plan = examplePlan(400)

function timelineOf(steps: string, seed = 1) {
  const text = `{ about: x, city: { devices: 400, interval: 1 min }, starts: 2026-11-21T13:00:00Z, speed: 1, slack: 1 s, lasts: 9 h, timeline: [${steps}] }`
  const world = createWorld(exampleCity.profile, 1)
  const units = createUnits(plan, 1)
  const timeline = createTimeline({ scenario: parseScenario(text, 'x'), units, world, seed, beginsAt })
  return { timeline, units: new Map(units.map((unit) => [unit.device.id, unit])), world }
}

function struck(timeline: readonly Happening[]): string[] {
  return timeline.flatMap((each) => (each.type === 'fault' ? each.deviceId : []))
}

test('a fault comes as often as it is to, each time for as long', () => {
  const { timeline } = timelineOf(
    '{ fault: comm_loss, at: 1 min, in: { device: cctv-0001 }, lasts: 2 min, times: 3, every: 5 min }',
  )
  expect(timeline).toEqual(
    [1, 6, 11].map((at) => ({
      type: 'fault',
      deviceId: 'cctv-0001',
      subject: 'camera',
      kind: 'comm_loss',
      from: beginsAt + at * minute,
      until: beginsAt + (at + 2) * minute,
      how: {},
    })),
  )
})

test('services are stopped for a while, and killed at moments that the seed draws', () => {
  const steps = '{ stop: broker, at: 2 min, lasts: 20 min }, { kill: ingest, at: 1 min, until: 30 min, times: 5 }'
  const { timeline } = timelineOf(steps)
  expect(timeline.filter(({ type }) => type === 'stop')).toEqual([
    { type: 'stop', service: 'broker', from: beginsAt + 2 * minute, until: beginsAt + 22 * minute },
  ])
  const kills = timeline.filter(({ type }) => type === 'kill').map(({ from }) => from - beginsAt)
  expect(kills).toHaveLength(5)
  for (const at of kills) expect(at).toBeGreaterThanOrEqual(minute)
  for (const at of kills) expect(at).toBeLessThanOrEqual(30 * minute)
  expect(timelineOf(steps).timeline).toEqual(timeline)
  expect(timelineOf(steps, 2).timeline).not.toEqual(timeline)
})

test('an operator shelves at a time, for a while', () => {
  expect(timelineOf('{ shelve: video_loss, at: 5 min, count: 3, lasts: 2 h }').timeline).toEqual([
    { type: 'shelve', from: beginsAt + 5 * minute, code: 'video_loss', count: 3, forMs: 120 * minute },
  ])
})

describe('an uplink that is cut', () => {
  const cut = (where: string) => `{ fault: uplink_outage, at: 1 min, in: ${where}, lasts: 20 min }`

  it.each([
    ['{ district: west }', { subject: 'district', deviceId: 'west' }],
    ['{ device: gw-0001 }', { subject: 'gateway', deviceId: 'gw-0001' }],
  ])('is that of %s', (where, found) => {
    expect(timelineOf(cut(where)).timeline).toMatchObject([{ type: 'fault', kind: 'uplink_outage', ...found }])
  })

  it('is that of sites with a gateway, not of crossings', () => {
    const { timeline, units } = timelineOf(cut('{ kind: site, count: 3 }'))
    const gateways = [...units.values()].filter(({ kind }) => kind === 'gateway')
    const sites = struck(timeline)
    expect(new Set(sites).size).toBe(3)
    expect(gateways.map(({ device }) => device.site)).toEqual(expect.arrayContaining(sites))
  })

  it('takes everything behind it: nothing else is drawn there', () => {
    const steps = `${cut('{ district: west }')}, { fault: comm_loss, in: { kind: camera, count: 12 }, lasts: 5 min }`
    const { timeline, units } = timelineOf(steps)
    const districts = struck(timeline).map((id) => units.get(id)?.device.district ?? 'itself')
    expect(new Set(districts)).toEqual(new Set(['itself', 'east']))
  })
})

describe('firmware', () => {
  it('reboots each of so many devices once, at its own moment', () => {
    const { timeline } = timelineOf('{ firmware: reboot, at: 1 min, in: { kind: camera, count: 9 }, lasts: 5 min }')
    const reboots = timeline.flatMap((each) => (each.type === 'reboot' ? [each] : []))
    expect(new Set(reboots.map(({ deviceId }) => deviceId)).size).toBe(9)
    for (const { from } of reboots) {
      expect(from).toBeGreaterThanOrEqual(beginsAt + minute)
      expect(from).toBeLessThanOrEqual(beginsAt + 6 * minute)
    }
    expect(new Set(reboots.map(({ from }) => from)).size).toBeGreaterThan(1)
  })

  it('has its quirks in devices that nothing else is drawn in', () => {
    const quirk = '{ firmware: burst, at: 1 min, in: { kind: camera, count: 12 }, lasts: 5 min }'
    const { timeline } = timelineOf(`${quirk}, { fault: video_loss, in: { kind: camera, count: 4 }, lasts: 3 min }`)
    const quirks = timeline.flatMap((each) => (each.type === 'quirk' ? [each] : []))
    expect(quirks).toHaveLength(12)
    expect(quirks[0]).toMatchObject({ quirk: 'burst', from: beginsAt + minute, until: beginsAt + 6 * minute })
    const odd = new Set(quirks.map(({ deviceId }) => deviceId))
    expect(struck(timeline).filter((id) => odd.has(id))).toEqual([])
  })
})

test('a clock is ahead or behind by as much as is said', () => {
  const drift = (how: string) =>
    timelineOf(`{ fault: clock_drift, in: { device: cctv-0001 }, ${how}, lasts: 9 min }`).timeline
  expect(drift('ahead: 5 h')).toMatchObject([{ how: { skewMs: 300 * minute } }])
  expect(drift('behind: 90 min')).toMatchObject([{ how: { skewMs: -90 * minute } }])
})

describe('random faults', () => {
  const steps = '{ random: { share: 0.05, least: 10 min, mean: 30 min }, until: 2 h }'

  it('come to the same for a seed, in order, and to others for another', () => {
    const { timeline } = timelineOf(steps)
    expect(timelineOf(steps).timeline).toEqual(timeline)
    expect(timelineOf(steps, 2).timeline).not.toEqual(timeline)
    expect(timeline.map(({ from }) => from)).toEqual(timeline.map(({ from }) => from).toSorted((a, b) => a - b))
    expect(timeline.length).toBeGreaterThan(10)
    expect(timeline.length).toBeLessThanOrEqual(20)
  })

  it('strike devices that can have them and work, each behind something that has no other', () => {
    const { timeline, units, world } = timelineOf(steps)
    const concerned = timeline.flatMap((each) => {
      const unit = each.type === 'fault' ? units.get(each.deviceId) : undefined
      if (each.type !== 'fault' || unit === undefined) throw new Error('only faults of the plan')
      expect(canHave(unit.device.kind, each.kind)).toBe(true)
      expect(isSupplied(world, unit, each.from)).toBe(true)
      expect(each.until - each.from).toBeGreaterThanOrEqual(10 * minute)
      return [unit, ...unit.behind, ...(unit.cabinet === undefined ? [] : [unit.cabinet])]
    })
    expect(new Set(concerned).size).toBe(concerned.length)
  })
})

describe('a step that the city cannot have', () => {
  it.each([
    ['{ fault: lamp_failure, in: { kind: camera }, lasts: 1 min }', 'a camera cannot have lamp_failure'],
    ['{ fault: video_loss, in: { device: cctv-9999 }, lasts: 1 min }', 'the city has no device cctv-9999'],
    ['{ fault: feeder_outage, in: { kind: cabinet, count: 99 }, lasts: 1 min }', 'give it more --devices'],
    ['{ firmware: reboot, in: { kind: camera, count: 999 }, lasts: 1 min }', 'give it more --devices'],
    ['{ fault: uplink_outage, in: { district: atlantis }, lasts: 1 min }', 'the city has no district atlantis'],
    ['{ fault: feeder_outage, in: { district: west }, lasts: 1 min }', 'a district cannot have feeder_outage'],
    ['{ fault: uplink_outage, in: { kind: site, count: 99 }, lasts: 1 min }', 'give it more --devices'],
  ])('%s', (steps, message) => {
    expect(() => timelineOf(steps)).toThrow(message)
  })
})
