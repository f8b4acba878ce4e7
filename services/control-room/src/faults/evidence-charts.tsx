// What was measured around the raise of a fault: a small chart for each reading that speaks for it, with its limit drawn
// in, and the time during which the fault held shaded. Loaded when a fault with readings is opened.
import type { Fault, FaultPeriod, Measure } from '@ronda/contracts/fault'
import type { DeviceHistory } from '@ronda/contracts/history'
import { useEffect, useMemo, useRef, useState } from 'react'
import { fetchHistory } from '../api/devices.ts'
import { useRoom, useText, useTimes, useWording } from '../context.tsx'
import { fieldLabel, formatField } from '../format/evidence.ts'
import { type EvidencePlot, type Points, plotEvidence } from './evidence-plot.ts'

const hourMs = 3_600_000
const beforeMs = 3 * hourMs
const afterMs = hourMs
/** Real ms between two looks for newer readings, while there are any to come. */
const againMs = 30_000

export interface EvidenceChartsProps {
  fault: Fault
  measures: readonly Measure[]
  periods: readonly FaultPeriod[]
}

export default function EvidenceCharts({ fault, measures, periods }: EvidenceChartsProps) {
  const { detail } = useText()
  const raisedAt = periods.at(-1)?.raisedAt ?? fault.raisedAt
  const rows = useReadings(fault.deviceId, measures, raisedAt)
  if (rows === undefined) return <div className="evidence-chart" />
  const told = measures.filter(({ field }) => rows.some(({ values }) => typeof values[field] === 'number'))
  if (told.length === 0) return <p className="hint">{detail.noReadings}</p>
  return told.map((measure) => (
    <EvidenceChart key={measure.field} measure={measure} rows={rows} raisedAt={raisedAt} periods={periods} />
  ))
}

/** undefined until they are there. */
function useReadings(
  deviceId: string,
  measures: readonly Measure[],
  raisedAt: number,
): DeviceHistory['rows'] | undefined {
  const { clock } = useRoom()
  const [readings, setReadings] = useState<{ key: string; rows: DeviceHistory['rows'] }>()
  const fields = measures.map(({ field }) => field).join(',')
  const key = `${deviceId} ${raisedAt} ${fields}`
  useEffect(() => {
    let isWanted = true
    let timer: ReturnType<typeof setTimeout> | undefined
    const to = raisedAt + afterMs
    async function ask(): Promise<void> {
      const isOver = clock.now() > to
      const reply = await fetchHistory(deviceId, { fields: fields.split(','), from: raisedAt - beforeMs, to })
      if (!isWanted) return
      if (reply.kind === 'answer') setReadings({ key, rows: reply.body.rows })
      // A site has no readings, nor has a device that is gone.
      else if (reply.kind === 'problem') setReadings({ key, rows: [] })
      if (!isOver || reply.kind === 'unreachable') timer = setTimeout(() => void ask(), againMs)
    }
    void ask()
    return () => {
      isWanted = false
      clearTimeout(timer)
    }
  }, [clock, deviceId, fields, raisedAt, key])
  return readings?.key === key ? readings.rows : undefined
}

interface EvidenceChartProps {
  measure: Measure
  rows: DeviceHistory['rows']
  raisedAt: number
  periods: readonly FaultPeriod[]
}

function EvidenceChart({ measure: { field, limit }, rows, raisedAt, periods }: EvidenceChartProps) {
  const { clock } = useRoom()
  const { text, locale, preferences } = useWording()
  const times = useTimes()
  const { language, theme } = preferences
  const words = useMemo(() => ({ language, locale, text }), [language, locale, text])
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<EvidencePlot>(undefined)
  const [pointed, setPointed] = useState<{ at: number; value: number }>()
  const points = useMemo(() => toPoints(rows, field), [rows, field])
  const name = fieldLabel(field, words)
  const say = (value: number) => formatField(field, value, words)

  useEffect(() => {
    if (host.current === null) return undefined
    const made = plotEvidence(host.current, {
      raisedAt,
      formatTime: (ms) => times.moment(ms, raisedAt),
      formatValue: (value) => formatField(field, value, words),
      limit,
      isDuration: field.endsWith('Ms'),
      onPoint: setPointed,
    })
    plot.current = made
    return () => {
      plot.current = undefined
      made.destroy()
    }
  }, [field, limit, raisedAt, times, words, theme])

  useEffect(() => {
    plot.current?.show({
      points,
      from: raisedAt - beforeMs,
      to: Math.max(raisedAt, Math.min(clock.now(), raisedAt + afterMs)),
      held: periods.map((period) => [period.raisedAt, period.clearedAt ?? clock.now()]),
    })
  }, [points, periods, raisedAt, clock, field, limit, times, words, theme])

  const known = points[1].filter((value) => value !== null)
  const [least, most] = [Math.min(...known), Math.max(...known)].map(say)
  return (
    <figure className="evidence-figure">
      <figcaption>
        <span className="evidence-name">{name}</span>
        {pointed === undefined ? (
          limit !== undefined && <span className="hint">{text.detail.limit(say(limit))}</span>
        ) : (
          <span>
            {say(pointed.value)} <span className="hint">{times.moment(pointed.at, raisedAt)}</span>
          </span>
        )}
      </figcaption>
      <div
        ref={host}
        className="evidence-chart"
        role="img"
        aria-label={text.detail.chart(name, `${least}`, `${most}`, limit === undefined ? undefined : say(limit))}
      />
    </figure>
  )
}

/** Seconds and values; null where readings are missing, so that a gap is a gap. */
function toPoints(rows: DeviceHistory['rows'], field: string): Points {
  const known = rows.flatMap(({ time, values }) => {
    const value = values[field]
    return typeof value === 'number' ? { time, value } : []
  })
  const steps = known.slice(1).map(({ time }, i) => time - (known[i]?.time ?? time))
  const usualMs = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0
  const times: number[] = []
  const values: (number | null)[] = []
  known.forEach(({ time, value }, i) => {
    const last = known[i - 1]?.time
    if (last !== undefined && time - last > 3 * usualMs) {
      times.push((last + usualMs) / 1_000)
      values.push(null)
    }
    times.push(time / 1_000)
    values.push(value)
  })
  return [times, values]
}
