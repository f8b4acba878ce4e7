// How far back charts look, and how finely: at most some hundreds of points each, never finer than the device reports.
const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

export const ranges = { '1h': hourMs, '6h': 6 * hourMs, '24h': dayMs, '7d': 7 * dayMs, '30d': 30 * dayMs } as const
export type RangeName = keyof typeof ranges
const usual: RangeName = '24h'

function isRangeName(text: string): text is RangeName {
  return Object.hasOwn(ranges, text)
}

export const rangeNames: readonly RangeName[] = Object.keys(ranges).filter(isRangeName)

export function parseRange(query: string): RangeName {
  const text = new URLSearchParams(query).get('range') ?? ''
  return isRangeName(text) ? text : usual
}

/** With its question mark; empty for the usual one. */
export function formatRange(range: RangeName): string {
  return range === usual ? '' : `?range=${range}`
}

const widthsMs = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440].map((minutes) => minutes * minuteMs)
const mostPoints = 400

/** Width of a bucket; undefined: readings as they are. */
export function bucketMsOf(range: RangeName, intervalS: number): number | undefined {
  const rangeMs = ranges[range]
  const intervalMs = intervalS * 1_000
  if (rangeMs / intervalMs <= mostPoints) return undefined
  return widthsMs.find((width) => width > intervalMs && rangeMs / width <= mostPoints) ?? dayMs
}
