// One row of the list.
import type { Fault } from '@ronda/contracts/fault'
import { type MouseEvent, memo } from 'react'
import { useRoom, useText, useWording } from '../context.tsx'
import { ChevronDownIcon, ChevronRightIcon } from '../frame/icons.tsx'
import { Age } from './age.tsx'
import type { Row } from './fault-list.ts'
import { FaultState } from './fault-state.tsx'
import { SeverityMark } from './severity-mark.tsx'

export interface FaultRowProps extends Row {
  /** From 0. */
  index: number
  topPx: number
  isCursor: boolean
  isSelected: boolean
  /** Its detail is open. */
  isOpen: boolean
  pending: boolean
  onAcknowledge: (faults: readonly Fault[]) => void
}

export function rowId(faultId: string): string {
  return `row-${faultId}`
}

export const FaultRow = memo(function FaultRow(props: FaultRowProps) {
  const { fault, index, topPx, depth, members, unfolded, leaving, isCursor, isSelected, isOpen, pending } = props
  const { id, severity, acknowledged, active, overdue } = fault
  const room = useRoom()
  const { text, preferences } = useWording()
  const what = fault.message[preferences.language]
  const handled = acknowledged || pending
  const looks = [
    'row',
    handled && 'row-handled',
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
        <SeverityMark severity={severity} quiet={handled || depth > 0} />
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
        {overdue && <span className="overdue">{text.state.overdue}</span>}
      </div>
      <div role="gridcell" className="cell cell-state">
        <FaultState fault={fault} pending={pending} />
        {!handled && !leaving && <QuickAcknowledge {...props} what={what} />}
      </div>
    </div>
  )
})

/** What it caused: how much of it, and the way to see it. */
function Fold({ fault, members, memberKind, unfolded }: FaultRowProps) {
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
        list.toggle(fault.id, !unfolded)
      }}
    >
      {unfolded ? <ChevronDownIcon /> : <ChevronRightIcon />}
      {label}
    </button>
  )
}

function QuickAcknowledge({ fault, what, onAcknowledge }: FaultRowProps & { what: string }) {
  const { actions } = useText()
  return (
    <button
      type="button"
      className="button button-small quick-acknowledge"
      tabIndex={-1}
      aria-label={actions.acknowledgeWhich(what)}
      onClick={(event) => {
        event.stopPropagation()
        onAcknowledge([fault])
      }}
    >
      {actions.acknowledge}
    </button>
  )
}
