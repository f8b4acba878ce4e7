// One row of the list.
import { type MouseEvent, memo } from 'react'
import { foresee } from './actions/effects.ts'
import type { PendingAction } from './actions/performer.ts'
import type { Actions } from './actions/use-actions.ts'
import { useRoom, useText, useWording } from '../context.tsx'
import { ChevronDownIcon, ChevronRightIcon } from '../frame/icons.tsx'
import { Age } from './age.tsx'
import { DueTime } from './due-time.tsx'
import { FaultState } from './fault-state.tsx'
import type { FaultRow as Row } from './rows.ts'
import { FaultMark } from './severity-mark.tsx'

export interface FaultRowProps extends Row {
  /** From 0. */
  index: number
  topPx: number
  isCursor: boolean
  isSelected: boolean
  /** Its detail is open. */
  isOpen: boolean
  /** What was asked of it and is not decided yet. */
  pending: PendingAction | undefined
  actions: Actions
}

export function rowId(faultId: string): string {
  return `row-${faultId}`
}

export const FaultRow = memo(function FaultRow(props: FaultRowProps) {
  const { id, index, topPx, depth, members, unfolded, leaving, isCursor, isSelected, isOpen, pending, actions } = props
  const room = useRoom()
  const { text, preferences } = useWording()
  const fault = pending === undefined ? props.fault : foresee(props.fault, pending)
  const { severity, acknowledged, active, shelvedUntil } = fault
  const what = fault.message[preferences.language]
  const looks = [
    'row',
    acknowledged && 'row-handled',
    shelvedUntil !== undefined && 'row-held',
    !active && 'row-cleared',
    depth > 0 && 'row-member',
    leaving && 'row-leaving',
    isCursor && 'row-cursor',
    isSelected && 'row-selected',
    isOpen && 'row-open',
  ]

  function choose(event: MouseEvent): void {
    if (event.shiftKey) room.cursor.selectTo(id)
    else if (event.ctrlKey || event.metaKey) room.cursor.toggle(id)
    else {
      room.cursor.to(id)
      room.view.change({ open: id })
    }
  }

  return (
    <div
      role="row"
      id={rowId(id)}
      className={looks.filter(Boolean).join(' ')}
      style={{ transform: `translateY(${topPx}px)` }}
      aria-rowindex={index + 2}
      aria-level={depth + 1}
      aria-selected={isSelected}
      {...(members > 0 ? { 'aria-expanded': unfolded } : {})}
      onClick={choose}
    >
      <div role="gridcell" className="cell cell-select">
        <input
          type="checkbox"
          tabIndex={-1}
          checked={isSelected}
          disabled={leaving}
          aria-label={text.list.select(what)}
          onChange={() => room.cursor.toggle(id)}
          onClick={(event) => event.stopPropagation()}
        />
      </div>
      <div role="gridcell" className={`cell cell-severity severity-${severity}`}>
        <FaultMark fault={fault} isQuiet={depth > 0} />
        <span className="word">{text.severity[severity]}</span>
      </div>
      <div role="gridcell" className="cell cell-what" style={{ paddingInlineStart: `${depth * 1.25}rem` }}>
        <span className="what-line">
          <span className="what">{what}</span>
          {fault.occurrences > 1 && (
            <span className="occurrences" title={text.list.occurrences(fault.occurrences)}>
              ×{fault.occurrences}
            </span>
          )}
        </span>
        <span className="what-line">
          {members > 0 && <Fold {...props} />}
          <code className="code">{fault.code}</code>
        </span>
      </div>
      <div role="gridcell" className="cell cell-where">
        <span className="where-device">{fault.name}</span>
        <span className="where-place">{room.districtName(fault.district)}</span>
      </div>
      <div role="gridcell" className="cell cell-age">
        <Age since={fault.raisedAt} />
      </div>
      <div role="gridcell" className="cell cell-due">
        <DueTime fault={fault} />
      </div>
      <div role="gridcell" className="cell cell-state">
        <FaultState fault={fault} pending={pending} />
        {pending === undefined && !leaving && actions.can('acknowledge', fault) && (
          <QuickAcknowledge what={what} onPress={() => actions.want('acknowledge', [fault])} />
        )}
      </div>
    </div>
  )
})

/** What it caused: how much of it, and the way to see it. */
function Fold({ id, members, memberKind, unfolded }: Row) {
  const { list } = useRoom()
  const text = useText()
  const label = text.list.members(members, memberKind)
  return (
    <button
      type="button"
      className="fold"
      tabIndex={-1}
      aria-label={unfolded ? text.list.fold(label) : text.list.unfold(label)}
      onClick={(event) => {
        event.stopPropagation()
        list.toggle(id, !unfolded)
      }}
    >
      {unfolded ? <ChevronDownIcon /> : <ChevronRightIcon />}
      {label}
    </button>
  )
}

function QuickAcknowledge({ what, onPress }: { what: string; onPress: () => void }) {
  const { actions, selection } = useText()
  return (
    <button
      type="button"
      className="button button-small quick-acknowledge"
      tabIndex={-1}
      aria-label={selection.acknowledgeWhich(what)}
      onClick={(event) => {
        event.stopPropagation()
        onPress()
      }}
    >
      {actions.acknowledge.name}
    </button>
  )
}
