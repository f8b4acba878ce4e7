// What was announced over the time: a bar for each width of it, and the line of the target.
import type { AlarmMetrics } from '@ronda/contracts/alarm-metrics'
import { useRoom, useText, useTimes, useWording } from '../context.tsx'
import { formatAge } from '../format/age.ts'

const hourMs = 3_600_000
const heightPx = 96
/** A quiet time is to look quiet: a single fault is no tower. */
const leastTop = 6

interface TimelineProps {
  timeline: AlarmMetrics['timeline']
  /** ms UTC: the end of the period. */
  to: number
  targetPerHour: number | undefined
}

export function Timeline({ timeline: { everyMs, from, announced }, to, targetPerHour }: TimelineProps) {
  const { clock } = useRoom()
  const text = useText()
  const { overview: words } = text
  const { locale } = useWording()
  const times = useTimes()
  const target = targetPerHour === undefined ? undefined : (targetPerHour * everyMs) / hourMs
  const total = announced.reduce((sum, count) => sum + count, 0)
  const top = Math.max(leastTop, (target ?? 0) * 1.25, ...announced)
  const heightOf = (count: number) => (count / top) * heightPx
  const barPercent = 100 / announced.length
  return (
    <figure className="timeline">
      <figcaption>{words.timeline(total.toLocaleString(locale), formatAge(everyMs, text.age))}</figcaption>
      <svg className="timeline-bars" width="100%" height={heightPx} aria-hidden="true">
        {announced.map((count, bar) => {
          const isOver = target !== undefined && count > Math.max(target, 1)
          return (
            <rect
              key={from + bar * everyMs}
              className={isOver ? 'bar bar-over' : 'bar'}
              x={`${bar * barPercent + barPercent * 0.1}%`}
              width={`${barPercent * 0.8}%`}
              y={heightPx - heightOf(count)}
              height={heightOf(count)}
            >
              <title>{words.bar(times.exact(from + bar * everyMs), count)}</title>
            </rect>
          )
        })}
        {target !== undefined && (
          <line
            className="timeline-target"
            x1="0"
            x2="100%"
            y1={heightPx - heightOf(target)}
            y2={heightPx - heightOf(target)}
          />
        )}
      </svg>
      {target !== undefined && targetPerHour !== undefined && (
        <span
          className="timeline-target-name"
          style={{ bottom: `calc(${heightOf(target)}px + 1.375rem)` }}
          aria-hidden="true"
        >
          {words.targetLine(targetPerHour.toLocaleString(locale))}
        </span>
      )}
      <div className="timeline-axis" aria-hidden="true">
        {[0, 0.25, 0.5, 0.75, 1].map((part) => (
          <span key={part}>{times.moment(from + part * (to - from), clock.now())}</span>
        ))}
      </div>
    </figure>
  )
}
