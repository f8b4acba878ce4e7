// What can be done with the selected faults, and with how many of them.
import type { Fault } from '@ronda/contracts/fault'
import { useRoom, useText } from '../context.tsx'
import { actionNames } from './actions/effects.ts'
import { actionKeys } from './actions/keys.ts'
import { useActions } from './actions/use-actions.ts'

export function SelectionBar({ chosen }: { chosen: readonly Fault[] }) {
  const { cursor } = useRoom()
  const { actions: words, selection } = useText()
  const actions = useActions()
  const offered = actionNames.flatMap((action) => {
    const doable = chosen.filter((fault) => actions.can(action, fault))
    return doable.length === 0 ? [] : { action, doable }
  })
  return (
    <div className="list-foot list-foot-selection" role="toolbar" aria-label={selection.label}>
      <span className="selected-count" role="status">
        {selection.selected(chosen.length)}
      </span>
      {offered.map(({ action, doable }) => (
        <button
          key={action}
          type="button"
          className={`button button-small${action === 'acknowledge' ? ' button-strong' : ''}`}
          aria-keyshortcuts={actionKeys[action]}
          onClick={() => actions.want(action, doable)}
        >
          {doable.length === chosen.length ? words[action].name : selection.some(words[action].name, doable.length)}
          <kbd aria-hidden="true">{actionKeys[action]}</kbd>
        </button>
      ))}
      <span className="spring" />
      <button type="button" className="button button-small" onClick={() => cursor.selectAll(false)}>
        {selection.clear}
        <kbd aria-hidden="true">Esc</kbd>
      </button>
    </div>
  )
}
