// The values that raised a fault, as a person reads them. A field has a declared unit, or its name ends in it.
import type { Fault } from '@ronda/contracts/fault'
import type { Language } from '../preferences.ts'
import type { Text } from '../text/en.ts'
import { declaredUnit, fieldName } from '../text/fields.ts'
import { formatAge } from './age.ts'

export interface EvidenceLine {
  field: string
  label: string
  value: string
}

export interface EvidenceWords {
  language: Language
  locale: string
  text: Pick<Text, 'age' | 'detail'>
}

// Longer suffixes first: `noiseDbm` does not end in `m`.
const units: readonly (readonly [suffix: string, unit: string])[] = [
  ['Kbps', 'kbit/s'],
  ['Bytes', 'B'],
  ['Hours', 'h'],
  ['Dbm', 'dBm'],
  ['Pct', '%'],
  ['Lux', 'lx'],
  ['Deg', '°'],
  ['Fps', 'fps'],
  ['Hz', 'Hz'],
  ['Wh', 'Wh'],
  ['Ms', 'ms'],
  ['V', 'V'],
  ['A', 'A'],
  ['W', 'W'],
  ['C', '°C'],
  ['S', 's'],
]
/** ms in one unit, for durations that read better as an age. */
const durationsMs: Record<string, number> = { ms: 1, s: 1_000 }
const longMs = 10_000
/** Meters count in Wh for years; from here on people do in kWh. */
const manyWh = 10_000

/** The measured values of a reading, without what is told of the message itself. */
export function describeReading(values: Fault['evidence'], words: EvidenceWords): EvidenceLine[] {
  const measured = Object.entries(values).filter(([field]) => fieldName(field, words.language) !== undefined)
  return describeEvidence(Object.fromEntries(measured), words)
}

export function describeEvidence(evidence: Fault['evidence'], words: EvidenceWords): EvidenceLine[] {
  return Object.entries(evidence).map(([field, value]) => ({
    field,
    label: fieldLabel(field, words),
    value: formatField(field, value, words),
  }))
}

export function fieldLabel(field: string, { language }: Pick<EvidenceWords, 'language'>): string {
  return fieldName(field, language) ?? sentence(splitUnit(field).stem)
}

/** A value with the unit that its field's name ends in. */
export function formatField(field: string, value: number | boolean | string, words: EvidenceWords): string {
  return describeValue(value, splitUnit(field).unit, words)
}

/** The same for an axis: short, and of a large number with its thousands. */
export function formatTick(field: string, value: number, { locale }: Pick<EvidenceWords, 'locale'>): string {
  const number = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 2 }).format(value)
  const { unit } = splitUnit(field)
  return unit === '' || unit === '°' ? `${number}${unit}` : `${number}\u202f${unit}`
}

function splitUnit(field: string): { stem: string; unit: string } {
  const declared = declaredUnit(field)
  if (declared !== undefined) return { stem: field, unit: declared === '1/s' ? 'fps' : declared }
  for (const [suffix, unit] of units) {
    const stem = field.slice(0, -suffix.length)
    if (field.endsWith(suffix) && /[a-z\d]$/.test(stem)) return { stem, unit }
  }
  return { stem: field, unit: '' }
}

/** `lampsSilent` → Lamps silent */
function sentence(camelCase: string): string {
  const spaced = camelCase.replaceAll(/([a-z\d])([A-Z])/g, '$1 $2').toLowerCase()
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}

function describeValue(value: number | boolean | string, unit: string, words: EvidenceWords): string {
  const { text, locale } = words
  if (typeof value === 'boolean') return value ? text.detail.yes : text.detail.no
  if (typeof value === 'string') return value
  const ms = value * (durationsMs[unit] ?? 0)
  if (ms >= longMs) return formatAge(ms, text.age)
  if (unit === 'Wh' && Math.abs(value) >= manyWh) return describeValue(Math.round(value / 100) / 10, 'kWh', words)
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(value)
  if (unit === '') return number
  // A degree of angle is written against its number, everything else apart.
  return unit === '°' ? `${number}°` : `${number}\u202f${unit}`
}
