// Alarm floods: when more is announced than a person can take in. A flood begins with the eleventh announcement
// within ten minutes and ends when there are fewer than five in the last ten (ISA-18.2, EEMUA 191).
import { floodBeginsAbove, floodEndsBelow, floodWindowMs } from '@ronda/contracts/alarm-flood'

/** ms UTC; without an end it is under way. */
export interface Flood {
  from: number
  to: number | undefined
}

/** `times` of announcements in ms, oldest first, none after `until`. A window reaches from just after its begin to its end. */
export function floodsOf(times: readonly number[], until: number): Flood[] {
  const floods: Flood[] = []
  let from: number | undefined
  const timeAt = (index: number) => times[index] ?? -Infinity
  /** When too few are left in the window, if nothing comes after this announcement. */
  const endAfter = (index: number) => timeAt(index - floodEndsBelow + 1) + floodWindowMs
  for (const [index, at] of times.entries()) {
    if (from !== undefined && endAfter(index - 1) < at) {
      floods.push({ from, to: endAfter(index - 1) })
      from = undefined
    }
    if (from === undefined && timeAt(index - floodBeginsAbove) > at - floodWindowMs) from = at
  }
  if (from !== undefined) {
    const to = endAfter(times.length - 1)
    floods.push({ from, to: to <= until ? to : undefined })
  }
  return floods
}

/** The most announcements of any ten minutes that end after `from`. */
export function peakOf(times: readonly number[], from: number): number {
  let peak = 0
  let first = 0
  for (const [index, at] of times.entries()) {
    while ((times[first] ?? Infinity) <= at - floodWindowMs) first++
    if (at > from) peak = Math.max(peak, index - first + 1)
  }
  return peak
}
