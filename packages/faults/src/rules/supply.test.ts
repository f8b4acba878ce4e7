// The supply at lamp and cabinet.
import { describe, expect, it } from 'vitest'
import { playEach } from '../../test/play.ts'
import { createTown, dead, minute, powered } from '../../test/town.ts'

describe('low_voltage', () => {
  playEach('low_voltage', 'pju-1', [
    {
      title: 'raised after 10 minutes under 90 % of the nominal voltage',
      lines: [
        [10, { voltageV: 206.9 }, false],
        [1, { voltageV: 206.9 }, true],
      ],
    },
    { title: 'not at exactly 90 %', lines: [[20, { voltageV: 207 }, false]] },
    {
      title: 'cleared by two reports above 92 %',
      lines: [
        [11, { voltageV: 200 }, true],
        [5, { voltageV: 211.6 }, true],
        [1, { voltageV: 211.7 }, true],
        [1, { voltageV: 211.7 }, false],
      ],
    },
    {
      title: 'in the dead band nothing is under way',
      lines: [
        [9, { voltageV: 200 }, false],
        [1, { voltageV: 209 }, false],
        [10, { voltageV: 200 }, false],
      ],
    },
  ])
})

describe('low_voltage', () => {
  playEach('low_voltage', 'pnl-1', [
    {
      title: 'raised by any of three phases',
      lines: [[11, { ...powered, voltageL2V: 200 }, true]],
    },
    {
      title: 'cleared when all of them are fine',
      lines: [
        [11, { ...powered, voltageL2V: 200 }, true],
        [2, { ...powered, voltageL3V: 210 }, true],
        [2, powered, false],
      ],
    },
  ])
})

describe('feeder_outage by the cabinet', () => {
  it('is raised at once by a phase under 50 V', () => {
    const town = createTown()
    town.register('pnl-1')
    town.report('pnl-1', { ...powered, voltageL2V: 50 })
    expect(town.isActive('pnl-1', 'feeder_outage')).toBe(false)
    town.pass(minute)
    town.report('pnl-1', { ...powered, voltageL2V: 49.9 })
    expect(town.fault('pnl-1', 'feeder_outage')).toMatchObject({
      severity: 'critical',
      evidence: { phases: 'L2', voltageL2V: 49.9 },
      message: { en: 'Feeder outage: no voltage on L2', id: 'Penyulang padam: tidak ada tegangan di fasa L2' },
    })
  })

  it('is cleared when the voltage is back in two reports', () => {
    const town = createTown()
    town.register('pnl-1')
    town.report('pnl-1', dead)
    const active = [powered, { ...powered, voltageL1V: 60 }, powered, powered].map((reading) => {
      town.pass(minute)
      town.report('pnl-1', reading)
      return town.isActive('pnl-1', 'feeder_outage')
    })
    expect(active).toEqual([true, true, true, false])
  })
})
