// Too much voltage, and how it becomes graver.
import { describe, expect, it } from 'vitest'
import { playEach } from '../../test/play.ts'
import { createTown, minute, powered } from '../../test/town.ts'

describe('high_voltage', () => {
  playEach('high_voltage', 'pju-1', [
    {
      title: 'raised after 10 minutes above 105 % of the nominal voltage',
      lines: [
        [10, { voltageV: 241.6 }, false],
        [1, { voltageV: 241.6 }, true],
      ],
    },
    { title: 'not at 105 %', lines: [[20, { voltageV: 241.5 }, false]] },
    { title: 'of its own nominal voltage', device: { nominalVoltageV: 240 }, lines: [[20, { voltageV: 252 }, false]] },
    {
      title: 'cleared by two reports under 104 %',
      device: { nominalVoltageV: 250 },
      lines: [
        [11, { voltageV: 263 }, true],
        [3, { voltageV: 260 }, true],
        [1, { voltageV: 259.9 }, true],
        [1, { voltageV: 259.9 }, false],
      ],
    },
  ])
})

describe('high_voltage', () => {
  playEach('high_voltage', 'pnl-1', [
    {
      title: 'raised by any phase, cleared when all are fine',
      lines: [
        [11, { ...powered, voltageL2V: 245 }, true],
        [2, { ...powered, voltageL3V: 240 }, true],
        [2, powered, false],
      ],
    },
    {
      title: 'raised though another phase is dead',
      lines: [[11, { voltageL1V: 0, voltageL2V: 250, voltageL3V: 231 }, true]],
    },
  ])

  it('names the phase', () => {
    const town = createTown()
    town.register('pnl-1')
    town.pass(12 * minute, { 'pnl-1': { ...powered, voltageL2V: 245, voltageL3V: 250.5 } })
    expect(town.fault('pnl-1', 'high_voltage')?.message).toEqual({
      en: 'High voltage on L3 (250.5 V of 230 V)',
      id: 'Tegangan tinggi di fasa L3 (250,5 V dari 230 V)',
    })
  })
})

describe('the severity of high_voltage', () => {
  it.each([
    [264, 'major'],
    [264.1, 'critical'],
  ])('at %d V is %s from the beginning', (voltageV, severity) => {
    const town = createTown()
    town.register('pju-1')
    town.pass(12 * minute, { 'pju-1': { voltageV } })
    expect(town.fault('pju-1', 'high_voltage')?.severity).toBe(severity)
  })

  it('rises at once while it is active, is told with what it was, and does not fall before it is cleared', () => {
    const town = createTown()
    town.register('pju-1')
    town.pass(12 * minute, { 'pju-1': { voltageV: 250 } })
    town.pass(2 * minute, { 'pju-1': { voltageV: 263 } })
    town.pass(2 * minute, { 'pju-1': { voltageV: 270 } })
    town.pass(2 * minute, { 'pju-1': { voltageV: 280 } })
    town.pass(2 * minute, { 'pju-1': { voltageV: 250 } })
    expect(town.story()).toEqual(['10:01 raised pju-1 high_voltage', '14:01 updated pju-1 high_voltage (graver)'])
    expect(town.events.at(-1)).toMatchObject({
      before: { severity: 'major' },
      fault: { severity: 'critical', evidence: { voltageV: 270 }, message: { en: 'High voltage (270 V of 230 V)' } },
    })
    town.pass(3 * minute, { 'pju-1': { voltageV: 230 } })
    town.pass(12 * minute, { 'pju-1': { voltageV: 250 } })
    expect(town.events.at(-1)).toMatchObject({
      event: 'raised',
      before: { severity: 'critical' },
      fault: { severity: 'major' },
    })
  })
})
