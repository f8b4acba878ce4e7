// What a burning lamp draws from the mains.
import { describe } from 'vitest'
import { flag, playEach } from '../../test/play.ts'
import { noon, off, shining } from '../../test/town.ts'

describe('low_power_factor', () => {
  const poor = { ...shining, powerFactor: 0.849 }
  playEach('low_power_factor', 'pju-1', [
    {
      title: 'raised by the third report under 0.85',
      lines: [
        [2, poor, false],
        [1, poor, true],
      ],
    },
    { title: 'not at 0.85', lines: [[5, { ...poor, powerFactor: 0.85 }, false]] },
    { title: 'whatever its sign', lines: [[3, { ...poor, powerFactor: -0.7 }, true]] },
    { title: 'from 50 % dimming', lines: [[3, { ...poor, dimPct: 50, powerW: 49 }, true]] },
    { title: 'not when dimmed further', lines: [[5, { ...poor, dimPct: 49, powerW: 48 }, false]] },
    { title: 'not without voltage', lines: [[5, { dimPct: 100, voltageV: 0, powerFactor: 0 }, false]] },
    { title: 'not without power', lines: [[5, { dimPct: 100, powerW: 0, voltageV: 229, powerFactor: 0 }, false]] },
    { title: 'not of a lamp that is out', lines: [[5, { ...poor, powerW: 19.9, powerFactor: 0.2 }, false]] },
    {
      title: 'cleared by the third report from 0.90',
      lines: [
        [3, poor, true],
        [5, { ...poor, powerFactor: 0.899 }, true],
        [2, { ...poor, powerFactor: 0.9 }, true],
        [1, { ...poor, powerFactor: 0.9 }, false],
      ],
    },
    {
      title: 'held while it is off',
      lines: [
        [3, poor, true],
        [10, { ...off, powerFactor: 1 }, true],
      ],
    },
  ])
})

describe('high_power', () => {
  playEach('high_power', 'pju-1', [
    {
      title: 'raised by the third report above 120 % of the expected power',
      lines: [
        [2, { ...shining, powerW: 120.1 }, false],
        [1, { ...shining, powerW: 120.1 }, true],
      ],
    },
    { title: 'not at 120 %', lines: [[5, { ...shining, powerW: 120 }, false]] },
    { title: 'by day too', at: noon, lines: [[3, { ...shining, powerW: 130 }, true]] },
    { title: 'judged by its dimming', lines: [[3, { dimPct: 50, powerW: 61 }, true]] },
    { title: 'not when it is to be off: that is the relay', lines: [[5, { dimPct: 0, powerW: 130 }, false]] },
    {
      title: 'cleared by two reports under 110 %',
      device: { nominalPowerW: 10 },
      lines: [
        [3, { dimPct: 100, powerW: 15 }, true],
        [3, { dimPct: 100, powerW: 11 }, true],
        [1, { dimPct: 100, powerW: 10.9 }, true],
        [1, { dimPct: 100, powerW: 10.9 }, false],
      ],
    },
    { title: 'raised at once by its flag', lines: [[1, {}, true, flag('high_power')]] },
  ])
})
