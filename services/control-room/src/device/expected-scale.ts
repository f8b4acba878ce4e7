// Where a value and what is expected of it lie on a scale from 0 to 1, with room on both sides of the band.
import type { ExpectedRange } from '@ronda/contracts/history'

export interface ScalePlaces {
  /** Of the band. */
  readonly from: number
  readonly to: number
  /** Of the value; on the rim where it is far outside. */
  readonly at: number
  readonly isOutside: boolean
}

/** How much of the scale lies on either side of a band with two ends. */
const margin = 0.25

export function placeOnScale(value: number, { low, high }: ExpectedRange): ScalePlaces {
  const isOutside = (low !== undefined && value < low) || (high !== undefined && value > high)
  const within = (share: number) => Math.min(1, Math.max(0, share))
  if (low !== undefined && high !== undefined && high > low) {
    const scale = (at: number) => margin + ((at - low) / (high - low)) * (1 - 2 * margin)
    return { from: margin, to: 1 - margin, at: within(scale(value)), isOutside }
  }
  // Open at one side: the end that there is lies in the middle of what is shown.
  const end = low ?? high ?? 0
  const most = Math.abs(end) * 2 || 1
  const at = within(value / most)
  return low === undefined ? { from: 0, to: 0.5, at, isOutside } : { from: 0.5, to: 1, at, isOutside }
}
