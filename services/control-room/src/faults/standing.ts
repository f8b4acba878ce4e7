// How it stands with a fault: what has become of it, and who has it. Some exclude each other; any others may be
// asked for together.
import type { Fault } from '@ronda/contracts/fault'

/** In the order in which they are offered. */
export const standings = ['unacknowledged', 'acknowledged', 'active', 'overdue', 'mine', 'shelved'] as const
export type Standing = (typeof standings)[number]

/** No fault has both. */
export const opposites: Readonly<Partial<Record<Standing, Standing>>> = {
  unacknowledged: 'acknowledged',
  acknowledged: 'unacknowledged',
}

const holds: Readonly<Record<Standing, (fault: Fault, person: string) => boolean>> = {
  unacknowledged: ({ acknowledged }) => !acknowledged,
  acknowledged: ({ acknowledged }) => acknowledged,
  active: ({ active }) => active,
  overdue: ({ overdue }) => overdue,
  mine: (fault, person) => holderOf(fault) === person,
  shelved: ({ shelvedUntil }) => shelvedUntil !== undefined,
}

/** `person`: whose desk it is. */
export function hasStanding(fault: Fault, standing: Standing, person: string): boolean {
  return holds[standing](fault, person)
}

/** Who has it: to whom it was given, or else who has taken it on. */
function holderOf({ assignee, acknowledgedBy }: Fault): string | undefined {
  return assignee ?? acknowledgedBy
}

/** Chooses one more, or no longer; what it excludes goes. */
export function toggleStanding(chosen: readonly Standing[], standing: Standing): Standing[] {
  if (chosen.includes(standing)) return chosen.filter((each) => each !== standing)
  return [...chosen.filter((each) => each !== opposites[standing]), standing]
}
