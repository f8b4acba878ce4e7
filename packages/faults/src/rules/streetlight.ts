// Lamps that are dark when they should burn, or burn when they should be dark.
import { limit, ratio } from './limits.ts'
import { type Facts, asNumber, defineRule, minutes, shareOf, times } from './rule.ts'
import { quantity } from './words.ts'

/** What the lamp should draw as it is dimmed now (W); undefined when it does not say. */
export function expectedPowerW({ nominalPowerW, fields }: Facts): number | undefined {
  const dimPct = asNumber(fields.dimPct)
  if (dimPct === undefined || nominalPowerW === undefined) return undefined
  return (nominalPowerW * dimPct) / 100
}

export const lampFailure = defineRule({
  code: 'lamp_failure',
  kinds: ['streetlight'],
  severity: 'major',
  on: 'report',
  raise: times(2),
  clear: times(2),
  limits: {
    outBelow: ratio(0.2, 'the expected power'),
    burnsAbove: ratio(0.5, 'the expected power'),
    voltageFineFrom: ratio(0.9, 'the nominal voltage'),
  },
  ordered: [['outBelow', 'burnsAbove']],
  causedBy: ['feeder_outage'],
  about: {
    en: 'At night a lamp that should burn draws less than {outBelow} of the expected power although its voltage is fine (from {voltageFineFrom} of nominal); over when it draws more than {burnsAbove} at night, while daylight alone never clears it.',
    id: 'Pada malam hari lampu yang seharusnya menyala menarik kurang dari {outBelow} daya yang diharapkan padahal tegangannya baik (mulai {voltageFineFrom} dari nominal); selesai bila dayanya di atas {burnsAbove} pada malam hari, sedangkan siang hari saja tidak pernah menghapusnya.',
  },
  hint: {
    en: 'Send a crew with a lamp and a driver; look first whether its neighbours burn.',
    id: 'Kirim regu dengan lampu dan driver; lihat dahulu apakah lampu di sekitarnya menyala.',
  },
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
  measures: ({ expectedPowerW: expectedW }, { outBelow }) => [{ field: 'powerW', limit: shareOf(expectedW, outBelow) }],
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
  limits: {
    burnsAbove: ratio(0.2, 'the nominal power'),
    /** At the photocell, where there is one. */
    brightAboveLux: limit(100, 'lx', 0, 200_000),
  },
  about: {
    en: 'By day a lamp draws more than {burnsAbove} of its nominal power, nobody has overridden it, and a photocell, where it has one, sees more than {brightAboveLux}; over when it draws less by day.',
    id: 'Pada siang hari lampu menarik lebih dari {burnsAbove} daya nominalnya tanpa dikendalikan secara manual, dan fotosel, bila ada, membaca lebih dari {brightAboveLux}; selesai bila dayanya turun pada siang hari.',
  },
  hint: {
    en: 'Command it off; if it goes on burning, have its photocell or relay looked at.',
    id: 'Perintahkan padam; bila tetap menyala, periksa fotosel atau relainya.',
  },
  find({ nominalPowerW, fields, sun }, { burnsAbove, brightAboveLux }) {
    if (sun !== 'day') return 'between'
    const powerW = asNumber(fields.powerW)
    if (powerW === undefined || nominalPowerW === undefined) return 'nothing'
    if (powerW <= burnsAbove * nominalPowerW) return 'good'
    if (fields.override === true) return 'between'
    const lux = asNumber(fields.illuminanceLux)
    return lux === undefined || lux > brightAboveLux ? 'bad' : 'between'
  },
  evidence: ({ nominalPowerW, fields }) => ({
    powerW: fields.powerW,
    nominalPowerW,
    illuminanceLux: fields.illuminanceLux,
  }),
  measures: ({ nominalPowerW }, { burnsAbove }) => [{ field: 'powerW', limit: shareOf(nominalPowerW, burnsAbove) }],
  message({ powerW }) {
    if (powerW === undefined) return { en: 'Lamp burning by day', id: 'Lampu menyala siang hari' }
    const power = quantity(powerW, 'W')
    return { en: `Lamp burning by day (${power.en})`, id: `Lampu menyala siang hari (${power.id})` }
  },
})
