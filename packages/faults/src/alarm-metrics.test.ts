import type { AlarmMetrics, AlarmNote } from '@ronda/contracts/alarm-metrics'
import { AlarmMetrics as AlarmMetricsSchema, longestPeriodMs, mostBars } from '@ronda/contracts/alarm-metrics'
import type { FaultFilter } from '@ronda/contracts/fault'
import { makeNote } from '@ronda/contracts/testing/make-note'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type OpenFault, alarmMetrics, leadInMs } from './alarm-metrics.ts'
import { alarmTable } from './alarm-table.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const everything: FaultFilter = { districts: [], kinds: [], severities: [], agencies: [] }
/** The period of the tests: the day that ends now. */
const to = 100 * day
const from = to - day

function note(given: Partial<AlarmNote> = {}): AlarmNote {
  return makeNote({ at: to, ...given })
}

/** So many, evenly over the period. */
function notes(count: number, given: (index: number) => Partial<AlarmNote> = () => ({})): AlarmNote[] {
  return Array.from({ length: count }, (_, index) =>
    note({ at: to - day + ((index + 1) * day) / count, ...given(index) }),
  )
}

function open(given: Partial<OpenFault> = {}): OpenFault {
  const { district, kind, severity, agency = '' } = note()
  return { district, kind, severity, agency, active: true, announcedAt: to, overdue: false, occurrences: 1, ...given }
}

interface Given {
  noted?: Iterable<AlarmNote>
  faults?: Iterable<OpenFault>
  filter?: Partial<FaultFilter>
  period?: { from?: number; to?: number; now?: number }
}

function figures({ noted = [], faults = [], filter = {}, period = {} }: Given): AlarmMetrics {
  const found = alarmMetrics({ filter: { ...everything, ...filter }, from, to, now: to, ...period }, noted, faults)
  return AlarmMetricsSchema.parse(found)
}

describe('the load', () => {
  it.each([
    [144, 6, true],
    [145, 145 / 24, false],
    [0, 0, true],
  ])('of %i a day is %d an hour', (count, value, met) => {
    const { announced, perHour, perTenMinutes } = figures({ noted: notes(count) })
    expect(announced).toBe(count)
    expect(perHour).toEqual({ value, atMost: 6, met })
    expect(perTenMinutes.mean).toBeCloseTo(value / 6)
  })

  it('of less than an hour counts as that of an hour', () => {
    const period = { from: to - 10 * minute }
    expect(figures({ noted: [note(), note()], period }).perHour.value).toBe(2)
  })

  it('begins after the period’s begin and ends with its end', () => {
    const noted = [from, from + 1, to, to + 1].map((at) => note({ at }))
    expect(figures({ noted }).announced).toBe(2)
    expect(figures({ noted, period: { to: to - 1 } }).announced).toBe(1)
  })

  it('of the latest ten minutes', () => {
    const noted = [to - 10 * minute, to - 10 * minute + 1, to].map((at) => note({ at }))
    expect(figures({ noted }).perTenMinutes).toMatchObject({ latest: 2, peak: 2 })
  })
})

describe('chattering', () => {
  it.each([
    [2, 0, true],
    [3, 1, false],
  ])('begins with the third time that a fault is raised: %i', (occurrences, value, met) => {
    expect(figures({ faults: [open({ occurrences }), open()] }).open.chattering).toEqual({ value, atMost: 0, met })
  })
})

describe('the timeline', () => {
  it('has what was announced, in bars that begin at multiples of their width', () => {
    const noted = [from, from + 1, from + hour, to].map((at) => note({ at }))
    const { timeline } = figures({ noted })
    expect(timeline).toMatchObject({ everyMs: hour / 2, from })
    expect(timeline.announced).toHaveLength(49)
    expect(timeline.announced.flatMap((count, bar) => (count === 0 ? [] : [[bar, count]]))).toEqual([
      [0, 1],
      [2, 1],
      [48, 1],
    ])
  })

  it('of any period has few bars, and all that was announced in it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: longestPeriodMs }),
        fc.array(fc.integer({ min: 0, max: longestPeriodMs })),
        (lengthMs, ages) => {
          const noted = ages.toSorted((a, b) => b - a).map((age) => note({ at: to - age }))
          const { timeline, announced } = figures({ noted, period: { from: to - lengthMs } })
          expect(timeline.announced.length).toBeLessThanOrEqual(mostBars)
          expect(timeline.announced.reduce((sum, count) => sum + count, 0)).toBe(announced)
        },
      ),
    )
  })
})

describe('floods', () => {
  const flood = (at: number, count = 11) => Array.from({ length: count }, () => note({ at }))

  it.each([
    ['a flood of ten minutes is less than a hundredth of the day', flood(to - hour), 1, 10 * minute, true],
    ['two of them are more', [...flood(to - 2 * hour), ...flood(to - hour)], 2, 10 * minute, false],
    ['of one that began before, what is in the period counts', flood(from - 6 * minute), 1, 4 * minute, true],
    ['one that ended with the begin does not', flood(from - 10 * minute), 0, 0, true],
    ['ten at once are none', flood(to - hour, 10), 0, 0, true],
  ])('%s', (_, noted, count, longestMs, met) => {
    const { floods } = figures({ noted })
    expect(floods).toMatchObject({ count, longestMs, since: null, share: { below: 0.01, met } })
    expect(floods.share.value).toBeCloseTo((count * longestMs) / day)
  })

  it('what began more than an hour before the period, and never was a flood since, is none', () => {
    const keptUp = (ago: number) => [
      ...flood(from - ago),
      ...Array.from({ length: 60 }, (_, n) => note({ at: from - ago + n * 2 * minute })),
    ]
    expect(figures({ noted: keptUp(hour - 1) }).floods.count).toBe(1)
    expect(figures({ noted: keptUp(hour) }).floods.count).toBe(0)
  })

  it('one that is under way has its begin', () => {
    expect(figures({ noted: flood(to - minute) }).floods).toMatchObject({
      count: 1,
      longestMs: minute,
      since: to - minute,
    })
  })

  it('one hundredth of the time is too much', () => {
    const period = { from: to - 1_000 * minute }
    expect(figures({ noted: flood(to - hour), period }).floods.share).toEqual({ value: 0.01, below: 0.01, met: false })
  })

  it('are those of one’s own faults', () => {
    const noted = flood(to - minute).map((each, index) => ({ ...each, agency: index < 10 ? 'dishub' : 'diskominfo' }))
    expect(figures({ noted }).floods.count).toBe(1)
    expect(figures({ noted, filter: { agencies: ['dishub'] } }).floods.count).toBe(0)
  })
})

describe('the most frequent', () => {
  const spread = (count: number) => notes(count, (index) => ({ deviceId: `pju-${String(index).padStart(4, '0')}` }))

  it.each([
    [200, 0.05, true],
    [199, 10 / 199, null],
  ])('of %i that raised one each, ten are a share of %d', (count, value, met) => {
    const { topDevices } = figures({ noted: spread(count) })
    expect(topDevices.devices).toHaveLength(10)
    expect(topDevices.share).toEqual({ value, atMost: 0.05, met })
  })

  it('come first, those of equal frequency by name, at most ten', () => {
    const noted = [...spread(12), note({ deviceId: 'pju-0011' }), note({ deviceId: 'pju-0001', code: 'comm_loss' })]
    const { topDevices, topRules } = figures({ noted })
    const names = topDevices.devices.map(({ deviceId, announced }) => `${deviceId} ${announced}`)
    expect(names.slice(0, 3)).toEqual(['pju-0001 2', 'pju-0011 2', 'pju-0000 1'])
    expect(names).toHaveLength(10)
    expect(topRules.rules).toEqual([
      { code: 'lamp_failure', announced: 13, share: 13 / 14 },
      { code: 'comm_loss', announced: 1, share: 1 / 14 },
    ])
    expect(topRules.share).toBe(1)
  })
})

describe('the priority split', () => {
  const of = (critical: number, major: number, minor: number, warning: number) =>
    (['critical', 'major', 'minor', 'warning'] as const).flatMap((severity, index) =>
      Array.from({ length: [critical, major, minor, warning][index] ?? 0 }, () => note({ severity })),
    )

  it.each([
    ['as the standard has it', of(1, 3, 8, 8), [0.05, 0.15, 0.8], true],
    ['all low', of(0, 0, 0, 20), [0, 0, 1], true],
    ['too many high ones', of(2, 2, 8, 8), [0.1, 0.1, 0.8], false],
    ['too few low ones', of(1, 4, 8, 7), [0.05, 0.2, 0.75], false],
    ['too few to judge', of(1, 3, 8, 7), [1 / 19, 3 / 19, 15 / 19], null],
    ['none', [], [0, 0, 0], null],
  ])('%s', (_, noted, shares, met) => {
    const { priorities } = figures({ noted })
    expect(priorities.split.map(({ share }) => share)).toEqual(shares)
    expect(priorities.met).toBe(met)
  })
})

describe('what is open', () => {
  function silent(): OpenFault {
    const { announcedAt: _, ...fault } = open()
    return fault
  }
  const stale = { announcedAt: to - day - 1 }

  it.each([
    ['standing', [open()], { faults: 1, standing: 1 }],
    ['cleared', [open({ active: false })], { faults: 1, standing: 0 }],
    ['a consequence', [silent()], { faults: 1, standing: 0, stale: { value: 0 } }],
    [
      'shelved',
      [open({ shelvedUntil: to + 1, ...stale })],
      { faults: 1, standing: 0, shelved: 1, stale: { value: 0 } },
    ],
    ['overdue', [open({ overdue: true })], { standing: 1, overdue: 1 }],
    ['a day old', [open({ announcedAt: to - day })], { stale: { value: 0 } }],
    ['more than a day old', [open(stale)], { stale: { value: 1, below: 5, met: true } }],
    ['four stale ones', Array.from({ length: 4 }, () => open(stale)), { stale: { value: 4, met: true } }],
    ['five', Array.from({ length: 5 }, () => open(stale)), { stale: { value: 5, met: false } }],
  ])('%s', (_, faults, expected) => {
    expect(figures({ faults }).open).toMatchObject(expected)
  })

  it('is as of now, whatever the period', () => {
    const period = { from: to - 9 * day, to: to - 8 * day }
    expect(figures({ faults: [open(stale)], period }).open).toMatchObject({ standing: 1, stale: { value: 1 } })
  })
})

describe('answers', () => {
  const answers = (name: AlarmNote['name'], ...durations: number[]) =>
    durations.map((afterMs) => note({ name, afterMs }))

  it.each([
    [[], null, null],
    [[7], 7, 7],
    [[9, 1], 5, 9],
    [[3, 1_000, 1], 3, 1_000],
    [[1, 2, 4, 1_000], 3, 1_000],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 6, 9],
  ])('of %j have the median %j, and nine of ten are no longer than %j', (durations, medianMs, p90Ms) => {
    const noted = [...answers('acknowledged', ...durations), ...answers('repaired', 11)]
    const { announced, toAcknowledge, toRepair } = figures({ noted })
    expect(announced).toBe(0)
    expect(toAcknowledge).toEqual({ count: durations.length, medianMs, p90Ms })
    expect(toRepair).toEqual({ count: 1, medianMs: 11, p90Ms: 11 })
  })

  it('are told of each severity of an agency, which has its own targets, the gravest first', () => {
    const noted = [
      ...answers('repaired', 5),
      note({ name: 'acknowledged', afterMs: 2, severity: 'critical' }),
      note({ name: 'repaired', afterMs: 3, agency: 'diskominfo' }),
      note({ severity: 'warning' }),
    ]
    const none = { count: 0, medianMs: null, p90Ms: null }
    const [dishub, diskominfo] = figures({ noted }).agencies
    expect(dishub?.severities).toEqual([
      { severity: 'critical', toAcknowledge: { count: 1, medianMs: 2, p90Ms: 2 }, toRepair: none },
      { severity: note().severity, toAcknowledge: none, toRepair: { count: 1, medianMs: 5, p90Ms: 5 } },
    ])
    expect(diskominfo?.severities.map(({ toRepair }) => toRepair.medianMs)).toEqual([3])
  })

  it('are told of each district, agency and kind, with what is open there', () => {
    const noted = [
      note({ name: 'acknowledged', afterMs: 4 }),
      note({ name: 'repaired', afterMs: 8, district: 'setu' }),
      note({ district: 'setu', kind: 'camera', agency: 'diskominfo' }),
    ]
    const { agency: _, ...nobodys } = open({ overdue: true })
    const { districts, agencies, kinds } = figures({ noted, faults: [nobodys] })
    const none = { count: 0, medianMs: null, p90Ms: null }
    const nothing = { announced: 0, toAcknowledge: none, toRepair: none, standing: 0, overdue: 0 }
    expect(districts).toEqual([
      { ...nothing, district: 'serpong', toAcknowledge: { count: 1, medianMs: 4, p90Ms: 4 }, standing: 1, overdue: 1 },
      { ...nothing, district: 'setu', announced: 1, toRepair: { count: 1, medianMs: 8, p90Ms: 8 } },
    ])
    expect(agencies.map(({ agency: of, announced, overdue }) => [of, announced, overdue])).toEqual([
      [null, 0, 1],
      ['dishub', 0, 0],
      ['diskominfo', 1, 0],
    ])
    expect(kinds.map(({ kind, announced, standing }) => [kind, announced, standing])).toEqual([
      ['camera', 1, 0],
      ['streetlight', 0, 1],
    ])
  })

  it.each<[Partial<FaultFilter>, number]>([
    [{}, 3],
    [{ districts: ['setu'] }, 1],
    [{ kinds: ['camera', 'streetlight'] }, 3],
    [{ severities: ['critical'] }, 1],
    [{ agencies: ['dishub'] }, 2],
    [{ agencies: ['dishub'], districts: ['setu'] }, 0],
  ])('for %j there are %i', (filter, announced) => {
    const noted = [note(), note({ severity: 'critical' }), note({ district: 'setu', kind: 'camera', agency: 'other' })]
    expect(figures({ noted, filter })).toMatchObject({ announced })
  })
})

describe('the same period', () => {
  const anyNote = fc.record({
    minutes: fc.nat(60 * 24 * 3),
    name: fc.constantFrom('announced' as const, 'acknowledged' as const, 'repaired' as const),
    afterMs: fc.nat(day),
    deviceId: fc.constantFrom('pju-1', 'pju-2', 'cam-1'),
    district: fc.constantFrom('serpong', 'setu'),
    severity: fc.constantFrom('critical' as const, 'major' as const, 'warning' as const),
  })

  it('has the same figures however much more is known', () => {
    fc.assert(
      fc.property(fc.array(anyNote, { maxLength: 300 }), (given) => {
        const all = given
          .map(({ minutes, ...rest }) => note({ at: to + day - minutes * minute, ...rest }))
          .toSorted((a, b) => a.at - b.at)
        const needed = all.filter(({ at }) => at > from - leadInMs && at <= to)
        expect(figures({ noted: all })).toEqual(figures({ noted: needed }))
      }),
    )
  })
})

it('as a table, side by side', () => {
  const noted = [...notes(24), ...Array.from({ length: 11 }, () => note({ at: to - hour, severity: 'critical' }))]
  const quiet = figures({})
  expect(alarmTable({ before: figures({ noted: noted.toSorted((a, b) => a.at - b.at) }), after: quiet })).toBe(`\
                     before  after    ISA-18.2
announced                35      0
per hour              1.5 ✓  0.0 ✓         ≤ 6
per 10 min, mean       0.24   0.00
per 10 min, peak         12      0
floods                    1      0
time in flood       0.7 % ✓  0 % ✓       < 1 %
longest flood        10 min  0 min
top ten devices       100 %    0 %       ≤ 5 %
top ten rules         100 %    0 %
high priority        31.4 %    0 %   about 5 %
medium priority         0 %    0 %  about 15 %
low priority         68.6 %    0 %  about 80 %
priority split            ✗
standing                  0      0
stale                   0 ✓    0 ✓         < 5
chattering              0 ✓    0 ✓         ≤ 0
shelved                   0      0
overdue                   0      0
acknowledged after        –      –
repaired after            –      –`)
})
