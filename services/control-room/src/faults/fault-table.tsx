// The list as a tree grid: one place in the tab order, a cursor moved by keys, only the rows in sight drawn.
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useRoom, useText, useWatched } from '../context.tsx'
import { useActions } from './actions/use-actions.ts'
import { FaultRow, rowId } from './fault-row.tsx'
import { GroupRow } from './group-row.tsx'
import { SortedIcon } from './icons.tsx'
import { type Row, choosable } from './rows.ts'
import type { Order } from './view.ts'
import { useRowHeight } from './use-row-height.ts'
import { useRowsWindow } from './use-rows-window.ts'
import { useStillRows } from './use-still-rows.ts'

export const tableId = 'faults'

/** Gives the keys to the list. */
export function focusTable(): void {
  document.getElementById(tableId)?.focus({ preventScroll: true })
}

export function FaultTable({ rows }: { rows: readonly Row[] }) {
  const { list, cursor, performer, view } = useRoom()
  const text = useText()
  const { open } = useWatched(view)
  const { id: cursorId, selected } = useWatched(cursor)
  const pending = useWatched(performer.pending)
  const actions = useActions()
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

  const cursorIndex = cursorId === undefined ? -1 : rows.findIndex(({ id }) => id === cursorId)
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

  const staying = rows.reduce((count, row) => count + choosable(row).length, 0)
  const isDrawn = cursorIndex >= first && cursorIndex < end
  return (
    <div
      ref={scroller}
      role="treegrid"
      id={tableId}
      className={`table${rows.length === 0 ? ' table-empty' : ''}${selected.size > 0 ? ' table-selecting' : ''}`}
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
          {rows.slice(first, end).map((row, offset) => {
            const place = { index: first + offset, topPx: (first + offset) * rowPx, isCursor: row.id === cursorId }
            if (row.fault === undefined) return <GroupRow key={row.id} row={row} {...place} />
            return (
              <FaultRow
                key={row.id}
                {...row}
                {...place}
                isSelected={selected.has(row.id)}
                isOpen={row.id === open}
                pending={pending.get(row.id)}
                actions={actions}
              />
            )
          })}
        </div>
      </div>
    </div>
  )
}

/** Columns by which the list can be sorted. */
const orderOf: Readonly<Partial<Record<string, Order>>> = { severity: 'severity', age: 'age', due: 'due' }

function TableHead({ all, some }: { all: boolean; some: boolean }) {
  const { cursor } = useRoom()
  const { list } = useText()
  const columns = ['severity', 'what', 'where', 'age', 'due', 'state'] as const
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
        <ColumnHead key={column} column={column} order={orderOf[column]} />
      ))}
    </div>
  )
}

interface ColumnHeadProps {
  column: 'severity' | 'what' | 'where' | 'age' | 'due' | 'state'
  order: Order | undefined
}

function ColumnHead({ column, order }: ColumnHeadProps) {
  const { view } = useRoom()
  const current = useWatched(view).order
  const { list } = useText()
  const isSorted = order !== undefined && order === current
  return (
    <div
      role="columnheader"
      className={`cell cell-${column}`}
      // The gravest, the newest and what is due first are on top.
      {...(isSorted ? { 'aria-sort': order === 'age' ? 'descending' : 'ascending' } : {})}
    >
      {order === undefined ? (
        list[column]
      ) : (
        <button
          type="button"
          className={isSorted ? 'sort sort-on' : 'sort'}
          title={list.sortBy(list[column])}
          onClick={() => view.change({ order })}
        >
          {list[column]}
          {isSorted && <SortedIcon />}
        </button>
      )}
    </div>
  )
}
