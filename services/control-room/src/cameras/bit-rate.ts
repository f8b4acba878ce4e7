// A bit rate as people read it: of thousands of kbit/s, their Mbit/s.

export function formatRate(kbps: number, locale: string): string {
  const [value, unit, maximumFractionDigits] = kbps >= 1_000 ? [kbps / 1_000, 'Mbit/s', 1] : [kbps, 'kbit/s', 0]
  return `${value.toLocaleString(locale, { maximumFractionDigits })}\u202f${unit}`
}
