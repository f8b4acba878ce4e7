// How it stands with a fault: who has it, and whether it still holds. Independent facts, and what an operator has
// asked for and nobody has decided yet.
import type { Fault } from '@ronda/contracts/fault'
import { useAge, useRoom, useText, useTimes } from '../context.tsx'
import { CheckIcon } from '../frame/icons.tsx'
import { AssigneeIcon, MaintenanceIcon, ShelvedIcon } from './icons.tsx'
import type { PendingAction } from './actions/performer.ts'

export interface FaultStateProps {
  /** As it will be, while an action is on its way. */
  fault: Fault
  pending: PendingAction | undefined
}

export function FaultState({ fault, pending }: FaultStateProps) {
  return (
    <>
      <span className="state-handling">
        <Handling fault={fault} pending={pending} />
      </span>
      <span className="state-condition">
        <Condition fault={fault} />
        <Assignee fault={fault} />
      </span>
    </>
  )
}

function Handling({ fault: { acknowledged, acknowledgedBy }, pending }: FaultStateProps) {
  const { state, actions } = useText()
  if (pending !== undefined) {
    return (
      <span className="state-pending">{pending.isTaken ? state.taken : actions[pending.request.action].pending}</span>
    )
  }
  if (!acknowledged) return <span className="state-open">{state.unacknowledged}</span>
  return (
    <>
      <CheckIcon />
      <span className="visually-hidden">{state.acknowledged} </span>
      <span className="state-who">{acknowledgedBy ?? state.acknowledged}</span>
    </>
  )
}

function Condition({ fault }: { fault: Fault }) {
  const { state } = useText()
  const { active, clearedAt, closedAt, shelvedUntil } = fault
  if (closedAt !== undefined) return <span>{state.closed}</span>
  if (shelvedUntil !== undefined) return <Held fault={fault} until={shelvedUntil} />
  return <span>{active ? state.active : <Cleared at={clearedAt} />}</span>
}

/** Held back, by somebody or by a maintenance window. */
function Held({ fault: { maintenance }, until }: { fault: Fault; until: number }) {
  const { clock } = useRoom()
  const { state } = useText()
  const times = useTimes()
  const moment = times.moment(until, clock.now())
  return (
    <span className="state-held" title={times.exact(until)}>
      {maintenance === undefined ? <ShelvedIcon /> : <MaintenanceIcon />}
      <span className="state-who">{maintenance === undefined ? state.shelved(moment) : state.maintenance(moment)}</span>
    </span>
  )
}

export function Cleared({ at }: { at: number | undefined }) {
  const { state } = useText()
  const age = useAge(at ?? 0)
  return at === undefined ? state.clearedPlain : state.cleared(age)
}

function Assignee({ fault: { assignee } }: { fault: Fault }) {
  const { detail } = useText()
  if (assignee === undefined) return null
  return (
    <span className="state-assignee" title={`${detail.assignee} ${assignee}`}>
      <AssigneeIcon />
      <span className="visually-hidden">{detail.assignee} </span>
      <span className="state-who">{assignee}</span>
    </span>
  )
}
