// How each place is marked: by the gravest fault there that the view shows. What another fault caused is marked as
// its consequence, which asks for nothing by itself.
import type { Fault, Severity } from '@ronda/contracts/fault'
import { type Scene, survey } from '../faults/survey.ts'
import { rankOf, severities } from '../faults/view.ts'

/**
 * The lower, the graver. First what holds: two for each severity, even while nobody has acknowledged it and odd
 * afterwards, and behind them consequences. Then what is over and not closed yet: one for each severity, and again
 * consequences. Then places where nothing is wrong. One number, so that a cluster's is the lowest of its members'.
 */
export type MarkRank = number

export const activeRank = (severity: Severity, acknowledged: boolean): MarkRank =>
  rankOf(severity) * 2 + (acknowledged ? 1 : 0)
export const consequenceRank: MarkRank = severities.length * 2
export const clearedRank = (severity: Severity): MarkRank => consequenceRank + 1 + rankOf(severity)
export const clearedConsequenceRank: MarkRank = consequenceRank + 1 + severities.length
export const noMark: MarkRank = clearedConsequenceRank + 1

export function isConsequence(rank: MarkRank): boolean {
  return rank === consequenceRank || rank === clearedConsequenceRank
}

export interface Mark {
  readonly rank: MarkRank
  readonly fault: Fault
}

export interface Marks {
  /** By device id. */
  readonly devices: ReadonlyMap<string, Mark>
  /** Of sites and districts, which are no devices: by fault id. */
  readonly areas: ReadonlyMap<string, Mark>
}

export function gatherMarks(scene: Scene): Marks {
  const devices = new Map<string, Mark>()
  const areas = new Map<string, Mark>()

  function put(fault: Fault, rank: MarkRank): void {
    if (fault.kind === 'site' || fault.kind === 'district') {
      areas.set(fault.id, { rank, fault })
      return
    }
    const known = devices.get(fault.deviceId)
    if (known === undefined || rank < known.rank) devices.set(fault.deviceId, { rank, fault })
  }

  function putConsequences(of: Fault): void {
    for (const child of scene.families.childrenOf(of.id)) {
      put(child, child.active ? consequenceRank : clearedConsequenceRank)
      putConsequences(child)
    }
  }

  for (const root of survey(scene).shown) {
    const { severity, active, acknowledged } = root
    put(root, active ? activeRank(severity, acknowledged) : clearedRank(severity))
    putConsequences(root)
  }
  return { devices, areas }
}
