// A uPlot in the page's looks: quiet lines, times in the city's zone, values as they are written elsewhere.
import uPlot from 'uplot'
import type { EvidenceWords } from '../format/evidence.ts'
import { formatField, formatTick } from '../format/evidence.ts'
import { aims } from './charts.ts'

interface ChartColours {
  readonly lines: readonly string[]
  readonly grid: string
  readonly ink: string
}

/** As the theme is at the moment. */
export function readChartColours(): ChartColours {
  const style = getComputedStyle(document.documentElement)
  const read = (name: string) => style.getPropertyValue(name).trim()
  return { lines: ['--chart-1', '--chart-2', '--chart-3'].map(read), grid: read('--line'), ink: read('--ink-3') }
}

interface MakeChartOptions {
  host: HTMLElement
  fields: readonly string[]
  words: EvidenceWords
  /** IANA. */
  timeZone: string
  cursor: string
  colours: ChartColours
}

const font = '11px system-ui, sans-serif'

export function makeChart({ host, fields, words, timeZone, cursor, colours }: MakeChartOptions): uPlot {
  const times = createTimeTicks(words.locale, timeZone)
  const [first = ''] = fields
  const axis = { stroke: colours.ink, font, grid: { stroke: colours.grid, width: 1 }, ticks: { show: false } }
  return new uPlot(
    {
      width: host.clientWidth,
      height: host.clientHeight,
      padding: [8, 8, 0, 0],
      legend: { show: false },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), timeZone),
      cursor: { sync: { key: cursor }, y: false, points: { size: 6 }, drag: { x: false, y: false } },
      scales: { x: { time: true }, y: { range: (_chart, least, most) => rangeOf(least, most) } },
      axes: [
        { ...axis, size: 24, values: (_chart, splits, _axis, _space, stepS) => times(splits, stepS) },
        { ...axis, size: 52, values: (_chart, splits) => splits.map((value) => formatTick(first, value, words)) },
      ],
      series: [
        {},
        ...fields.map((field, index) => ({
          label: field,
          stroke: colours.lines[index % colours.lines.length] ?? colours.ink,
          width: 1.5,
          spanGaps: false,
          points: { show: false },
          ...(aims.has(field) ? { dash: [4, 4] } : {}),
        })),
      ],
      hooks: { setCursor: [(chart) => tellCursor(chart, fields, words, times)] },
    },
    [[], ...fields.map(() => [])],
    host,
  )
}

/** A value that never changes stands in the middle, unless it is zero; none hangs on the upper rim. */
function rangeOf(least: number | null, most: number | null): [number, number] {
  if (least === null || most === null || (least === 0 && most === 0)) return [0, 1]
  const span = most - least || Math.abs(most) * 0.2 || 1
  const from = least - span * 0.1
  return [least >= 0 && from < 0 ? 0 : from, most + span * 0.1]
}

function createTimeTicks(locale: string, timeZone: string) {
  const minute = new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const day = new Intl.DateTimeFormat(locale, { timeZone, day: 'numeric', month: 'short' })
  const daySeconds = 86_400
  return (splits: readonly number[], stepS: number): string[] =>
    splits.map((seconds) => {
      const date = seconds * 1_000
      const time = minute.format(date)
      return stepS >= daySeconds || /^0?0[.:]00$/.test(time) ? day.format(date) : time
    })
}

/** What stands under the cursor, beside it. */
function tellCursor(
  chart: uPlot,
  fields: readonly string[],
  words: EvidenceWords,
  times: (splits: readonly number[], stepS: number) => string[],
): void {
  const { left = -1, idx } = chart.cursor
  let tip = chart.over.querySelector<HTMLElement>('.chart-tip')
  const at = idx === null || idx === undefined ? undefined : chart.data[0][idx]
  if (left < 0 || at === undefined) {
    tip?.remove()
    return
  }
  if (tip === null) {
    tip = document.createElement('div')
    tip.className = 'chart-tip'
    chart.over.append(tip)
  }
  const values = fields.map((field, index) => {
    const value = chart.data[index + 1]?.[idx ?? 0]
    return value === null || value === undefined ? '–' : formatField(field, value, words)
  })
  tip.textContent = [times([at], 60)[0], ...values].join('  ')
  const isRight = left > chart.over.clientWidth / 2
  tip.style.left = isRight ? '' : `${left + 8}px`
  tip.style.right = isRight ? `${chart.over.clientWidth - left + 8}px` : ''
}
