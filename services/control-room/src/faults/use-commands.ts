// The list's keys: single letters wherever the focus is, the others when it is on the list or on nothing in particular.
import type { Fault } from '@ronda/contracts/fault'
import { type RefObject, useEffect, useEffectEvent } from 'react'
import { useRoom, useWording } from '../context.tsx'
import { isFree, isTyping } from '../frame/keyboard.ts'
import { focusTable, tableId } from './fault-table.tsx'
import type { Row } from './rows.ts'
import { actionKeys, assignToMeKey } from './actions/keys.ts'
import { useActions } from './actions/use-actions.ts'
import { actionNames } from './actions/effects.ts'

const pageRows = 10

export function useCommands(search: RefObject<HTMLInputElement | null>): void {
  const { faults, list, cursor, view } = useRoom()
  const { letters } = useWording().preferences
  const actions = useActions()

  /** The open detail goes along with the cursor. */
  function follow(): void {
    const fault = cursor.row()?.fault
    if (fault !== undefined && view.get().open !== undefined) view.change({ open: fault.id })
  }

  function move(by: number, selecting: boolean): void {
    cursor.move(by, selecting)
    follow()
  }

  function fold(unfolded: boolean): void {
    const { rows } = list.get()
    const row = cursor.row()
    if (row === undefined) return
    const index = rows.indexOf(row)
    const parent = rows.findLast((above, at) => at < index && isAbove(above, row))
    // As in any tree: a leaf or a folded row goes up to its parent.
    if (unfolded || row.unfolded) list.toggle(row.id, unfolded)
    else if (parent !== undefined) {
      cursor.to(parent.id)
      follow()
    }
  }

  function openRow(): void {
    const row = cursor.row()
    if (row?.fault !== undefined) view.change({ open: row.id })
    else if (row !== undefined) list.toggle(row.id, !row.unfolded)
  }

  /** What is selected; or else what is open, to which the cursor goes along; or what is under the cursor. */
  function chosen(): Fault[] {
    const { open } = view.get()
    if (open === undefined || cursor.get().selected.size > 0) return cursor.chosen()
    const opened = faults.find(open)
    return opened === undefined ? [] : [opened]
  }

  function leave(): void {
    if (cursor.get().selected.size > 0) cursor.selectAll(false)
    else if (view.get().open !== undefined) view.change({ open: undefined })
  }

  /** Keys that belong to the list when it, or nothing in particular, has the focus. */
  function ofList({ key, shiftKey }: KeyboardEvent): (() => void) | undefined {
    switch (key) {
      case 'ArrowDown':
        return () => move(1, shiftKey)
      case 'ArrowUp':
        return () => move(-1, shiftKey)
      case 'PageDown':
        return () => move(pageRows, shiftKey)
      case 'PageUp':
        return () => move(-pageRows, shiftKey)
      case 'Home':
        return () => move(-Infinity, shiftKey)
      case 'End':
        return () => move(Infinity, shiftKey)
      case 'ArrowRight':
        return () => fold(true)
      case 'ArrowLeft':
        return () => fold(false)
      case 'Enter':
        return openRow
      case ' ':
        return toggleRow
      default:
        return undefined
    }
  }

  function toggleRow(): void {
    const { id } = cursor.get()
    if (id !== undefined) cursor.toggle(id)
  }

  function ofLetters({ key }: KeyboardEvent): (() => void) | undefined {
    switch (key) {
      case 'j':
        return () => move(1, false)
      case 'k':
        return () => move(-1, false)
      case 'J':
        return () => move(1, true)
      case 'K':
        return () => move(-1, true)
      case 'x':
        return toggleRow
      case assignToMeKey:
        return () => actions.assignToMe(chosen())
      case 'n':
        return list.letIn
      case '/':
        return () => search.current?.select()
      default: {
        const action = actionNames.find((name) => actionKeys[name] === key)
        return action === undefined ? undefined : () => actions.want(action, chosen())
      }
    }
  }

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!isFree(event)) return
    if (isTyping(event.target)) {
      if (event.key !== 'Escape') return
      search.current?.blur()
      focusTable()
      return
    }
    const command =
      event.key === 'Escape'
        ? leave
        : ((letters === 'on' ? ofLetters(event) : undefined) ?? (isOnList(event.target) ? ofList(event) : undefined))
    if (command === undefined) return
    event.preventDefault()
    command()
  })

  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event)
    document.addEventListener('keydown', listener)
    return () => document.removeEventListener('keydown', listener)
  }, [])
}

function isOnList(target: EventTarget | null): boolean {
  return target === document.body || (target instanceof Element && target.id === tableId)
}

/** Whether one row is what another is folded under. */
function isAbove(above: Row, row: Row): boolean {
  if (row.fault === undefined) return false
  return above.fault === undefined ? row.depth === 0 : above.depth < row.depth
}
