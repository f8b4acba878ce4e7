// How far back the figures look, whose they are, and how both stand in the address.
const hourMs = 3_600_000

/** ms of stamped time. The longest is within what the API takes. */
export const ranges = { shift: 8 * hourMs, day: 24 * hourMs, week: 7 * 24 * hourMs, month: 30 * 24 * hourMs } as const
export type RangeName = keyof typeof ranges
const usual: RangeName = 'day'

function isRangeName(text: string): text is RangeName {
  return Object.hasOwn(ranges, text)
}

export const rangeNames: readonly RangeName[] = Object.keys(ranges).filter(isRangeName)

/** Real ms after which figures are asked for again: those of a month hardly move, and cost the most. */
export const everyMs: Readonly<Record<RangeName, number>> = { shift: 10_000, day: 10_000, week: 30_000, month: 60_000 }

export interface OverviewQuery {
  readonly range: RangeName
  readonly agency: string | undefined
}

export function parseOverview(query: string): OverviewQuery {
  const params = new URLSearchParams(query)
  const range = params.get('range') ?? ''
  return { range: isRangeName(range) ? range : usual, agency: params.get('agency') ?? undefined }
}

/** With its question mark; empty for what is usual. */
export function formatOverview({ range, agency }: OverviewQuery): string {
  const params = new URLSearchParams()
  if (range !== usual) params.set('range', range)
  if (agency !== undefined) params.set('agency', agency)
  const query = params.toString()
  return query === '' ? '' : `?${query}`
}
