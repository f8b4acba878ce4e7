// Results for people: of one run a table of what was found per code, of several a table of the runs.
import { alarmTable } from '@ronda/faults/alarm-table'
import { wordsOfShare } from '@ronda/runtime/stolen-time'
import type { Score } from './grade.ts'
import type { RunResult } from './run-scenario.ts'

const columns = [
  ['code', (_, code) => code],
  ['expected', ({ expected }) => String(expected)],
  ['found', ({ found }) => String(found)],
  ['missed', ({ missed }) => String(missed)],
  ['false', ({ false: wrong }) => String(wrong)],
  ['open', ({ open, openFound }) => `${openFound}/${open}`],
  ['consequences', ({ consequences }) => String(consequences)],
  ['precision', ({ precision }) => precision.toFixed(3)],
  ['recall', ({ recall }) => recall.toFixed(3)],
  ['delay p50', ({ delay }) => seconds(delay?.medianMs)],
  ['p95', ({ delay }) => seconds(delay?.p95Ms)],
] as const satisfies readonly (readonly [string, (score: Score, code: string) => string])[]

/** Where the machine did not keep up, what was found and what not says nothing. */
export function tableOf(result: RunResult): string {
  const { alarms, behind, devices, injected, oddities, messages, lag, seconds: took, stolenShare } = result
  return `${behind === undefined ? `${scoresOf(result)}\n` : ''}Alarm figures of the timeline, and what they were without grouping by causes, delays and shelving:

${alarmTable(alarms)}

${devices} devices, ${injected} faults put into them, ${oddities} reboots and quirks, ${messages.toLocaleString('en')} messages, ${Math.round(took)} s
late by at most: before it began ${seconds(lag.startMs)}; devices ${seconds(lag.devicesMs)}, transport ${seconds(lag.transportMs)}, acknowledging ${seconds(lag.acknowledgingMs)}, connecting again ${seconds(lag.returnMs)}; log time at the end: ${seconds(lag.detectorMs)}
${stolenShare === undefined ? '' : `the machine’s host gave ${wordsOfShare(stolenShare)} of the processor time to others\n`}`
}

/** Of several runs, one after the other; `result` is undefined of one that did not come about. */
export function tableOfRuns(runs: readonly { name: string; result: RunResult | undefined }[]): string {
  return aligned([
    ['scenario', 'devices', 'messages', 'expected', 'found', 'missed', 'false', 'consequences', 'took', 'verdict'],
    ...runs.map(({ name, result }) => {
      if (result === undefined) return [name, ...Array.from({ length: 8 }, () => '–'), 'did not run']
      const { devices, messages, grade, seconds: took, breaches, behind } = result
      const { expected, found, missed, false: wrong, consequences } = grade.total
      const verdict = behind !== undefined ? 'too fast' : breaches.length > 0 ? `${breaches.length} broken` : 'passed'
      const counts = [devices, messages, expected, found, missed, wrong, consequences].map((n) =>
        n.toLocaleString('en'),
      )
      return [name, ...counts, `${Math.round(took)} s`, verdict]
    }),
  ])
}

function scoresOf({ grade }: RunResult): string {
  return aligned([
    columns.map(([title]) => title),
    ...[...grade.byCode, ['all', grade.total] as const].map(([code, score]) =>
      columns.map(([, cell]) => cell(score, code)),
    ),
  ])
}

/** The first column to the left, the others to the right. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, n) => Math.max(...rows.map((row) => row[n]?.length ?? 0)))
  const lines = rows.map((row) =>
    row.map((cell, n) => (n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))).join('  '),
  )
  return `${lines.join('\n')}\n`
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? '–' : `${(ms / 1_000).toFixed(1)} s`
}
