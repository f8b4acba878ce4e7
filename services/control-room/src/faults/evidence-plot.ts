// uPlot in the page's looks: one quiet line, the limit dashed, the moment of the raise, and shaded while the fault held.
import uPlot from 'uplot'

/** Readings: seconds UTC, and a value for each, null for a gap. */
export type Points = readonly [times: number[], values: (number | null)[]]

export interface EvidencePlotOptions {
  /** ms UTC. */
  raisedAt: number
  formatTime: (ms: number) => string
  formatValue: (value: number) => string
  limit: number | undefined
  /** The values are ms: their axis counts in seconds, minutes and hours. */
  isDuration: boolean
  /** What is under the pointer; undefined when it is elsewhere. */
  onPoint: (point: { at: number; value: number } | undefined) => void
}

export interface EvidencePlot {
  /** Times in ms UTC, those of the points in seconds. */
  show(what: { points: Points; from: number; to: number; held: [from: number, to: number][] }): void
  destroy(): void
}

const font = '11px system-ui, sans-serif'

/** Colours are those that the page has at the moment: another theme wants another plot. */
export function plotEvidence(host: HTMLElement, options: EvidencePlotOptions): EvidencePlot {
  const { raisedAt, formatTime, formatValue, limit, isDuration, onPoint } = options
  const style = getComputedStyle(document.documentElement)
  const colour = (name: string) => style.getPropertyValue(name).trim()
  const ink = colour('--ink')
  const grid = colour('--line')
  const fault = colour('--critical')
  const ground = colour('--critical-ground')
  let held: [from: number, to: number][] = []
  const axis = { stroke: colour('--ink-3'), font, ticks: { show: false } }

  function drawGround(chart: uPlot): void {
    const { ctx, bbox } = chart
    ctx.save()
    ctx.fillStyle = ground
    for (const [from, to] of held) {
      const left = Math.max(bbox.left, chart.valToPos(from / 1_000, 'x', true))
      const right = Math.min(bbox.left + bbox.width, chart.valToPos(to / 1_000, 'x', true))
      if (right > left) ctx.fillRect(left, bbox.top, right - left, bbox.height)
    }
    ctx.restore()
  }

  function drawMarks(chart: uPlot): void {
    const { ctx, bbox } = chart
    const line = (fromX: number, fromY: number, toX: number, toY: number) => {
      ctx.beginPath()
      ctx.moveTo(fromX, fromY)
      ctx.lineTo(toX, toY)
      ctx.stroke()
    }
    ctx.save()
    ctx.strokeStyle = fault
    ctx.lineWidth = devicePixelRatio
    const x = Math.round(chart.valToPos(raisedAt / 1_000, 'x', true))
    line(x, bbox.top, x, bbox.top + bbox.height)
    if (limit !== undefined) {
      const y = Math.round(chart.valToPos(limit, 'y', true))
      ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio])
      line(bbox.left, y, bbox.left + bbox.width, y)
    }
    ctx.restore()
  }

  const chart = new uPlot(
    {
      width: host.clientWidth,
      height: host.clientHeight,
      padding: [6, 6, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
      scales: { x: { time: true }, y: { range: (_chart, least, most) => rangeOf(least, most, limit) } },
      axes: [
        {
          ...axis,
          size: 22,
          space: 64,
          grid: { show: false },
          values: (_chart, at) => at.map((s) => formatTime(s * 1_000)),
        },
        {
          ...axis,
          size: 56,
          space: 28,
          grid: { stroke: grid, width: 1 },
          values: (_chart, values) => values.map(formatValue),
          ...(isDuration ? { incrs: durationsMs } : {}),
        },
      ],
      series: [{}, { stroke: ink, width: 1.5, spanGaps: false, points: { show: false } }],
      hooks: {
        drawAxes: [drawGround],
        draw: [drawMarks],
        setCursor: [
          ({ cursor: { idx }, data }) => {
            const [at, value] = idx === null || idx === undefined ? [] : [data[0][idx], data[1]?.[idx]]
            onPoint(at === undefined || value === null || value === undefined ? undefined : { at: at * 1_000, value })
          },
        ],
      },
    },
    [[], []],
    host,
  )
  const observer = new ResizeObserver(() => chart.setSize({ width: host.clientWidth, height: host.clientHeight }))
  observer.observe(host)

  return {
    show({ points, from, to, held: periods }) {
      held = periods
      chart.batch(() => {
        chart.setData([points[0], points[1]], false)
        chart.setScale('x', { min: from / 1_000, max: to / 1_000 })
      })
    },
    destroy() {
      observer.disconnect()
      chart.destroy()
    },
  }
}

const durationsMs = [1, 10, 100, 1e3, 1e4, 3e4, 6e4, 12e4, 3e5, 6e5, 18e5, 36e5, 108e5, 432e5, 864e5]

/** All values and the limit, none of them on the rim. */
function rangeOf(least: number | null, most: number | null, limit: number | undefined): [number, number] {
  const known = [least, most, limit].filter((value) => value !== null && value !== undefined)
  if (known.length === 0) return [0, 1]
  const [from, to] = [Math.min(...known), Math.max(...known)]
  const margin = (to - from || Math.abs(to) || 1) * 0.12
  return [from >= 0 ? Math.max(0, from - margin) : from - margin, to + margin]
}
