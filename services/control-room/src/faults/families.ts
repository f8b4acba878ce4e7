// Which fault caused which: a parent is one row, and its children fold under it. A child whose parent is not
// among the faults stands on its own.
import type { Fault } from '@ronda/contracts/fault'
import type { OpenFaults } from '../live/fault-store.ts'
import { compareBy } from './order.ts'

export interface Families {
  /** Faults without a cause among them, in no particular order. */
  readonly roots: readonly Fault[]
  /** In the order of the list. */
  childrenOf(id: string): readonly Fault[]
  parentOf(fault: Fault): Fault | undefined
}

const none: readonly Fault[] = []
const compare = compareBy('severity')

export function gatherFamilies(faults: OpenFaults): Families {
  const roots: Fault[] = []
  const children = new Map<string, Fault[]>()
  const parentOf = ({ id, parentId }: Fault) =>
    parentId === undefined || parentId === id ? undefined : faults.get(parentId)
  for (const fault of faults.values()) {
    const parent = parentOf(fault)
    if (parent === undefined) {
      roots.push(fault)
      continue
    }
    const siblings = children.get(parent.id)
    if (siblings === undefined) children.set(parent.id, [fault])
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
        found.sort(compare)
      }
      return found
    },
    parentOf,
  }
}

/** Every fault for itself. */
export function withoutFamilies(faults: OpenFaults): Families {
  return { roots: [...faults.values()], childrenOf: () => none, parentOf: () => undefined }
}
