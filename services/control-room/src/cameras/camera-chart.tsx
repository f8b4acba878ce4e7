// The last hours of a camera: a bar for the events of each quarter, and over them the line of its bit rate, which breaks
// where it reported none.
import type { CameraState } from '@ronda/contracts/camera-wall'
import { useText, useWording } from '../context.tsx'
import { formatRate } from './bit-rate.ts'

const width = 240
const height = 40

export function CameraChart({ camera }: { camera: CameraState }) {
  const { locale } = useWording()
  const { cameras: words } = useText()
  const { bitrateKbps, events } = camera
  const known = bitrateKbps.filter((mean) => mean !== null)
  const count = events.reduce((sum, each) => sum + each, 0)
  const rate =
    known.length === 0 ? undefined : formatRate(known.reduce((sum, each) => sum + each, 0) / known.length, locale)
  const mostEvents = Math.max(4, ...events)
  const mostRate = Math.max(1, ...known) * 1.1
  const step = width / events.length
  return (
    <span className="camera-chart">
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        {events.map((each, bar) => {
          const high = (each / mostEvents) * (height - 6)
          return each === 0 ? null : (
            <rect
              key={bar}
              className="camera-bar"
              x={bar * step + 1}
              width={step - 2}
              y={height - high}
              height={high}
            />
          )
        })}
        <path
          className="camera-rate"
          d={lineOf(bitrateKbps, (mean) => height - 1 - (mean / mostRate) * (height - 4), step)}
        />
      </svg>
      <span className="visually-hidden">
        {rate === undefined && count === 0 ? words.chartNone : words.chart(rate ?? '–', String(count))}
      </span>
    </span>
  )
}

/** Gaps are gaps; a value between two of them is a short line. */
function lineOf(means: readonly (number | null)[], yOf: (mean: number) => number, step: number): string {
  let path = ''
  for (const [index, mean] of means.entries()) {
    if (mean === null) continue
    const y = yOf(mean).toFixed(1)
    const isJoined = index > 0 && means[index - 1] !== null
    path += `${isJoined ? 'L' : 'M'}${(index * step).toFixed(1)} ${y}L${((index + 1) * step).toFixed(1)} ${y}`
  }
  return path
}
