// What a device knows of its own faults, as it puts it into `faults`.
import { kindsIn } from '../active-faults.ts'
import { type FaultKind, factsOf } from '../fault-kinds.ts'
import type { Unit } from '../unit.ts'

/** Codes, in the order in which the faults began; `isShown` says which of them can be seen now. */
export function reportedFaults({ faults }: Unit, isShown: (kind: FaultKind) => boolean = () => true): string[] {
  return kindsIn(faults).flatMap((kind) => (isShown(kind) ? (factsOf(kind).reports ?? []) : []))
}
