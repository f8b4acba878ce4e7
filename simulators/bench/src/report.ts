// Figures as a readable table, or as one line of JSON each; and which of the targets are met.

export interface Figure {
  suite: string
  figure: string
  value: number
  unit: string
  /** The figure of the baseline in the same run. */
  baseline?: number
  /** To the baseline; their quotient when absent. */
  ratio?: number
  target?: Target
}

/** What a figure has to reach, or may reach at the most: itself, or its ratio to the baseline. */
export type Target = { of: 'value' | 'ratio' } & ({ atLeast: number } | { atMost: number })

export interface Report {
  note(text: string): void
  /** A figure that the system could not tell (NaN) is left out. */
  add(figure: Figure): void
  /** The table, and how many of the targets are met. */
  end(): void
  readonly figures: readonly Figure[]
}

export const columns = ['suite', 'figure', 'value', 'baseline', 'ratio', 'target', '']

export function createReport({ json }: { json: boolean }): Report {
  const figures: Figure[] = []

  function note(text: string): void {
    ;(json ? process.stderr : process.stdout).write(`${text}\n`)
  }

  return {
    note,
    figures,
    add(figure) {
      if (!Number.isFinite(figure.value)) return
      figures.push(figure)
      if (json) process.stdout.write(`${JSON.stringify(lineOf(figure))}\n`)
    },
    end() {
      if (json) return
      const table = [columns, ...figures.map(cellsOf)]
      const widths = columns.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
      for (const row of table)
        note(
          row
            .map((cell, column) => cell.padEnd(widths[column] ?? 0))
            .join('  ')
            .trimEnd(),
        )
      const held = figures.filter(({ target }) => target !== undefined)
      const met = held.filter((figure) => lineOf(figure).met === true)
      note(`${met.length} of ${held.length} targets met`)
    },
  }
}

/** A figure as its line of JSON: `target` is a number, and what it bounds stands beside it. */
export function lineOf(figure: Figure): Record<string, string | number | boolean> {
  const { target, ratio: _, ...rest } = figure
  const ratio = ratioOf(figure)
  return {
    ...rest,
    ...(ratio === undefined ? {} : { ratio }),
    ...(target === undefined
      ? {}
      : {
          target: boundOf(target),
          targetOf: target.of,
          bound: 'atLeast' in target ? 'at least' : 'at most',
          met: isMet(figure, target),
        }),
  }
}

/** A figure as the columns of a table. */
export function cellsOf(figure: Figure): string[] {
  const { suite, figure: name, value, unit, baseline, target } = figure
  return [
    suite,
    name,
    `${round(value)} ${unit}`,
    baseline === undefined ? '' : `${round(baseline)} ${unit}`,
    ratioOf(figure)?.toFixed(2) ?? '',
    target === undefined ? '' : textOf(target, unit),
    target === undefined ? '' : isMet(figure, target) ? 'met' : 'not met',
  ]
}

/** Undefined without a baseline, or with one of 0. */
function ratioOf({ value, baseline, ratio }: Figure): number | undefined {
  const quotient = ratio ?? (baseline === undefined ? Number.NaN : value / baseline)
  return Number.isFinite(quotient) ? quotient : undefined
}

function isMet(figure: Figure, target: Target): boolean {
  const measured = (target.of === 'ratio' ? ratioOf(figure) : figure.value) ?? Number.NaN
  return 'atLeast' in target ? measured >= target.atLeast : measured <= target.atMost
}

function boundOf(target: Target): number {
  return 'atLeast' in target ? target.atLeast : target.atMost
}

function textOf(target: Target, unit: string): string {
  const sign = 'atLeast' in target ? '≥' : '≤'
  return target.of === 'ratio' ? `ratio ${sign} ${boundOf(target)}` : `${sign} ${round(boundOf(target))} ${unit}`
}

function round(value: number): string {
  return value >= 1_000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))
}
