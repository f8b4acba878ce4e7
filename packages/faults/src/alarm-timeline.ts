// What was announced over the time of a period, as bars that begin at multiples of their width: the same bar has the
// same count whoever asks, and moves on with the clock only when one is over.
import { type AlarmMetrics, barWidthsMs, mostBars } from '@ronda/contracts/alarm-metrics'

export interface Timeline {
  /** A time within the period, in ms UTC. */
  add(at: number): void
  figures(): AlarmMetrics['timeline']
}

export function createTimeline(from: number, to: number): Timeline {
  const everyMs = barWidthsMs.find((width) => (to - from) / width < mostBars - 1) ?? barWidthsMs.at(-1) ?? 1
  const numberOf = (at: number) => Math.floor(at / everyMs)
  const first = numberOf(from)
  const announced = Array.from<number>({ length: numberOf(to) - first + 1 }).fill(0)

  return {
    add(at) {
      const bar = numberOf(at) - first
      announced[bar] = (announced[bar] ?? 0) + 1
    },
    figures: () => ({ everyMs, from: first * everyMs, announced }),
  }
}
