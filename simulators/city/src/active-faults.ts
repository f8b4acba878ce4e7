// The faults that a subject has at a moment.
import type { Phase } from '@ronda/contracts/device'
import type { FaultKind } from './fault-kinds.ts'

/** A fault that a subject has now. */
export interface ActiveFault {
  /** ms UTC, stamped. */
  since: number
  /** For faults of a cabinet: the phases it concerns. */
  phases: readonly Phase[]
  /** 0–1: how bad, or which of its forms. */
  degree: number
  /** Of a clock: ms by which it is ahead, negative behind; as the degree has it when absent. */
  skewMs?: number
}

export type ActiveFaults = Readonly<Partial<Record<FaultKind, ActiveFault>>>

export const noFaults: ActiveFaults = Object.freeze({})

/** The kinds of fault that are present; nearly always none. */
export function kindsIn(faults: ActiveFaults): FaultKind[] {
  // Its keys are kinds of fault.
  return faults === noFaults ? [] : (Object.keys(faults) as FaultKind[])
}
