// Rules of street lights alone.
import { type Facts, asNumber, defineRule, minutes, times } from './rule.ts'
import { quantity } from './words.ts'

/** What the lamp should draw as it is dimmed now (W); undefined when it does not say. */
function expectedPowerW({ device, fields }: Facts): number | undefined {
  const dimPct = asNumber(fields.dimPct)
  if (dimPct === undefined || device.nominalPowerW === undefined) return undefined
  return (device.nominalPowerW * dimPct) / 100
}

export const lampFailure = defineRule({
  code: 'lamp_failure',
  kinds: ['streetlight'],
  severity: 'major',
  on: 'report',
  raise: times(2),
  clear: times(2),
  /** Shares of the expected power, and of the nominal voltage. */
  limits: { outBelow: 0.2, burnsAbove: 0.5, voltageFineFrom: 0.9 },
  causedBy: ['feeder_outage'],
  find(facts, { outBelow, burnsAbove, voltageFineFrom }) {
    // Daylight alone never clears it, and proves nothing either.
    if (facts.sun !== 'night') return 'between'
    const powerW = asNumber(facts.fields.powerW)
    const expectedW = expectedPowerW(facts)
    if (powerW === undefined || expectedW === undefined) return 'nothing'
    if (expectedW === 0) return 'between'
    if (powerW > burnsAbove * expectedW) return 'good'
    if (powerW >= outBelow * expectedW || facts.fields.override === true) return 'between'
    const voltageV = asNumber(facts.fields.voltageV)
    // Without voltage it cannot burn: that is the supply's fault.
    return voltageV === undefined || voltageV >= voltageFineFrom * facts.nominalV ? 'bad' : 'between'
  },
  evidence: (facts) => ({
    powerW: facts.fields.powerW,
    // Of a lamp that is to be dark its power tells nothing.
    expectedPowerW: expectedPowerW(facts) || undefined,
    dimPct: facts.fields.dimPct,
    voltageV: facts.fields.voltageV,
  }),
  message({ powerW, expectedPowerW: expectedW }) {
    if (powerW === undefined || expectedW === undefined) return { en: 'Lamp out', id: 'Lampu padam' }
    const power = quantity(powerW, 'W')
    const expected = quantity(expectedW, 'W')
    return {
      en: `Lamp out (${power.en} of ${expected.en})`,
      id: `Lampu padam (${power.id} dari seharusnya ${expected.id})`,
    }
  },
})

export const dayBurner = defineRule({
  code: 'day_burner',
  kinds: ['streetlight'],
  severity: 'minor',
  on: 'report',
  raise: minutes(30),
  clear: times(2),
  /** Share of the nominal power; lx at the photocell, above which it is bright. */
  limits: { burnsAbove: 0.2, brightAboveLux: 100 },
  find({ device, fields, sun }, { burnsAbove, brightAboveLux }) {
    if (sun !== 'day') return 'between'
    const powerW = asNumber(fields.powerW)
    if (powerW === undefined || device.nominalPowerW === undefined) return 'nothing'
    if (powerW <= burnsAbove * device.nominalPowerW) return 'good'
    if (fields.override === true) return 'between'
    const lux = asNumber(fields.illuminanceLux)
    return lux === undefined || lux > brightAboveLux ? 'bad' : 'between'
  },
  evidence: ({ device, fields }) => ({
    powerW: fields.powerW,
    nominalPowerW: device.nominalPowerW,
    illuminanceLux: fields.illuminanceLux,
  }),
  message({ powerW }) {
    if (powerW === undefined) return { en: 'Lamp burning by day', id: 'Lampu menyala siang hari' }
    const power = quantity(powerW, 'W')
    return { en: `Lamp burning by day (${power.en})`, id: `Lampu menyala siang hari (${power.id})` }
  },
})
