// What is expected of a device beside what it said: the ranges outside of which rules find something wrong, with the
// limits that hold for this device. For those who show a reading; the engine itself asks its rules.
import type { Device } from '@ronda/contracts/device'
import type { FieldValue } from '@ronda/contracts/fields'
import type { Expectation, ExpectedRange } from '@ronda/contracts/history'
import { asNumber } from './rules/rule.ts'
import type { Rulebook } from './rules/rulebook.ts'
import type { Sun } from './sun.ts'

export interface ExpectationDeps {
  rulebook: Rulebook
  sun: Sun
  /** Of the city, for devices that state none of their own. */
  nominalVoltageV: number
}

export interface Reading {
  /** ms UTC. */
  at: number
  values: Readonly<Record<string, FieldValue>>
}

const voltages = ['voltageV', 'voltageL1V', 'voltageL2V', 'voltageL3V'] as const

export function expectationOf(device: Device, { at, values }: Reading, deps: ExpectationDeps): Expectation {
  const rules = deps.rulebook.of(device)
  const sun = deps.sun.phase(at)
  const ranges: Record<string, ExpectedRange> = {}

  /** A limit as it holds here; undefined when the rule does not, or not for this kind. */
  const limit = (code: string, name: string): number | undefined =>
    rules.has(code) && !rules.isOff(code) ? rules.of(code).limits[name] : undefined
  const part = (share: number | undefined, whole: number | undefined): number | undefined =>
    share === undefined || whole === undefined ? undefined : share * whole

  function expect(field: string, low: number | undefined, high: number | undefined): void {
    if (values[field] === undefined || (low === undefined && high === undefined)) return
    ranges[field] = { ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }) }
  }

  const nominalV = device.nominalVoltageV ?? deps.nominalVoltageV
  const low = part(limit('low_voltage', 'lowBelow'), nominalV)
  const high = part(limit('high_voltage', 'highAbove'), nominalV)
  // Behind a contactor there is none while it is open, and that is as it should be.
  for (const field of voltages) if (values[field] !== 0 || device.supply === 'permanent') expect(field, low, high)

  const dimPct = asNumber(values['dimPct'])
  const powerW = dimPct === undefined ? undefined : part(dimPct / 100, device.nominalPowerW)
  if (powerW !== undefined && powerW > 0) {
    const burning = sun === 'night' ? part(limit('lamp_failure', 'outBelow'), powerW) : undefined
    expect('powerW', burning, part(limit('high_power', 'highAbove'), powerW))
  }
  const dimFromPct = limit('low_power_factor', 'dimFromPct')
  if (dimPct !== undefined && dimFromPct !== undefined && dimPct >= dimFromPct) {
    expect('powerFactor', limit('low_power_factor', 'lowBelow'), undefined)
  }
  expect('fps', part(limit('low_frame_rate', 'lowBelow'), asNumber(values['expectedFps'])), undefined)
  expect('lastFrameAgeMs', undefined, limit('video_loss', 'staleAboveMs'))
  expect('storageFreePct', limit('storage_failure', 'fullBelowPct'), undefined)
  expect('uplinkLossPct', undefined, limit('uplink_degraded', 'lossAbovePct'))
  expect('uplinkRttMs', undefined, limit('uplink_degraded', 'rttAboveMs'))
  expect('channelUtilisationPct', undefined, limit('channel_congested', 'busyAbovePct'))
  expect('retryPct', undefined, limit('channel_congested', 'retriesAbovePct'))
  expect('clients', undefined, limit('client_overload', 'clientsAbove'))
  return { sun, ranges, ...(powerW === undefined ? {} : { powerW }) }
}
