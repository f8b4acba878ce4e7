// What a burning lamp draws from the mains.
import { limit, percent, ratio, share } from './limits.ts'
import { type Facts, asNumber, defineRule, shareOf, times } from './rule.ts'
import { expectedPowerW } from './streetlight.ts'
import { quantity } from './words.ts'

/** A lamp that is dark, or has no voltage, has no load of which anything could be said. */
function isDark(facts: Facts, outBelow: number): boolean {
  const powerW = asNumber(facts.fields.powerW)
  const expectedW = expectedPowerW(facts)
  return (
    facts.fields.voltageV === 0 ||
    powerW === 0 ||
    (expectedW !== undefined && (powerW ?? expectedW) < outBelow * expectedW)
  )
}

export const lowPowerFactor = defineRule({
  code: 'low_power_factor',
  kinds: ['streetlight'],
  severity: 'warning',
  on: 'report',
  raise: times(3),
  clear: times(3),
  limits: {
    lowBelow: limit(0.85, '', 0, 1),
    fineFrom: limit(0.9, '', 0, 1),
    /** Drivers lose power factor as they are dimmed. */
    dimFromPct: percent(50),
    outBelow: share(0.2, 'the expected power'),
  },
  ordered: [['lowBelow', 'fineFrom']],
  about: {
    en: 'A lamp that burns at {dimFromPct} or more has a power factor under {lowBelow}; over when it is at least {fineFrom}. A lamp that draws less than {outBelow} of the expected power is dark, and says nothing.',
    id: 'Lampu yang menyala pada {dimFromPct} atau lebih memiliki faktor daya di bawah {lowBelow}; selesai bila paling sedikit {fineFrom}. Lampu dengan daya kurang dari {outBelow} yang diharapkan dianggap padam dan tidak dinilai.',
  },
  hint: {
    en: 'Plan a visit: its capacitor or driver ages.',
    id: 'Rencanakan kunjungan: kapasitor atau drivernya menua.',
  },
  find(facts, { lowBelow, fineFrom, dimFromPct, outBelow }) {
    const powerFactor = asNumber(facts.fields.powerFactor)
    const dimPct = asNumber(facts.fields.dimPct)
    if (powerFactor === undefined || dimPct === undefined) return 'nothing'
    if (dimPct < dimFromPct || isDark(facts, outBelow)) return 'between'
    // Its sign tells the direction only.
    const size = Math.abs(powerFactor)
    if (size < lowBelow) return 'bad'
    return size >= fineFrom ? 'good' : 'between'
  },
  evidence: ({ fields: { powerFactor, dimPct } }) => ({ powerFactor, dimPct }),
  measures: (_evidence, { lowBelow }) => [{ field: 'powerFactor', limit: lowBelow }],
  message({ powerFactor }) {
    if (typeof powerFactor !== 'number') return { en: 'Low power factor', id: 'Faktor daya rendah' }
    const text = powerFactor.toFixed(2)
    return { en: `Low power factor (${text})`, id: `Faktor daya rendah (${text.replace('.', ',')})` }
  },
})

export const highPower = defineRule({
  code: 'high_power',
  kinds: ['streetlight'],
  severity: 'warning',
  on: 'report',
  raise: times(3),
  clear: times(2),
  limits: { highAbove: ratio(1.2, 'the expected power'), fineBelow: ratio(1.1, 'the expected power') },
  ordered: [['fineBelow', 'highAbove']],
  about: {
    en: 'A lamp that is to burn draws more than {highAbove} of the expected power; over when it draws less than {fineBelow}.',
    id: 'Lampu yang seharusnya menyala menarik lebih dari {highAbove} daya yang diharapkan; selesai bila kurang dari {fineBelow}.',
  },
  hint: {
    en: 'Look whether its registered nominal power is right; then have its driver looked at.',
    id: 'Periksa apakah daya nominal yang terdaftar benar; lalu periksa drivernya.',
  },
  find(facts, { highAbove, fineBelow }) {
    const powerW = asNumber(facts.fields.powerW)
    const expectedW = expectedPowerW(facts)
    if (powerW === undefined || expectedW === undefined) return 'nothing'
    // Of one that is to be dark nothing is expected: that it burns is the relay's fault.
    if (expectedW === 0) return 'between'
    if (powerW > highAbove * expectedW) return 'bad'
    return powerW < fineBelow * expectedW ? 'good' : 'between'
  },
  evidence: (facts) => ({ powerW: facts.fields.powerW, expectedPowerW: expectedPowerW(facts) || undefined }),
  measures: ({ expectedPowerW: expectedW }, { highAbove }) => [
    { field: 'powerW', limit: shareOf(expectedW, highAbove) },
  ],
  message({ powerW, expectedPowerW: expectedW }) {
    if (powerW === undefined || expectedW === undefined) return { en: 'Draws too much', id: 'Daya terlalu besar' }
    const [power, expected] = [quantity(powerW, 'W'), quantity(expectedW, 'W')]
    return {
      en: `Draws too much (${power.en}, expected ${expected.en})`,
      id: `Daya terlalu besar (${power.id}, seharusnya ${expected.id})`,
    }
  },
})
