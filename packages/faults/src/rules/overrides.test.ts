// What cities and devices change about rules: what is wrong with it, and what comes of it.
import type { RuleOverrides } from '@ronda/contracts/rule-override'
import { describe, expect, it } from 'vitest'
import { type Town, createTown, dark, minute, night, noon, powered, restored, shining } from '../../test/town.ts'
import { overrideProblems } from './overrides.ts'
import { createRulebook } from './rulebook.ts'

describe('what is wrong with overrides', () => {
  it.each<[title: string, given: unknown, problems: string[]]>([
    ['nothing', { low_voltage: { limits: { lowBelow: 0.8 } }, comm_loss: { severity: 'minor' } }, []],
    ['nothing of a vendor’s code', { 'vendor:E42': { enabled: false, raise: { minutes: 5 } } }, []],
    [
      'a code',
      { low_volts: { enabled: false } },
      ['rules.low_volts: there is no such rule; there are lamp_failure, day_burner, '],
    ],
    [
      'a limit',
      { low_voltage: { limits: { below: 0.8 } } },
      ['rules.low_voltage.limits.below: there is no such limit; there are lowBelow, fineAbove'],
    ],
    [
      'a limit of a rule without any',
      { door_open: { limits: { openAbove: 1 } } },
      ['rules.door_open.limits.openAbove: there is no such limit; the rule has none'],
    ],
    [
      'a range',
      { column_tilt: { limits: { tiltedAboveDeg: 200 } } },
      ['rules.column_tilt.limits.tiltedAboveDeg: 200 is not within 0 to 180'],
    ],
    [
      'a dead band',
      { low_voltage: { limits: { lowBelow: 0.95 } } },
      ['rules.low_voltage.limits: lowBelow (0.95) is above fineAbove (0.92): it would raise and clear at once'],
    ],
    ['a dead band of no width is none', { low_voltage: { limits: { lowBelow: 0.92 } } }, []],
    [
      'a delay where there is none',
      { comm_loss: { raise: { minutes: 10 } } },
      ['rules.comm_loss.raise: the rule counts no reports and has no delay that could be changed'],
    ],
    [
      'all of it at once, but for what the form says already',
      {
        nonsense: {},
        low_voltage: { limits: { lowBelow: 4 } },
        video_loss: { limits: { staleAboveMs: 'long' } },
        comm_loss: { clear: { reports: 2 } },
      },
      [
        'rules.nonsense: ',
        'rules.low_voltage.limits.lowBelow: ',
        'rules.low_voltage.limits: ',
        'rules.comm_loss.clear: ',
      ],
    ],
    ['no overrides', undefined, []],
  ])('%s', (_title, given, problems) => {
    const found = overrideProblems(given)
    expect(found).toHaveLength(problems.length)
    for (const [index, problem] of problems.entries()) expect(found[index]).toContain(problem)
  })

  it('of a device: rules of its own kind only, and its city’s limits beside its own', () => {
    expect(overrideProblems({ video_loss: { enabled: false } }, { kind: 'streetlight' })).toEqual([
      expect.stringContaining('rules.video_loss: there is no such rule for a streetlight; there are lamp_failure, '),
    ])
    const given = { low_voltage: { limits: { lowBelow: 0.95 } } }
    const city = { low_voltage: { limits: { fineAbove: 0.97 } } }
    expect(overrideProblems(given, { kind: 'cabinet', city })).toEqual([])
    expect(overrideProblems(given, { kind: 'cabinet' })).toHaveLength(1)
  })
})

describe('the rulebook', () => {
  it('has one set for all devices of a kind, and one for all with the same overrides', () => {
    const rulebook = createRulebook()
    expect(rulebook.of({ kind: 'camera' })).toBe(rulebook.of({ kind: 'camera' }))
    const rules = { video_loss: { severity: 'minor' as const } }
    const own = rulebook.of({ kind: 'camera', rules })
    expect(own).toBe(rulebook.of({ kind: 'camera', rules: { ...rules } }))
    expect(own).not.toBe(rulebook.of({ kind: 'camera' }))
    // What is not overridden is the same rule, not a copy.
    expect(own.of('image_tamper')).toBe(rulebook.of({ kind: 'camera' }).of('image_tamper'))
  })

  it('lays the device over the city, value by value', () => {
    const rulebook = createRulebook({
      low_voltage: { severity: 'major', limits: { lowBelow: 0.8 }, raise: { minutes: 5 } },
      lamp_failure: { enabled: false },
    })
    const set = rulebook.of({
      kind: 'streetlight',
      rules: { low_voltage: { limits: { fineAbove: 0.85 }, raise: { reports: 3 } }, lamp_failure: { enabled: true } },
    })
    expect(set.of('low_voltage')).toMatchObject({
      severity: 'major',
      limits: { lowBelow: 0.8, fineAbove: 0.85 },
      raise: { reports: 3, forMs: 5 * minute },
    })
    expect(set.isOff('lamp_failure')).toBe(false)
    expect(rulebook.of({ kind: 'streetlight' }).report.map(({ code }) => code)).not.toContain('lamp_failure')
  })
})

function lit(rules?: RuleOverrides, city?: RuleOverrides): Town {
  const town = createTown({ at: night, ...(city === undefined ? {} : { rules: city }) })
  town.register('pju-1', rules === undefined ? {} : { rules })
  town.pass(2 * minute, { 'pju-1': shining })
  return town
}

describe('an override', () => {
  it('of limits, delays and severity is what the rule goes by', () => {
    const town = lit({
      low_voltage: { severity: 'minor', limits: { lowBelow: 0.8, fineAbove: 0.82 }, raise: { minutes: 3 } },
    })
    town.pass(20 * minute, { 'pju-1': { voltageV: 185 } })
    expect(town.story()).toEqual([])
    town.pass(5 * minute, { 'pju-1': { voltageV: 183 } })
    expect(town.story()).toEqual(['25:01 raised pju-1 low_voltage'])
    expect(town.fault('pju-1', 'low_voltage')?.severity).toBe('minor')
    town.pass(2 * minute, { 'pju-1': { voltageV: 189 } })
    expect(town.story()).toEqual(['28:01 cleared pju-1 low_voltage'])
  })

  it('of the city counts for all, and gives way to the device’s', () => {
    const town = lit({ lamp_failure: { raise: { reports: 5 } } }, { lamp_failure: { raise: { reports: 3 } } })
    town.register('pju-2')
    town.pass(6 * minute, { 'pju-1': dark, 'pju-2': dark })
    expect(town.story()).toEqual(['4:08 raised pju-2 lamp_failure', '6:01 raised pju-1 lamp_failure'])
  })

  it('that becomes known while something is under way counts from then on', () => {
    const town = lit()
    town.pass(minute, { 'pju-1': dark })
    town.amend('updated', 'pju-1', { rules: { lamp_failure: { raise: { reports: 3 } } } })
    town.pass(2 * minute, { 'pju-1': dark })
    expect(town.story()).toEqual([])
    town.pass(minute, { 'pju-1': dark })
    expect(town.story()).toEqual(['5:01 raised pju-1 lamp_failure'])
  })

  it('that a change of the name leaves as it is does not begin anything anew', () => {
    const town = lit({ lamp_failure: { raise: { reports: 3 } } })
    town.pass(2 * minute, { 'pju-1': dark })
    town.amend('updated', 'pju-1', { name: 'Another' })
    town.pass(minute, { 'pju-1': dark })
    expect(town.isActive('pju-1', 'lamp_failure')).toBe(true)
  })

  it('that switches a rule off clears its open fault with a note, and its flag raises nothing either', () => {
    const town = lit()
    town.pass(2 * minute, { 'pju-1': dark })
    town.amend('updated', 'pju-1', { rules: { lamp_failure: { enabled: false } } })
    town.report('pju-1', dark, ['lamp_failure'])
    town.pass(5 * minute, { 'pju-1': dark })
    expect(town.story()).toEqual([
      '3:01 raised pju-1 lamp_failure',
      '4:00 cleared pju-1 lamp_failure (rule switched off)',
    ])
    town.amend('updated', 'pju-1', { rules: {} })
    town.pass(2 * minute, { 'pju-1': dark })
    expect(town.story()).toEqual(['10:01 raised pju-1 lamp_failure #2'])
  })

  it('of the city that switches a rule off clears what is open with the first record after the start', () => {
    const town = lit()
    town.pass(2 * minute, { 'pju-1': dark })
    const engine = restored(town.written, { rules: { lamp_failure: { enabled: false } } })
    engine.step({ type: 'heartbeat', position: 1e6, receivedAt: town.now, source: 'broker', accepting: true })
    expect(engine.takeEffects().events).toMatchObject([
      { event: 'cleared', fault: { code: 'lamp_failure' }, entry: { note: 'rule switched off' } },
    ])
  })

  it('of a cabinet’s limits counts for the lamps that are gone already', () => {
    const town = createTown({ at: night })
    const lamps = ['pju-1', 'pju-2', 'pju-3', 'pju-4']
    town.register('pnl-1')
    for (const lamp of lamps) town.register(lamp, { cabinet: 'pnl-1', circuit: 'A' })
    town.pass(5 * minute, { 'pnl-1': powered, ...Object.fromEntries(lamps.map((lamp) => [lamp, shining])) })
    town.pass(6 * minute, { 'pnl-1': powered })
    expect(town.isActive('pnl-1', 'feeder_outage')).toBe(false)
    town.amend('updated', 'pnl-1', { rules: { feeder_outage: { limits: { outAtLeast: 3 } } } })
    expect(town.fault('pnl-1', 'feeder_outage')).toMatchObject({ active: true, children: 4 })
  })

  it('that switches a rule on again finds what is wrong already', () => {
    const town = lit({ comm_loss: { enabled: false } })
    town.pass(10 * minute)
    expect(town.story()).toEqual([])
    town.amend('updated', 'pju-1', { rules: {} })
    expect(town.story()).toEqual(['12:00 raised pju-1 comm_loss'])
  })

  it('of the city that switches a rule on again finds it with the first record after the start', () => {
    const town = lit(undefined, { comm_loss: { enabled: false } })
    town.pass(10 * minute)
    const engine = restored(town.written)
    const beat = { type: 'heartbeat', source: 'broker', accepting: true } as const
    engine.step({ ...beat, position: 1e6, receivedAt: town.now })
    expect(engine.takeEffects().events).toMatchObject([{ event: 'raised', fault: { code: 'comm_loss' } }])
    engine.step({ ...beat, position: 1e6 + 1, receivedAt: town.now })
    expect(engine.takeEffects().events).toEqual([])
  })

  it('of the city that switches a rule off ends its delays before they are over', () => {
    const town = lit()
    town.pass(9 * minute, { 'pju-1': { voltageV: 183 } })
    const engine = restored(town.written, { rules: { low_voltage: { enabled: false } } })
    engine.step({
      type: 'heartbeat',
      position: 1e6,
      receivedAt: town.now + 2 * minute,
      source: 'broker',
      accepting: true,
    })
    expect(engine.takeEffects().events).toEqual([])
  })

  it('of a vendor’s code: switched off, or graver', () => {
    const town = lit({ 'vendor:E1': { enabled: false }, 'vendor:E2': { severity: 'critical', raise: { reports: 2 } } })
    town.report('pju-1', shining, ['E1', 'E2'])
    expect(town.story()).toEqual([])
    town.pass(minute)
    town.report('pju-1', shining, ['E1', 'E2'])
    expect(town.story()).toEqual(['3:00 raised pju-1 vendor:E2'])
    expect(town.fault('pju-1', 'vendor:E2')?.severity).toBe('critical')
  })

  it('of the delay of clock_drift: silence ends what is under way', () => {
    const town = createTown({ at: night })
    town.register('pju-1', { rules: { clock_drift: { raise: { reports: 1, minutes: 5 } } } })
    const late = () =>
      town.objects('pju-1', [
        { ts: town.now - 10 * minute, sentAt: town.now - 10 * minute, fields: shining, faults: [] },
      ])
    late()
    town.pass(20 * minute)
    expect(town.isActive('pju-1', 'clock_drift')).toBe(false)
    for (let i = 0; i < 7; i++) {
      late()
      town.pass(minute)
    }
    expect(town.isActive('pju-1', 'clock_drift')).toBe(true)
  })

  it('of day_burner counts by day', () => {
    const town = createTown({ at: noon })
    town.register('pju-1', { rules: { day_burner: { raise: { minutes: 2 } } } })
    town.pass(4 * minute, { 'pju-1': { powerW: 98 } })
    expect(town.story()).toEqual(['2:01 raised pju-1 day_burner'])
  })
})
