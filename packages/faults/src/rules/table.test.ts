// The table as a whole: every row of the catalogue is there, as it is designed.
import { deviceKinds } from '@ronda/contracts/device-kinds'
import type { DeviceKind } from '@ronda/contracts/topics'
import { describe, expect, it } from 'vitest'
import type { Occasion } from './rule.ts'
import { createRulebook } from './rulebook.ts'
import { rules } from './table.ts'

const everything = [...deviceKinds]

/** The devices' part of the catalogue, in its order. */
const catalogue: [code: string, severity: string, kinds: string[]][] = [
  ['lamp_failure', 'major', ['streetlight']],
  ['day_burner', 'minor', ['streetlight']],
  ['cycling_failure', 'minor', ['streetlight']],
  ['control_gear_failure', 'major', ['streetlight']],
  ['control_gear_comm_failure', 'major', ['streetlight']],
  ['light_source_open_circuit', 'major', ['streetlight']],
  ['light_source_short_circuit', 'major', ['streetlight']],
  ['thermal_derating', 'warning', ['streetlight']],
  ['thermal_shutdown', 'major', ['streetlight']],
  ['relay_failure', 'major', ['streetlight']],
  ['low_power_factor', 'warning', ['streetlight']],
  ['low_voltage', 'warning', ['streetlight', 'cabinet']],
  ['high_voltage', 'major', ['streetlight', 'cabinet']],
  ['high_power', 'warning', ['streetlight']],
  ['column_tilt', 'critical', ['streetlight']],
  ['door_open', 'major', ['cabinet']],
  ['feeder_outage', 'critical', ['cabinet']],
  ['uplink_outage', 'critical', ['gateway', 'site', 'district']],
  ['comm_loss', 'major', everything],
  ['clock_drift', 'warning', everything],
  ['video_loss', 'critical', ['camera']],
  ['low_frame_rate', 'warning', ['camera']],
  ['image_tamper', 'critical', ['camera']],
  ['image_blurry', 'minor', ['camera']],
  ['storage_failure', 'major', ['camera']],
  ['recording_gap', 'major', ['camera']],
  ['temperature_critical', 'major', ['camera']],
  ['radio_down', 'major', ['access-point']],
  ['channel_congested', 'warning', ['access-point']],
  ['client_overload', 'minor', ['access-point']],
  ['uplink_degraded', 'major', ['access-point']],
]

describe('the table', () => {
  it.each(catalogue)('has %s, %s, of %j', (code, severity, kinds) => {
    expect(rules.find((rule) => rule.code === code)).toMatchObject({ severity, kinds })
  })

  it('has each code once, and none that the catalogue does not have', () => {
    expect(rules.map(({ code }) => code).toSorted()).toEqual(catalogue.map(([code]) => code).toSorted())
  })

  it('knows for every kind what to ask', () => {
    const codes = (kind: DeviceKind, on: Occasion) => {
      const asked = createRulebook().of({ kind })[on]
      return asked.map(({ code }) => code)
    }
    expect(codes('cabinet', 'report')).toEqual(['low_voltage', 'high_voltage', 'door_open'])
    expect(codes('cabinet', 'outage')).toEqual(['feeder_outage'])
    expect(codes('gateway', 'report')).toEqual([])
    expect(codes('gateway', 'message')).toEqual(['clock_drift'])
    expect(codes('gateway', 'presence')).toEqual(['comm_loss'])
  })

  it.each(rules.map((rule) => [rule.code, rule] as const))('%s: its limits agree with themselves', (_code, rule) => {
    for (const [name, { value, least, most }] of Object.entries(rule.scales)) {
      expect(value, name).toBeGreaterThanOrEqual(least)
      expect(value, name).toBeLessThanOrEqual(most)
    }
    for (const [lower, upper] of rule.ordered) {
      expect(rule.limits[lower]).toBeLessThanOrEqual(rule.limits[upper] ?? Number.NaN)
    }
  })

  it.each(rules.map((rule) => [rule.code, rule] as const))(
    '%s is told in both languages',
    (_code, { about, hint, scales }) => {
      for (const text of [about, hint]) {
        expect(text.en.length).toBeGreaterThan(10)
        expect(text.id.length).toBeGreaterThan(10)
        expect(text.id).not.toBe(text.en)
        for (const words of [text.en, text.id]) {
          for (const [, name = ''] of words.matchAll(/\{(\w+)\}/g)) expect(Object.keys(scales)).toContain(name)
        }
      }
      expect(hint.en).not.toContain('\n')
      expect(hint.en.length).toBeLessThan(120)
      expect(hint.id.length).toBeLessThan(140)
    },
  )
})
