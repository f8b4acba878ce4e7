// Counts, sizes and rates as they are read: grouped by the language, no more digits than matter.
import { useMemo } from 'react'
import { useWording } from '../context.tsx'

const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const

export interface Figures {
  /** 1,234,567 */
  count(n: number): string
  /** Of decimal units, as disks are sold: 1.4 GB. */
  bytes(n: number): string
  /** Of a second. */
  rate(n: number): string
}

export function figuresFor(locale: string): Figures {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const tenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
  return {
    count: (n) => whole.format(n),
    bytes(n) {
      const power = n < 1_000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(n) / 3))
      const value = n / 1_000 ** power
      return `${(value < 10 && power > 0 ? tenths : whole).format(value)} ${units[power] ?? 'B'}`
    },
    rate: (n) => (n > 0 && n < 0.1 ? `<${tenths.format(0.1)}` : (n < 10 ? tenths : whole).format(n)),
  }
}

export function useFigures(): Figures {
  const { locale } = useWording()
  return useMemo(() => figuresFor(locale), [locale])
}
