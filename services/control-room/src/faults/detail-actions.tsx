// What can be done with the opened fault. What it asks for first stands first, and alone.
import type { Fault } from '@ronda/contracts/fault'
import { useRoom, useText } from '../context.tsx'
import { actionNames } from './actions/effects.ts'
import { actionKeys, assignToMeKey } from './actions/keys.ts'
import type { PendingAction } from './actions/performer.ts'
import { useActions } from './actions/use-actions.ts'

export interface DetailActionsProps {
  fault: Fault
  pending: PendingAction | undefined
}

export function DetailActions({ fault, pending }: DetailActionsProps) {
  const { session } = useRoom()
  const { actions: words, asking } = useText()
  const actions = useActions()
  const isPending = pending !== undefined
  const others = actionNames.filter((action) => action !== 'acknowledge' && actions.can(action, fault))
  const isAcknowledging = pending?.request.action === 'acknowledge'
  return (
    <div className="detail-actions">
      {(actions.can('acknowledge', fault) || isAcknowledging) && (
        <button
          type="button"
          className="button button-strong detail-acknowledge"
          disabled={isPending}
          aria-keyshortcuts={actionKeys.acknowledge}
          onClick={() => actions.want('acknowledge', [fault])}
        >
          {isAcknowledging ? words.acknowledge.pending : words.acknowledge.name}
          <kbd aria-hidden="true">{actionKeys.acknowledge}</kbd>
        </button>
      )}
      <div className="detail-others">
        {fault.assignee !== session.name && actions.can('assign', fault) && (
          <button
            type="button"
            className="button button-small"
            disabled={isPending}
            aria-keyshortcuts={assignToMeKey}
            onClick={() => actions.assignToMe([fault])}
          >
            {asking.assignMe}
            <kbd aria-hidden="true">{assignToMeKey}</kbd>
          </button>
        )}
        {others.map((action) => (
          <button
            key={action}
            type="button"
            className="button button-small"
            disabled={isPending}
            aria-keyshortcuts={actionKeys[action]}
            onClick={() => actions.want(action, [fault])}
          >
            {words[action].name}
            <kbd aria-hidden="true">{actionKeys[action]}</kbd>
          </button>
        ))}
      </div>
    </div>
  )
}
