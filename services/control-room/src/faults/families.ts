// Which fault caused which: a parent is one row, and its children fold under it. A child whose parent is not
// among the faults stands on its own.
import type { Fault } from '@ronda/contracts/fault'
import type { OpenFaults } from '../live/fault-store.ts'
import { rankOf } from './view.ts'

export interface Families {
  /** Faults without a cause among them, in no particular order. */
  readonly roots: readonly Fault[]
  /** In the order of the list. */
  childrenOf(id: string): readonly Fault[]
}

const none: readonly Fault[] = []

export function gatherFamilies(faults: OpenFaults): Families {
  const roots: Fault[] = []
  const children = new Map<string, Fault[]>()
  for (const fault of faults.values()) {
    const { parentId } = fault
    if (parentId === undefined || parentId === fault.id || !faults.has(parentId)) {
      roots.push(fault)
      continue
    }
    const siblings = children.get(parentId)
    if (siblings === undefined) children.set(parentId, [fault])
    else siblings.push(fault)
  }
  const sorted = new Set<string>()
  return {
    roots,
    childrenOf(id) {
      const found = children.get(id)
      if (found === undefined) return none
      if (!sorted.has(id)) {
        sorted.add(id)
        found.sort(compareFaults)
      }
      return found
    },
  }
}

/** Gravest first, then newest first; the id makes the order total. */
export function compareFaults(a: Fault, b: Fault): number {
  return rankOf(a.severity) - rankOf(b.severity) || b.raisedAt - a.raisedAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}
