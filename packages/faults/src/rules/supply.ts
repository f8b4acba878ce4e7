// Rules of the supply, at the lamp and at the cabinet.
import type { FieldValue } from '@ronda/contracts/fields'
import { type Limit, type LimitValues, limit, ratio, share, valuesOf } from './limits.ts'
import {
  type Evidence,
  type Facts,
  type Measured,
  asNumber,
  defineRule,
  minutes,
  once,
  shareOf,
  times,
} from './rule.ts'
import { quantity } from './words.ts'

const outageScales = {
  /** Below there is no voltage. */
  noVoltageBelowV: limit(50, 'V', 1, 1_000),
  /** From which a dead phase is back, and in how many reports in a row. */
  backFrom: share(0.5, 'the nominal voltage'),
  backReports: limit(2, '', 1, 100),
  /** Reports in a row that make a lamp one without voltage: not its last gasp when it is switched off. */
  deadReports: limit(2, '', 1, 100),
  /** Share and least number of a circuit's or phase's lamps that are gone, and the share under which it is over. */
  outFrom: share(0.6, 'the lamps'),
  outAtLeast: limit(5, '', 1, 10_000),
  overBelow: share(0.2, 'the lamps'),
  /** Within which they must have gone; a lamp's interval if that is longer. */
  onsetMs: limit(600_000, 'ms', 1_000, 86_400_000),
} as const satisfies Record<string, Limit>

/** Thresholds of `feeder_outage`. */
export const outageLimits = valuesOf(outageScales)
export type OutageLimits = LimitValues<typeof outageScales>

/** The network's tolerance is −10 %. */
const sagScales = {
  lowBelow: ratio(0.9, 'the nominal voltage'),
  fineAbove: ratio(0.92, 'the nominal voltage'),
} as const

export type SagLimits = LimitValues<typeof sagScales>

export const phaseVoltages = [
  ['L1', 'voltageL1V'],
  ['L2', 'voltageL2V'],
  ['L3', 'voltageL3V'],
] as const

/** The voltage that a lamp reports; of the phases that a cabinet reports the one that comes `first`. */
export function voltageOf({ fields }: Facts, first: 'lowest' | 'highest'): number | undefined {
  if (fields.voltageV !== undefined) return asNumber(fields.voltageV)
  let found: number | undefined
  for (const [, field] of phaseVoltages) {
    const voltageV = asNumber(fields[field])
    if (voltageV === undefined) continue
    if (found === undefined || (first === 'lowest' ? voltageV < found : voltageV > found)) found = voltageV
  }
  return found
}

/** The voltage as evidence; of a cabinet with the phase that has it. */
export function voltageEvidence(facts: Facts, first: 'lowest' | 'highest') {
  const { fields, nominalV } = facts
  const voltageV = voltageOf(facts, first)
  const isIt = ([, field]: (typeof phaseVoltages)[number]) => voltageV !== undefined && fields[field] === voltageV
  const phase = phaseVoltages.find(isIt)?.[0]
  return { voltageV, phase, nominalVoltageV: nominalV }
}

export const lowVoltage = defineRule({
  code: 'low_voltage',
  kinds: ['streetlight', 'cabinet'],
  severity: 'warning',
  on: 'report',
  raise: minutes(10),
  clear: times(2),
  limits: sagScales,
  ordered: [['lowBelow', 'fineAbove']],
  about: {
    en: 'The voltage of a lamp, or of any phase of a cabinet, is under {lowBelow} of nominal; over when all of it is above {fineAbove}. A lamp that is switched off at its cabinet has none, and that is no fault.',
    id: 'Tegangan lampu, atau salah satu fasa panel, di bawah {lowBelow} dari nominal; selesai bila semuanya di atas {fineAbove}. Lampu yang diputus di panelnya memang tanpa tegangan dan bukan gangguan.',
  },
  hint: {
    en: 'If the cabinet has it too, call the power company; else have the joints of the lamp looked at.',
    id: 'Bila panel juga mengalaminya, hubungi PLN; bila tidak, periksa sambungan lampunya.',
  },
  // A lamp's by its cabinet's: what is low there is low behind it.
  causedBy: ['feeder_outage', 'low_voltage'],
  explains: 'low',
  find(facts, { lowBelow, fineAbove }) {
    const voltageV = voltageOf(facts, 'lowest')
    if (voltageV === undefined) return 'nothing'
    if (voltageV > fineAbove * facts.nominalV) return 'good'
    if (voltageV >= lowBelow * facts.nominalV || facts.supplyOff) return 'between'
    return 'bad'
  },
  evidence: (facts) => voltageEvidence(facts, 'lowest'),
  measures: (evidence, { lowBelow }) => voltageMeasures(evidence, lowBelow),
  message({ voltageV, phase, nominalVoltageV }) {
    const en = phase === undefined ? 'Low voltage' : `Low voltage on ${phase}`
    const id = phase === undefined ? 'Tegangan rendah' : `Tegangan rendah di fasa ${phase}`
    if (voltageV === undefined) return { en, id }
    const measured = quantity(voltageV, 'V')
    const nominal = quantity(nominalVoltageV, 'V')
    return { en: `${en} (${measured.en} of ${nominal.en})`, id: `${id} (${measured.id} dari ${nominal.id})` }
  },
})

/** The voltage that the evidence is of, with a limit that is a share of the nominal one. */
export function voltageMeasures({ phase, nominalVoltageV }: Evidence, share: number): readonly Measured[] {
  const field = phaseVoltages.find(([name]) => name === phase)?.[1] ?? 'voltageV'
  return [{ field, limit: shareOf(nominalVoltageV, share) }]
}

/** Whether supply is gone is found out by ../outages.ts, where the lamps are counted. */
export const feederOutage = defineRule({
  code: 'feeder_outage',
  kinds: ['cabinet'],
  severity: 'critical',
  on: 'outage',
  raise: once,
  clear: once,
  limits: outageScales,
  ordered: [['overBelow', 'outFrom']],
  // Only one that nobody has measured: silent lamps may have lost touch rather than supply.
  causedBy: ['uplink_outage'],
  explains: 'out',
  about: {
    en: 'A phase of the cabinet has less than {noVoltageBelowV}; or at least {outFrom} and {outAtLeast} of the lamps of one circuit or phase went silent or dead within {onsetMs}. Over when the voltage is back, or less than {overBelow} of them are gone. Lamps behind an open contactor do not count.',
    id: 'Satu fasa panel di bawah {noVoltageBelowV}; atau paling sedikit {outFrom} dan {outAtLeast} lampu dari satu sirkuit atau fasa diam atau mati dalam {onsetMs}. Selesai bila tegangan kembali, atau yang hilang kurang dari {overBelow}. Lampu di balik kontaktor terbuka tidak dihitung.',
  },
  hint: {
    en: 'Ask the power company whether its supply is gone; if not, send a crew to the breaker of the circuit.',
    id: 'Tanyakan PLN apakah pasokannya padam; bila tidak, kirim regu ke pemutus sirkuitnya.',
  },
  find: ({ outage }) => (outage === undefined ? 'good' : 'certain'),
  evidence({ outage }) {
    const evidence: Record<string, FieldValue | undefined> = {}
    if (outage === undefined) return evidence
    const { phases, group } = outage
    if (phases.length > 0) evidence.phases = phases.map(({ name }) => name).join(', ')
    for (const { name, voltageV } of phases) evidence[`voltage${name}V`] = voltageV
    if (group !== undefined) {
      evidence[group.part] = group.name
      evidence.affected = group.affected
      evidence.lamps = group.lamps
    }
    return evidence
  },
  measures: (evidence, { noVoltageBelowV }) =>
    phaseVoltages.flatMap(([, field]) => (evidence[field] === undefined ? [] : { field, limit: noVoltageBelowV })),
  message({ phases, circuit, phase, affected, lamps }) {
    if (phases !== undefined) {
      return {
        en: `Feeder outage: no voltage on ${phases}`,
        id: `Penyulang padam: tidak ada tegangan di fasa ${phases}`,
      }
    }
    if (lamps === undefined) return { en: 'Feeder outage', id: 'Penyulang padam' }
    const where =
      circuit === undefined
        ? { en: `phase ${phase}`, id: `fasa ${phase}` }
        : circuit === ''
          ? { en: 'the cabinet', id: 'panel ini' }
          : { en: `circuit ${circuit}`, id: `sirkuit ${circuit}` }
    return {
      en: `Feeder outage: ${affected} of ${lamps} lamps of ${where.en} without supply`,
      id: `Penyulang padam: ${affected} dari ${lamps} lampu di ${where.id} tanpa pasokan`,
    }
  },
})
