// Rules of the supply, at the lamp and at the cabinet.
import type { FieldValue } from '@ronda/contracts/fields'
import { type Facts, asNumber, defineRule, minutes, once, times } from './rule.ts'
import { quantity } from './words.ts'

/** Thresholds of `feeder_outage`. */
export const outageLimits = {
  /** V: below there is no voltage. */
  noVoltageBelowV: 50,
  /** Share of the nominal voltage from which a dead phase is back, and in how many reports in a row. */
  backFrom: 0.5,
  backReports: 2,
  /** Reports in a row that make a lamp one without voltage: not its last gasp when it is switched off. */
  deadReports: 2,
  /** Share and least number of a circuit's or phase's lamps that are gone, and the share under which it is over. */
  outFrom: 0.6,
  outAtLeast: 5,
  overBelow: 0.2,
  /** ms within which they must have gone; a lamp's interval if that is longer. */
  onsetMs: 600_000,
} as const

/** Shares of the nominal voltage: the network's tolerance is −10 %. */
export const sagLimits = { lowBelow: 0.9, fineAbove: 0.92 } as const

export const phaseVoltages = [
  ['L1', 'voltageL1V'],
  ['L2', 'voltageL2V'],
  ['L3', 'voltageL3V'],
] as const

/** The lowest voltage that a lamp or cabinet reports, and on which phase of the cabinet. */
function lowestVoltage({ device, fields }: Facts): { phase: string | undefined; voltageV: number } | undefined {
  if (device.kind === 'streetlight') {
    const voltageV = asNumber(fields.voltageV)
    return voltageV === undefined ? undefined : { phase: undefined, voltageV }
  }
  let lowest: { phase: string; voltageV: number } | undefined
  for (const [phase, field] of phaseVoltages) {
    const voltageV = asNumber(fields[field])
    if (voltageV !== undefined && (lowest === undefined || voltageV < lowest.voltageV)) lowest = { phase, voltageV }
  }
  return lowest
}

export const lowVoltage = defineRule({
  code: 'low_voltage',
  kinds: ['streetlight', 'cabinet'],
  severity: 'warning',
  on: 'report',
  raise: minutes(10),
  clear: times(2),
  limits: sagLimits,
  // A lamp's by its cabinet's: what is low there is low behind it.
  causedBy: ['feeder_outage', 'low_voltage'],
  explains: 'low',
  find(facts, { lowBelow, fineAbove }) {
    const lowest = lowestVoltage(facts)
    if (lowest === undefined) return 'nothing'
    const { voltageV } = lowest
    if (voltageV > fineAbove * facts.nominalV) return 'good'
    if (voltageV >= lowBelow * facts.nominalV || facts.supplyOff) return 'between'
    return 'bad'
  },
  evidence(facts) {
    const lowest = lowestVoltage(facts)
    return { voltageV: lowest?.voltageV, phase: lowest?.phase, nominalVoltageV: facts.nominalV }
  },
  message({ voltageV, phase, nominalVoltageV }) {
    const en = phase === undefined ? 'Low voltage' : `Low voltage on ${phase}`
    const id = phase === undefined ? 'Tegangan rendah' : `Tegangan rendah di fasa ${phase}`
    if (voltageV === undefined) return { en, id }
    const measured = quantity(voltageV, 'V')
    const nominal = quantity(nominalVoltageV, 'V')
    return { en: `${en} (${measured.en} of ${nominal.en})`, id: `${id} (${measured.id} dari ${nominal.id})` }
  },
})

/** Whether supply is gone is found out by ../outages.ts, where the lamps are counted. */
export const feederOutage = defineRule({
  code: 'feeder_outage',
  kinds: ['cabinet'],
  severity: 'critical',
  on: 'outage',
  raise: once,
  clear: once,
  limits: outageLimits,
  explains: 'out',
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
