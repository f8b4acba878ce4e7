// One row of figures under its headings, for the end of a command.

/** Two lines, each column as wide as it needs to be. */
export function rowOf(columns: readonly (readonly [heading: string, cell: string])[]): string {
  const line = (part: 0 | 1) =>
    columns.map((column) => column[part].padStart(Math.max(column[0].length, column[1].length))).join('  ')
  return `${line(0)}\n${line(1)}\n`
}
