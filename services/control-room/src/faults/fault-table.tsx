// The list as a tree grid: one place in the tab order, a cursor moved by keys, only the rows in sight drawn.
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useRoom, useText, useWatched, useWording } from '../context.tsx'
import type { Row } from './fault-list.ts'
import { FaultRow, rowId } from './fault-row.tsx'
import { useAcknowledge } from './use-acknowledge.ts'
import { useRowHeight } from './use-row-height.ts'
import { useRowsWindow } from './use-rows-window.ts'
import { useStillRows } from './use-still-rows.ts'

export const tableId = 'faults'

/** Gives the keys to the list. */
export function focusTable(): void {
  document.getElementById(tableId)?.focus({ preventScroll: true })
}

export function FaultTable({ rows }: { rows: readonly Row[] }) {
  const { list, cursor, acknowledger, view } = useRoom()
  const text = useText()
  const { open } = useWatched(view)
  const { id: cursorId, selected } = useWatched(cursor)
  const pending = useWatched(acknowledger.pending)
  const acknowledge = useAcknowledge()
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const head = useRef<HTMLDivElement>(null)
  const [held, setHeld] = useState(false)
  const rowPx = useRowHeight()
  const { first, end } = useRowsWindow(scroller, rows.length, rowPx)
  useStillRows(scroller, content, held)

  function hold(next: boolean): void {
    setHeld(next)
    list.hold(next)
  }
  useEffect(() => () => list.hold(false), [list])

  const cursorIndex = cursorId === undefined ? -1 : rows.findIndex(({ fault }) => fault.id === cursorId)
  // The cursor's row stays in sight wherever the keys take it; rows that come and go scroll nothing.
  const reveal = useEffectEvent(() => {
    const element = scroller.current
    if (element === null || cursorIndex === -1) return
    const topPx = cursorIndex * rowPx
    const bottomPx = topPx + rowPx - (element.clientHeight - (head.current?.offsetHeight ?? 0))
    if (element.scrollTop > topPx) element.scrollTop = topPx
    else if (element.scrollTop < bottomPx) element.scrollTop = bottomPx
  })
  useEffect(() => reveal(), [cursorId])

  const staying = rows.reduce((count, { leaving }) => (leaving ? count : count + 1), 0)
  const isDrawn = cursorIndex >= first && cursorIndex < end
  return (
    <div
      ref={scroller}
      role="treegrid"
      id={tableId}
      className={rows.length === 0 ? 'table table-empty' : 'table'}
      tabIndex={0}
      aria-label={text.list.label}
      aria-rowcount={rows.length + 1}
      aria-multiselectable
      {...(isDrawn && cursorId !== undefined ? { 'aria-activedescendant': rowId(cursorId) } : {})}
      onPointerEnter={(event) => event.pointerType !== 'touch' && hold(true)}
      onPointerLeave={() => hold(false)}
    >
      <div ref={content} className="table-content" role="presentation">
        <div ref={head} role="rowgroup" className="table-head">
          <TableHead all={selected.size > 0 && selected.size === staying} some={selected.size > 0} />
        </div>
        <div role="rowgroup" className="table-body" style={{ height: rows.length * rowPx }}>
          {rows.slice(first, end).map((row, offset) => (
            <FaultRow
              key={row.fault.id}
              {...row}
              index={first + offset}
              topPx={(first + offset) * rowPx}
              isCursor={row.fault.id === cursorId}
              isSelected={selected.has(row.fault.id)}
              isOpen={row.fault.id === open}
              pending={pending.has(row.fault.id)}
              onAcknowledge={acknowledge}
            />
          ))}
        </div>
      </div>
    </div>
  )
}

function TableHead({ all, some }: { all: boolean; some: boolean }) {
  const { cursor } = useRoom()
  const { text } = useWording()
  const { list } = text
  const columns = ['severity', 'what', 'where', 'age', 'state'] as const
  return (
    <div role="row" className="head-row" aria-rowindex={1}>
      <div role="columnheader" className="cell cell-select">
        <input
          type="checkbox"
          checked={all}
          aria-label={list.selectAll}
          ref={(box) => {
            if (box !== null) box.indeterminate = some && !all
          }}
          onChange={() => cursor.selectAll(!all)}
        />
      </div>
      {columns.map((column) => (
        <div key={column} role="columnheader" className={`cell cell-${column}`}>
          {list[column]}
        </div>
      ))}
    </div>
  )
}
