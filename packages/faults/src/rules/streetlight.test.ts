// Lamps that are dark when they should burn, or burn when they should be dark.
import { describe, expect, it } from 'vitest'
import { flag, playEach } from '../../test/play.ts'
import { type Reading, createTown, dark, dusk, minute, night, noon, off, shining } from '../../test/town.ts'

describe('lamp_failure', () => {
  playEach('lamp_failure', 'pju-1', [
    {
      title: 'raised by the second report under 20 % of the expected power',
      lines: [
        [1, dark, false],
        [1, dark, true],
      ],
    },
    {
      title: 'not raised at exactly 20 %',
      lines: [[3, { ...dark, powerW: 20 }, false]],
    },
    {
      title: 'judged by the power expected at its dimming level',
      lines: [
        [3, { dimPct: 30, powerW: 7, voltageV: 230 }, false],
        [2, { dimPct: 30, powerW: 5.9, voltageV: 230 }, true],
      ],
    },
    {
      title: 'two reports in a row: one in between begins anew',
      lines: [
        [1, dark, false],
        [1, { ...dark, powerW: 35 }, false],
        [1, dark, false],
        [1, dark, true],
      ],
    },
    {
      title: 'a report that says nothing of power neither counts nor interrupts',
      lines: [
        [1, dark, false],
        [1, { temperatureC: 31 }, false],
        [1, dark, true],
      ],
    },
    { title: 'not by day', at: noon, lines: [[3, dark, false]] },
    { title: 'not at dusk', at: dusk, lines: [[3, dark, false]] },
    { title: 'not when commanded off', lines: [[3, off, false]] },
    { title: 'not under override', lines: [[3, { ...dark, override: true }, false]] },
    { title: 'not when the supply voltage is low', lines: [[3, { ...dark, voltageV: 206.9 }, false]] },
    { title: 'raised at 90 % of the nominal voltage', lines: [[2, { ...dark, voltageV: 207 }, true]] },
    { title: 'not when it does not say how it is dimmed', lines: [[3, { powerW: 1 }, false]] },
    {
      title: 'cleared by the second report above 50 % at night',
      lines: [
        [2, dark, true],
        [2, { ...dark, powerW: 50 }, true],
        [1, shining, true],
        [1, shining, false],
      ],
    },
    {
      title: 'a relapse on the way to the clear begins it anew',
      lines: [
        [2, dark, true],
        [1, shining, true],
        [1, dark, true],
        [1, shining, true],
        [1, shining, false],
      ],
    },
    { title: 'raised at once by its flag', lines: [[1, shining, true, flag('lamp_failure')]] },
    { title: 'raised by its flag by day too', at: noon, lines: [[1, {}, true, flag('lamp_failure')]] },
    {
      title: 'held by its flag, cleared after it',
      lines: [
        [1, shining, true, flag('lamp_failure')],
        [3, shining, true, flag('lamp_failure')],
        [1, shining, true],
        [1, shining, false],
      ],
    },
    {
      title: 'of a lamp that measures nothing: cleared when the flag is gone in two reports at night',
      lines: [
        [1, {}, true, flag('lamp_failure')],
        [1, {}, true],
        [1, {}, false],
      ],
    },
    {
      title: 'a flag that goes by day clears nothing',
      at: noon,
      lines: [
        [1, {}, true, flag('lamp_failure')],
        [5, {}, true],
        [5, { ...off }, true],
      ],
    },
  ])
})

describe('lamp_failure', () => {
  it.each<{ title: string; reading: Reading }>([
    { title: 'commanded off', reading: { ...off, powerW: 0.4 } },
    { title: 'that does not say how it is dimmed', reading: { powerW: 0.4, voltageV: 229 } },
  ])('of a lamp $title is told without the power that it should draw', ({ reading }) => {
    const town = createTown({ at: noon })
    town.register('pju-1')
    town.report('pju-1', reading, ['lamp_failure'])
    const fault = town.fault('pju-1', 'lamp_failure')
    expect(fault?.message).toEqual({ en: 'Lamp out', id: 'Lampu padam' })
    expect(fault?.evidence).toEqual({ ...reading, reportedByDevice: true })
  })

  it('is not cleared by daylight alone, and by the next evening is', () => {
    const town = createTown({ at: night })
    town.register('pju-1')
    town.pass(3 * minute, { 'pju-1': dark })
    expect(town.isActive('pju-1', 'lamp_failure')).toBe(true)
    town.pass(16 * 60 * minute, { 'pju-1': off })
    expect(town.isActive('pju-1', 'lamp_failure')).toBe(true)
    town.pass(5 * 60 * minute, { 'pju-1': off })
    town.pass(2 * 60 * minute, { 'pju-1': shining })
    expect(town.isActive('pju-1', 'lamp_failure')).toBe(false)
  })
})

describe('day_burner', () => {
  playEach('day_burner', 'pju-1', [
    {
      title: 'raised after 30 minutes by day above 20 % of the nominal power',
      at: noon,
      lines: [
        [30, { powerW: 21 }, false],
        [1, { powerW: 21 }, true],
      ],
    },
    { title: 'not at exactly 20 %', at: noon, lines: [[40, { powerW: 20 }, false]] },
    { title: 'not at night', lines: [[40, shining, false]] },
    { title: 'not under override', at: noon, lines: [[40, { powerW: 98, override: true }, false]] },
    {
      title: 'not where the photocell sees 100 lx',
      at: noon,
      lines: [[40, { powerW: 98, illuminanceLux: 100 }, false]],
    },
    { title: 'where the photocell sees more', at: noon, lines: [[31, { powerW: 98, illuminanceLux: 101 }, true]] },
    {
      title: 'off once begins the 30 minutes anew',
      at: noon,
      lines: [
        [29, { powerW: 98 }, false],
        [1, { powerW: 0 }, false],
        [30, { powerW: 98 }, false],
        [1, { powerW: 98 }, true],
      ],
    },
    { title: 'raised at once by its flag', at: noon, lines: [[1, {}, true, flag('day_burner')]] },
    {
      title: 'cleared by two reports off by day',
      at: noon,
      lines: [
        [31, { powerW: 98 }, true],
        [1, { powerW: 20 }, true],
        [1, { powerW: 20 }, false],
      ],
    },
    {
      title: 'silence ends what is under way, also when it is over before the delay',
      at: noon,
      lines: [
        [20, { powerW: 98 }, false],
        [5, 'silence', false],
        [30, { powerW: 98 }, false],
        [1, { powerW: 98 }, true],
      ],
    },
    {
      title: 'silence ends what is under way',
      at: noon,
      lines: [
        [26, { powerW: 98 }, false],
        [10, 'silence', false],
        [30, { powerW: 98 }, false],
        [1, { powerW: 98 }, true],
      ],
    },
  ])
})

describe('day_burner', () => {
  it('is not cleared by nightfall, when it may shine, but by a morning without', () => {
    const town = createTown({ at: noon })
    town.register('pju-1')
    town.pass(32 * minute, { 'pju-1': shining })
    town.pass(8 * 60 * minute, { 'pju-1': shining })
    expect(town.isActive('pju-1', 'day_burner')).toBe(true)
    town.pass(12 * 60 * minute, { 'pju-1': off })
    expect(town.isActive('pju-1', 'day_burner')).toBe(false)
  })
})
