// What is expected of the rules, held against the design's words: delays, intervals, night and day, causes.
import { createBookedCity, minute } from './testing/booked-city.ts'
import { describe, expect, it } from 'vitest'
import { confirmedAt } from './finding.ts'
import type { Word } from './words.ts'

const second = 1_000
const hour = 60 * minute

describe('words', () => {
  const said = (...findings: Word['finding'][]): Word[] => findings.map((finding, n) => ({ at: n * minute, finding }))
  const isBad = (finding: Word['finding']) => finding === 'bad' || finding === 'certain'

  it.each<[string, Word[], { reports: number; forMs: number }, number | undefined]>([
    ['count in a row', said('bad', 'bad'), { reports: 2, forMs: 0 }, minute],
    ['once are not twice', said('bad', 'good', 'bad'), { reports: 2, forMs: 0 }, undefined],
    [
      'that are neither good nor bad begin anew',
      said('bad', 'between', 'bad', 'bad'),
      { reports: 2, forMs: 0 },
      3 * minute,
    ],
    ['that are certain need no second', said('certain'), { reports: 2, forMs: 5 * minute }, 0],
    ['have to hold for so long', said('bad', 'bad', 'bad'), { reports: 1, forMs: 90 * second }, 90 * second],
    ['that nobody contradicts hold on', said('bad'), { reports: 1, forMs: 10 * minute }, 10 * minute],
    ['that are contradicted in time do not', said('bad', 'good'), { reports: 1, forMs: 61 * second }, undefined],
    ['that are contradicted too late do', said('bad', 'good'), { reports: 1, forMs: 59 * second }, 59 * second],
  ])('%s', (_, words, confirmation, expected) => {
    expect(confirmedAt(words, isBad, confirmation)).toBe(expected)
  })
})

describe('a lamp that fails at night and says so', () => {
  it('is found at once, and cleared after two reports of its light', () => {
    const city = createBookedCity({ at: 'night', intervalS: 60 })
    city.fault('lamp_failure', city.lamp, { from: 5 * minute, until: 20 * minute })
    const [fault] = city.expect().faults
    expect(fault).toMatchObject({ is: 'must', raiseBy: city.at(5 * minute) + city.slackMs })
    // It says at once that it is mended, and once more in its turn.
    expect(fault?.clearBy).toBeGreaterThan(city.at(20 * minute) + city.slackMs)
    expect(fault?.clearBy).toBeLessThanOrEqual(city.at(21 * minute) + city.slackMs)
  })

  it('and is mended by day is cleared in the evening', () => {
    const city = createBookedCity({ at: 'night', intervalS: 600, lasts: 30 * hour })
    city.fault('lamp_failure', city.lamp, { from: 5 * minute, until: 14 * hour })
    const { clearBy = 0 } = city.expect().faults[0] ?? {}
    expect(clearBy).toBeGreaterThan(city.at(20 * hour))
    expect(clearBy).toBeLessThan(city.at(24 * hour))
  })
})

describe('low voltage', () => {
  it.each([
    [9 * minute, 'none'],
    [30 * minute, 'must'],
  ])('for %i ms', (lasts, is) => {
    const city = createBookedCity({ at: 'night', intervalS: 20 })
    city.fault('low_voltage', city.lamp, { from: 5 * minute, until: 5 * minute + lasts })
    expect(city.expect().faults).toMatchObject([{ is }])
  })

  it('for as long as its delay may be found or not', () => {
    const city = createBookedCity({ at: 'night', intervalS: 20 })
    city.fault('low_voltage', city.lamp, { from: 5 * minute, until: 15 * minute + 10 * second })
    expect(city.expect().faults).toMatchObject([{ is: 'may' }])
  })

  it('is found a delay after the first report of it', () => {
    const city = createBookedCity({ at: 'night', intervalS: 300 })
    city.fault('low_voltage', city.lamp, { from: 7 * minute, until: 50 * minute })
    const { raiseBy = 0 } = city.expect().faults[0] ?? {}
    expect(raiseBy).toBeGreaterThan(city.at(17 * minute))
    expect(raiseBy).toBeLessThanOrEqual(city.at(22 * minute) + city.slackMs)
  })

  it('of a cabinet is the cause of that of its lamps, on the phases that sag and while they need to tell', () => {
    const city = createBookedCity({ at: 'night', intervalS: 60 })
    city.fault('low_voltage', city.cabinet, { from: 5 * minute, until: 30 * minute, phases: ['L2'] })
    const [cause] = city.expect().causes
    expect(cause).toMatchObject({ deviceId: city.cabinet, code: 'low_voltage', from: city.at(5 * minute) })
    expect(cause?.codes).toEqual(new Set(['low_voltage']))
    expect(cause?.devices).toEqual(new Set([city.cabinet, ...city.lampsOn('L2')]))
  })
})

describe('a device that drops off', () => {
  it.each([
    [60 * second, 'none'],
    [2 * minute, 'may'],
    [4 * minute, 'must'],
  ])('for %i ms', (lasts, is) => {
    const city = createBookedCity({ at: 'night', intervalS: 60 })
    city.fault('comm_loss', city.camera, { from: 5 * minute, until: 5 * minute + lasts })
    expect(city.expect().faults).toMatchObject([{ is, raiseBy: city.at(7 * minute) + city.slackMs }])
  })

  it('tells nothing else meanwhile', () => {
    const city = createBookedCity({ at: 'night', intervalS: 60 })
    city.fault('comm_loss', city.camera, { from: 4 * minute, until: 30 * minute })
    city.fault('video_loss', city.camera, { from: 5 * minute, until: 20 * minute })
    expect(city.expect().faults).toMatchObject([
      { code: 'comm_loss', is: 'must' },
      { code: 'video_loss', is: 'may' },
    ])
  })

  it('while the broker is away is missed when it had time to come back', () => {
    const city = createBookedCity({ at: 'night', intervalS: 60 })
    city.fault('comm_loss', city.camera, { from: 5 * minute, until: 40 * minute })
    city.away('broker', { from: 4 * minute, until: 20 * minute })
    expect(city.expect().faults).toMatchObject([{ is: 'must', raiseBy: city.at(23 * minute) + city.slackMs }])
  })
})

describe('a cabinet that is cut off', () => {
  it('is found at once, cleared with the second report of voltage, and explains what is behind it', () => {
    const city = createBookedCity({ at: 'night', intervalS: 60 })
    city.fault('feeder_outage', city.cabinet, { from: 5 * minute, until: 20 * minute, phases: ['L1', 'L2', 'L3'] })
    city.fault('lamp_failure', city.lamp, { from: 2 * minute, until: 30 * minute })
    const { faults, causes } = city.expect()
    expect(faults).toMatchObject([
      { code: 'feeder_outage', is: 'must', raiseBy: city.at(5 * minute) + city.slackMs },
      { code: 'lamp_failure', is: 'may' },
    ])
    expect(faults[0]?.clearBy).toBeGreaterThan(city.at(20 * minute) + city.slackMs)
    expect(faults[0]?.clearBy).toBeLessThanOrEqual(city.at(21 * minute) + city.slackMs)
    expect([...(causes[0]?.codes ?? [])]).toEqual(expect.arrayContaining(['comm_loss', 'lamp_failure', 'low_voltage']))
  })
})

describe('a lamp that goes on and off', () => {
  it('is found with its fourth switching within an hour, and cleared a day after it was that often', () => {
    const city = createBookedCity({ at: 'night', intervalS: 120, lasts: 30 * hour })
    city.fault('cycling_failure', city.lamp, { from: 5 * minute, until: 95 * minute })
    const [{ is, raiseBy, clearBy } = {}] = city.expect().faults
    // Every 4 minutes.
    expect(is).toBe('must')
    expect(raiseBy).toBeGreaterThanOrEqual(city.at(21 * minute) + city.slackMs)
    expect(raiseBy).toBeLessThanOrEqual(city.at(23 * minute) + city.slackMs)
    // Three of them still count 48 to 51 minutes after the last.
    expect(clearBy).toBeGreaterThan(city.at(95 * minute + 24 * hour + 45 * minute))
    expect(clearBy).toBeLessThan(city.at(95 * minute + 24 * hour + 60 * minute))
  })

  it('too few times is not', () => {
    const city = createBookedCity({ at: 'night', intervalS: 60 })
    city.fault('cycling_failure', city.lamp, { from: 5 * minute, until: 14 * minute })
    expect(city.expect().faults).toMatchObject([{ is: 'none' }])
  })
})

describe('a district that is cut off', () => {
  const spans = [
    [60 * second, 'none'],
    [2 * minute, 'may'],
    [6 * minute, 'must'],
  ] as const

  it.each(spans)('for %i ms', (lasts, is) => {
    const city = createBookedCity({ at: 'night', intervalS: 60, devices: 300 })
    city.fault('uplink_outage', 'pamulang', { from: 5 * minute, until: 5 * minute + lasts })
    expect(city.expect().faults).toMatchObject([
      {
        deviceId: 'pamulang',
        code: 'uplink_outage',
        is,
        raiseBy: city.at(7 * minute) + city.slackMs,
        clearBy: city.at(5 * minute + lasts) + city.slackMs,
      },
    ])
  })

  it('explains the silence of all that is there, also when it looks like a cut cabinet or site', () => {
    const city = createBookedCity({ at: 'night', intervalS: 60, devices: 300 })
    city.fault('uplink_outage', 'pamulang', { from: 5 * minute, until: 15 * minute })
    const [cause] = city.expect().causes
    const there = city.units.filter(({ device }) => device.district === 'pamulang')
    const sites = there.flatMap(({ device }) => device.site ?? [])
    expect(sites.length).toBeGreaterThan(0)
    expect(cause?.devices).toEqual(new Set(['pamulang', ...there.map(({ id }) => id), ...sites]))
    expect(cause?.codes).toEqual(new Set(['comm_loss', 'feeder_outage', 'uplink_outage']))
  })

  it('keeps what is there from telling anything else', () => {
    const city = createBookedCity({ at: 'night', intervalS: 60, devices: 300 })
    const camera = city.units.find(({ kind, device }) => kind === 'camera' && device.district === 'pamulang')
    city.fault('uplink_outage', 'pamulang', { from: 5 * minute, until: 25 * minute })
    city.fault('video_loss', camera?.id ?? '', { from: 6 * minute, until: 20 * minute })
    expect(city.expect().faults).toMatchObject([{ is: 'must' }, { code: 'video_loss', is: 'may' }])
  })
})

it('follows what a city changes about a rule', () => {
  const rules = { low_voltage: { raise: { minutes: 25 } } }
  const city = createBookedCity({ at: 'night', intervalS: 60, rules })
  city.fault('low_voltage', city.lamp, { from: 5 * minute, until: 25 * minute })
  expect(city.expect().faults).toMatchObject([{ is: 'none' }])
})

it('a fault that no rule finds is told, not passed over', () => {
  const city = createBookedCity({ at: 'night', intervalS: 60, rules: { video_loss: { enabled: false } } })
  city.fault('video_loss', city.camera, { from: minute, until: 5 * minute })
  expect(() => city.expect()).toThrow('no rule finds video_loss')
})
