// Values in messages: rounded, with the decimal sign of the language.
import type { FieldValue } from '@ronda/contracts/fields'

/** A value with its unit in both languages, or '' when there is none. */
export function quantity(value: FieldValue | undefined, unit: string): { en: string; id: string } {
  if (typeof value !== 'number') return { en: '', id: '' }
  const text = String(Math.round(value * 10) / 10)
  return { en: `${text} ${unit}`, id: `${text.replace('.', ',')} ${unit}` }
}

/** ms in the largest unit that leaves no more than two digits or so. */
export function duration(ms: FieldValue | undefined): { en: string; id: string } {
  if (typeof ms !== 'number') return { en: '', id: '' }
  const seconds = Math.round(ms / 1_000)
  if (seconds < 120) return quantityOf(seconds, 's', 'detik')
  const minutes = Math.round(seconds / 60)
  if (minutes < 120) return quantityOf(minutes, 'min', 'menit')
  return quantityOf(Math.round(minutes / 60), 'h', 'jam')
}

function quantityOf(count: number, en: string, id: string): { en: string; id: string } {
  return { en: `${count} ${en}`, id: `${count} ${id}` }
}
