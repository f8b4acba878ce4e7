// How it stands with a fault: who has it, and whether it still holds. Two independent facts.
import type { Fault } from '@ronda/contracts/fault'
import { useAge, useText } from '../context.tsx'
import { CheckIcon } from '../frame/icons.tsx'

export interface FaultStateProps {
  fault: Fault
  /** An acknowledgement is on its way. */
  pending: boolean
}

export function FaultState({ fault, pending }: FaultStateProps) {
  return (
    <>
      <span className="state-handling">
        <Handling fault={fault} pending={pending} />
      </span>
      <span className="state-condition">
        <Condition fault={fault} />
      </span>
    </>
  )
}

function Handling({ fault: { acknowledged, acknowledgedBy }, pending }: FaultStateProps) {
  const { state } = useText()
  if (pending) return <span className="state-pending">{state.acknowledging}</span>
  if (!acknowledged) return <span className="state-open">{state.unacknowledged}</span>
  return (
    <>
      <CheckIcon />
      <span className="visually-hidden">{state.acknowledged} </span>
      {acknowledgedBy ?? state.acknowledged}
    </>
  )
}

function Condition({ fault: { active, clearedAt, closedAt, shelvedUntil } }: { fault: Fault }) {
  const { state } = useText()
  if (closedAt !== undefined) return state.closed
  if (active) return shelvedUntil === undefined ? state.active : state.shelved
  return <Cleared at={clearedAt} />
}

function Cleared({ at }: { at: number | undefined }) {
  const { state } = useText()
  const age = useAge(at ?? 0)
  return at === undefined ? state.clearedPlain : state.cleared(age)
}
