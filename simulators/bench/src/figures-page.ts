// docs/benchmarks.md: what was measured last of each suite, on what and when. Written by `--write`, a suite at a time.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Figure, cellsOf, columns } from './report.ts'

const page = join(import.meta.dirname, '../../../docs/benchmarks.md')

export interface Measured {
  suite: string
  /** The machine, the versions and the day. */
  machine: string
  /** What it measures. */
  about: string
  figures: readonly Figure[]
}

/** Puts each suite's new figures in place of what the page had of it. */
export function writeFigures(measured: readonly Measured[]): void {
  writeFileSync(page, measured.reduce(replaceSection, readFileSync(page, 'utf8')))
}

/** A suite that the page does not have comes last. */
export function replaceSection(text: string, { suite, machine, about, figures }: Measured): string {
  const [begin, end] = [`<!-- ${suite}:begin -->`, `<!-- ${suite}:end -->`]
  const rows = [columns, columns.map(() => '---'), ...figures.map(cellsOf)]
  const table = rows.map((cells) => `| ${cells.slice(1).join(' | ')} |`).join('\n')
  const section = [begin, `## ${suite}`, `${about} Measured on ${machine}.`, table, end].join('\n\n')
  const from = text.indexOf(begin)
  if (from === -1) return `${text.trimEnd()}\n\n${section}\n`
  return text.slice(0, from) + section + text.slice(text.indexOf(end, from) + end.length)
}
