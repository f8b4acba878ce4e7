// The list's keys: single letters wherever the focus is, the others when it is on the list or on nothing in particular.
import { type RefObject, useEffect, useEffectEvent } from 'react'
import { useRoom, useWording } from '../context.tsx'
import { isFree, isTyping } from '../frame/keyboard.ts'
import { focusTable, tableId } from './fault-table.tsx'
import { useAcknowledge } from './use-acknowledge.ts'

const pageRows = 10

export function useCommands(search: RefObject<HTMLInputElement | null>): void {
  const { list, cursor, view } = useRoom()
  const { letters } = useWording().preferences
  const acknowledge = useAcknowledge()

  /** The open detail goes along with the cursor. */
  function follow(): void {
    const { id } = cursor.get()
    if (id !== undefined && view.get().open !== undefined) view.change({ open: id })
  }

  function move(by: number, selecting: boolean): void {
    cursor.move(by, selecting)
    follow()
  }

  function fold(unfolded: boolean): void {
    const { id } = cursor.get()
    const rows = list.get().rows
    const index = rows.findIndex(({ fault }) => fault.id === id)
    const row = rows[index]
    if (row === undefined) return
    const parent = rows.findLast((above, at) => at < index && above.depth < row.depth)
    // As in any tree: a leaf or a folded row goes up to its parent.
    if (unfolded || row.unfolded) list.toggle(row.fault.id, unfolded)
    else if (parent !== undefined) {
      cursor.to(parent.fault.id)
      follow()
    }
  }

  function openRow(): void {
    const { id } = cursor.get()
    if (id !== undefined) view.change({ open: id })
  }

  function acknowledgeChosen(): void {
    const chosen = cursor.chosen()
    if (chosen.length > 0) acknowledge(chosen)
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
      case 'a':
        return acknowledgeChosen
      case 'n':
        return list.letIn
      case '/':
        return () => search.current?.select()
      default:
        return undefined
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
