// What is expected of a fault next, and by when: an acknowledgement until somebody has given it, then the repair.
import type { Fault } from '@ronda/contracts/fault'

export interface Due {
  readonly what: 'response' | 'repair'
  /** ms UTC. */
  readonly at: number
}

/** undefined when nothing is expected of anybody, because it is over, or its agency has no targets for it. */
export function dueOf({ dueAt, acknowledged, active }: Fault): Due | undefined {
  if (dueAt === undefined || !active) return undefined
  return acknowledged ? { what: 'repair', at: dueAt.repair } : { what: 'response', at: dueAt.response }
}
