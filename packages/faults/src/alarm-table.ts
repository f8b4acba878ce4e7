// The alarm figures as plain text, for reports on a terminal.
import type { AlarmMetrics, Duration, Judged } from '@ronda/contracts/alarm-metrics'

const minuteMs = 60_000

type Line = [figure: string, value: string, target: string, met: boolean | null]

/** Several sets of figures side by side, such as with and without something, by their titles. */
export function alarmTable(columns: Readonly<Record<string, AlarmMetrics>>): string {
  const titles = Object.keys(columns)
  const sides = Object.values(columns).map(linesOf)
  const rows = (sides[0] ?? []).map(([figure, , target], index) => [
    figure,
    ...sides.map((lines) => valueOf(lines[index])),
    target,
  ])
  return align([['', ...titles, 'ISA-18.2'], ...rows])
}

function valueOf(line: Line | undefined): string {
  if (line === undefined) return ''
  const [, value, , met] = line
  return met === null ? value : `${value} ${met ? '✓' : '✗'}`
}

function linesOf(metrics: AlarmMetrics): Line[] {
  const { announced, perHour, perTenMinutes, floods, topDevices, topRules, priorities, open } = metrics
  const lines: Line[] = [
    ['announced', String(announced), '', null],
    ['per hour', perHour.value.toFixed(1), target(perHour), perHour.met],
    ['per 10 min, mean', perTenMinutes.mean.toFixed(2), '', null],
    ['per 10 min, peak', String(perTenMinutes.peak), '', null],
    ['floods', String(floods.count), '', null],
    ['time in flood', percent(floods.share.value), target(floods.share, percent), floods.share.met],
    ['longest flood', duration(floods.longestMs), '', null],
    ['top ten devices', percent(topDevices.share.value), target(topDevices.share, percent), topDevices.share.met],
    ['top ten rules', percent(topRules.share), '', null],
    ...priorities.split.map(
      ({ priority, share, target: aim }): Line => [
        `${priority} priority`,
        percent(share),
        `about ${percent(aim)}`,
        null,
      ],
    ),
    ['priority split', '', '', priorities.met],
    ['standing', String(open.standing), '', null],
    ['stale', String(open.stale.value), target(open.stale), open.stale.met],
    ['chattering', String(open.chattering.value), target(open.chattering), open.chattering.met],
    ['shelved', String(open.shelved), '', null],
    ['overdue', String(open.overdue), '', null],
    ['acknowledged after', median(metrics.toAcknowledge), '', null],
    ['repaired after', median(metrics.toRepair), '', null],
  ]
  return lines
}

function target({ atMost, below }: Judged, format: (value: number) => string = String): string {
  if (atMost !== undefined) return `≤ ${format(atMost)}`
  return below === undefined ? '' : `< ${format(below)}`
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`
}

function duration(ms: number): string {
  return `${Number((ms / minuteMs).toFixed(1))} min`
}

function median({ count, medianMs }: Duration): string {
  return medianMs === null ? '–' : `${duration(medianMs)} (of ${count})`
}

/** The first column to the left, the others to the right. */
function align(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
