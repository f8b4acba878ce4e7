// Figures as a readable table, or as one line of JSON each.

export interface Figure {
  suite: string
  figure: string
  value: number
  unit: string
  /** The figure of the baseline in the same run. */
  baseline?: number
  /** To the baseline; their quotient when absent. */
  ratio?: number
  /** What `ratio` (or, without a baseline, `value`) has to reach. */
  target?: number
}

export interface Report {
  note(text: string): void
  add(figure: Figure): void
  end(): void
}

export function createReport({ json }: { json: boolean }): Report {
  const rows: string[][] = []

  function note(text: string): void {
    ;(json ? process.stderr : process.stdout).write(`${text}\n`)
  }

  return {
    note,
    add(figure) {
      const { suite, figure: name, value, unit, baseline, target } = figure
      const ratio = figure.ratio ?? (baseline === undefined ? undefined : value / baseline)
      const met = target === undefined ? undefined : (ratio ?? value) >= target
      if (json) {
        process.stdout.write(
          `${JSON.stringify({ ...figure, ...(ratio === undefined ? {} : { ratio }), ...(met === undefined ? {} : { met }) })}\n`,
        )
        return
      }
      rows.push([
        suite,
        name,
        `${round(value)} ${unit}`,
        baseline === undefined ? '' : `${round(baseline)} ${unit}`,
        ratio === undefined ? '' : ratio.toFixed(2),
        target === undefined ? '' : String(target),
        met === undefined ? '' : met ? 'met' : 'not met',
      ])
    },
    end() {
      if (json) return
      const table = [['suite', 'figure', 'value', 'baseline', 'ratio', 'target', ''], ...rows]
      const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
      for (const row of table)
        note(
          row
            .map((cell, column) => cell.padEnd(widths[column] ?? 0))
            .join('  ')
            .trimEnd(),
        )
    },
  }
}

function round(value: number): string {
  return value >= 1_000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))
}
