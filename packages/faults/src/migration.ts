// The version of the engine's rows, and the way from older ones. Members that are added to a row and may be absent
// need no new version: where they are absent, things are as they were before there were any. Anything else does
// (a member that goes, or means something else; another key; another unit), with a step in the table and rows of
// the version before as a fixture in ../test.
import { AppError } from '@ronda/contracts/errors'
import type { StateRow } from './effects.ts'

/** All rows of one version as those of the next. */
type Step = (rows: readonly StateRow[]) => readonly StateRow[]

/** From version 0, which did not say so in the engine's own row, to 1, which does; and so on. */
const steps: readonly Step[] = [(rows) => rows]

export const stateVersion = steps.length

/** Rows as this version writes them; throws `data_dir_newer` when a newer one wrote them. */
export function migrate(rows: readonly StateRow[], version: number): readonly StateRow[] {
  if (version > stateVersion) {
    throw new AppError(
      'data_dir_newer',
      `the fault engine's state has rows of version ${version}, this version of Ronda reads them up to ` +
        `${stateVersion}: start the one that wrote them, or a newer one`,
    )
  }
  return steps.slice(version).reduce((before, step) => step(before), rows)
}
