// One picture of history, drawn by uPlot: its fields over time, and the cursor that it shares with the others of the
// page. What can be seen is told in words as well.
import { useEffect, useMemo, useRef } from 'react'
import type uPlot from 'uplot'
import { useRoom, useWording } from '../context.tsx'
import { fieldLabel, formatField } from '../format/evidence.ts'
import { makeChart, readChartColours } from './make-chart.ts'
import { type Series, summarise } from './series.ts'

export interface ChartProps {
  fields: readonly string[]
  series: Series
  /** ms UTC: the whole of the time that is asked for, also where nothing was reported. */
  from: number
  to: number
  /** The charts that share a cursor. */
  cursor: string
}

export function Chart({ fields, series, from, to, cursor }: ChartProps) {
  const { text, locale, preferences } = useWording()
  const { timeZone } = useRoom().city.city
  const { language, theme } = preferences
  const element = useRef<HTMLDivElement>(null)
  const chart = useRef<uPlot>(undefined)
  const words = useMemo(() => ({ text, locale, language }), [text, locale, language])
  const data = useMemo<uPlot.AlignedData>(
    () => [series.times, ...fields.map((field) => series.values.get(field) ?? [])],
    [series, fields],
  )

  // A chart that is there is given what is new; only another look or language makes another one.
  useEffect(() => {
    const host = element.current
    if (host === null) return undefined
    const made = makeChart({ host, fields, words, timeZone, cursor, colours: readChartColours() })
    chart.current = made
    const observer = new ResizeObserver(() => made.setSize({ width: host.clientWidth, height: host.clientHeight }))
    observer.observe(host)
    return () => {
      observer.disconnect()
      chart.current = undefined
      made.destroy()
    }
  }, [fields, words, timeZone, cursor, theme])

  useEffect(() => {
    const made = chart.current
    if (made === undefined) return
    made.batch(() => {
      made.setData(data, false)
      made.setScale('x', { min: from / 1_000, max: to / 1_000 })
    })
  }, [data, from, to, fields, words, timeZone, cursor, theme])

  return (
    <figure className="chart">
      <figcaption>
        {fields.map((field, index) => {
          const summary = summarise(series.values.get(field) ?? [])
          return (
            <span key={field} className={`chart-field chart-field-${index}`}>
              <span className="chart-line" aria-hidden="true" />
              <span className="chart-name">{fieldLabel(field, words)}</span>
              {summary !== undefined && (
                <span className="chart-summary">
                  {text.device.summary(
                    formatField(field, summary.last, words),
                    formatField(field, summary.least, words),
                    formatField(field, summary.most, words),
                  )}
                </span>
              )}
            </span>
          )
        })}
      </figcaption>
      <div ref={element} className="chart-canvas" aria-hidden="true" />
    </figure>
  )
}
