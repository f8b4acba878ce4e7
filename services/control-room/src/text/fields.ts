// What measured fields are called. Their names and units are the same on the wire, in the store and here.
import { kinds } from '@ronda/contracts/device-kinds'
import type { Field, Named } from '@ronda/contracts/fields'
import type { Language } from '../preferences.ts'

/** What rules add to what was measured. */
type DerivedName =
  | 'expectedPowerW'
  | 'nominalPowerW'
  | 'nominalVoltageV'
  | 'phase'
  | 'phases'
  | 'circuit'
  | 'affected'
  | 'lamps'
  | 'offline'
  | 'silentMs'
  | 'reportedByDevice'

const derivedNames: Record<DerivedName, Named['name']> = {
  expectedPowerW: { en: 'Expected power', id: 'Daya seharusnya' },
  nominalPowerW: { en: 'Nominal power', id: 'Daya nominal' },
  nominalVoltageV: { en: 'Nominal voltage', id: 'Tegangan nominal' },
  phase: { en: 'Phase', id: 'Fasa' },
  phases: { en: 'Phases without voltage', id: 'Fasa tanpa tegangan' },
  circuit: { en: 'Circuit', id: 'Sirkuit' },
  affected: { en: 'Lamps affected', id: 'Lampu terdampak' },
  lamps: { en: 'Lamps in all', id: 'Jumlah lampu' },
  offline: { en: 'Connection broken', id: 'Koneksi terputus' },
  silentMs: { en: 'Silent for', id: 'Tanpa kabar selama' },
  reportedByDevice: { en: 'Reported by the device', id: 'Dilaporkan perangkat' },
}

const declared = new Map<string, Field & Named>(Object.values(kinds).flatMap(({ fields }) => Object.entries(fields)))

export function fieldName(field: string, language: Language): string | undefined {
  const name = declared.get(field)?.name ?? (isDerived(field) ? derivedNames[field] : undefined)
  return name?.[language]
}

/** Of what devices measure; of anything else its name tells. */
export function declaredUnit(field: string): string | undefined {
  return declared.get(field)?.unit
}

function isDerived(field: string): field is DerivedName {
  return Object.hasOwn(derivedNames, field)
}
