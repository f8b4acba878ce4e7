// Too much voltage, at the lamp and at the cabinet.
import { type Limit, type LimitValues, limit, ratio } from './limits.ts'
import { defineRule, minutes, times } from './rule.ts'
import { voltageEvidence, voltageMeasures, voltageOf } from './supply.ts'
import { quantity } from './words.ts'

/** The network's tolerance is +5 %. */
const swellScales = {
  highAbove: ratio(1.05, 'the nominal voltage'),
  fineBelow: ratio(1.04, 'the nominal voltage'),
  /** What drivers are commonly built for. */
  criticalAboveV: limit(264, 'V', 1, 1_000),
} as const satisfies Record<string, Limit>

export type SwellLimits = LimitValues<typeof swellScales>

export const highVoltage = defineRule({
  code: 'high_voltage',
  kinds: ['streetlight', 'cabinet'],
  severity: 'major',
  on: 'report',
  raise: minutes(10),
  clear: times(2),
  limits: swellScales,
  ordered: [['fineBelow', 'highAbove']],
  // A lamp's by its cabinet's: what is high there is high behind it.
  causedBy: ['high_voltage'],
  explains: 'high',
  graver: {
    severity: 'critical',
    when: ({ voltageV }, { criticalAboveV }) => typeof voltageV === 'number' && voltageV > criticalAboveV,
  },
  about: {
    en: 'The voltage of a lamp, or of any phase of a cabinet, is above {highAbove} of nominal, and critical above {criticalAboveV}; over when all of it is under {fineBelow}.',
    id: 'Tegangan lampu, atau salah satu fasa panel, di atas {highAbove} dari nominal, dan kritis di atas {criticalAboveV}; selesai bila semuanya di bawah {fineBelow}.',
  },
  hint: {
    en: 'Call the power company; above {criticalAboveV} switch the lamps off before their drivers break.',
    id: 'Hubungi PLN; di atas {criticalAboveV} padamkan lampu sebelum drivernya rusak.',
  },
  find(facts, { highAbove, fineBelow }) {
    const voltageV = voltageOf(facts, 'highest')
    if (voltageV === undefined) return 'nothing'
    if (voltageV > highAbove * facts.nominalV) return 'bad'
    return voltageV < fineBelow * facts.nominalV ? 'good' : 'between'
  },
  evidence: (facts) => voltageEvidence(facts, 'highest'),
  measures: (evidence, { highAbove }) => voltageMeasures(evidence, highAbove),
  message({ voltageV, phase, nominalVoltageV }) {
    const en = phase === undefined ? 'High voltage' : `High voltage on ${phase}`
    const id = phase === undefined ? 'Tegangan tinggi' : `Tegangan tinggi di fasa ${phase}`
    if (voltageV === undefined) return { en, id }
    const measured = quantity(voltageV, 'V')
    const nominal = quantity(nominalVoltageV, 'V')
    return { en: `${en} (${measured.en} of ${nominal.en})`, id: `${id} (${measured.id} dari ${nominal.id})` }
  },
})
