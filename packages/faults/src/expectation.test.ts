import { expect, test } from 'vitest'
import { city, deviceOf, dusk, night, noon } from '../test/town.ts'
import { expectationOf } from './expectation.ts'
import { createRulebook } from './rules/rulebook.ts'
import { createSun } from './sun.ts'

const deps = { rulebook: createRulebook(), sun: createSun(city.centre), nominalVoltageV: 230 }
const lamp = deviceOf('pju-1', { nominalPowerW: 90 })
const burning = { dimPct: 50, powerW: 44, voltageV: 229, powerFactor: 0.97 }

test('of a lamp that burns at night its power, as it is dimmed, within what rules let pass', () => {
  expect(expectationOf(lamp, { at: night, values: burning }, deps)).toEqual({
    sun: 'night',
    powerW: 45,
    ranges: {
      voltageV: { low: 207, high: 241.5 },
      powerW: { low: 9, high: 54 },
      powerFactor: { low: 0.85 },
    },
  })
})

test('by day a dark lamp is no wonder, and at dusk nothing is certain', () => {
  expect(expectationOf(lamp, { at: noon, values: burning }, deps)).toMatchObject({
    sun: 'day',
    ranges: { powerW: { high: 54 } },
  })
  expect(expectationOf(lamp, { at: dusk, values: burning }, deps).sun).toBe('twilight')
  const { ranges, powerW } = expectationOf(lamp, { at: noon, values: { dimPct: 0, powerW: 0.4 } }, deps)
  expect({ ranges, powerW }).toEqual({ ranges: {}, powerW: 0 })
})

test('the limits are those of the city and the device, and a rule that is off expects nothing', () => {
  const rulebook = createRulebook({ low_voltage: { limits: { lowBelow: 0.8 } } })
  const own = deviceOf('pju-2', { nominalVoltageV: 200, rules: { high_voltage: { enabled: false } } })
  const { ranges } = expectationOf(own, { at: night, values: { voltageV: 229 } }, { ...deps, rulebook })
  expect(ranges).toEqual({ voltageV: { low: 160 } })
})

test('behind an open contactor no voltage is expected', () => {
  const switched = deviceOf('pju-3', { supply: 'switched' })
  expect(expectationOf(switched, { at: noon, values: { voltageV: 0 } }, deps).ranges).toEqual({})
  expect(expectationOf(lamp, { at: noon, values: { voltageV: 0 } }, deps).ranges).toHaveProperty('voltageV')
})

test('of a camera and an access point what their rules look at', () => {
  const camera = { fps: 12, expectedFps: 15, lastFrameAgeMs: 80, storageFreePct: 40 }
  expect(expectationOf(deviceOf('cam-1'), { at: noon, values: camera }, deps).ranges).toEqual({
    fps: { low: 7.5 },
    lastFrameAgeMs: { high: 60_000 },
    storageFreePct: { low: 5 },
  })
  const point = { clients: 12, uplinkLossPct: 0, uplinkRttMs: 20, channelUtilisationPct: 30, retryPct: 4, cpuPct: 3 }
  expect(expectationOf(deviceOf('ap-1'), { at: noon, values: point }, deps).ranges).toEqual({
    clients: { high: 50 },
    uplinkLossPct: { high: 10 },
    uplinkRttMs: { high: 200 },
    channelUtilisationPct: { high: 50 },
    retryPct: { high: 20 },
  })
})
