// Where the operator's hand is: the row under the cursor and the faults that are selected. Both are kept by id,
// so they stay with their faults whatever the list does; when the cursor's row goes, it moves to the next one. A
// row that is leaving is still there to be seen, but nobody's choice any more.
import type { Fault } from '@ronda/contracts/fault'
import { type Watchable, createStore } from '../external-store.ts'
import type { FaultListState } from './fault-list.ts'
import { type Row, choosable } from './rows.ts'

interface CursorState {
  /** Of the row. */
  readonly id: string | undefined
  /** Ids of faults. */
  readonly selected: ReadonlySet<string>
}

export interface Cursor extends Watchable<CursorState> {
  /** By so many rows, all of them with Infinity, stopping at the ends; `selecting` selects every row on the way. */
  move(by: number, selecting?: boolean): void
  to(id: string): void
  /** A fault's row, or all of a group. */
  toggle(id: string): void
  /** From the cursor's row to this one. */
  selectTo(id: string): void
  selectAll(selected: boolean): void
  /** The row under the cursor. */
  row(): Row | undefined
  /** The selected faults, or the cursor's own. */
  chosen(): Fault[]
}

const nothing: ReadonlySet<string> = new Set()

export function createCursor(list: Watchable<Pick<FaultListState, 'rows'>>): Cursor {
  const state = createStore<CursorState>({ id: undefined, selected: nothing })
  let index = 0

  const ids = () => list.get().rows.map(({ id }) => id)
  const staying = () => list.get().rows.flatMap(choosable)

  function place(id: string | undefined, selected: ReadonlySet<string> = state.get().selected): void {
    const at = id === undefined ? -1 : ids().indexOf(id)
    if (at !== -1) index = at
    state.set({ id, selected: selected.size === 0 ? nothing : keepStaying(selected) })
  }

  function keepStaying(chosen: ReadonlySet<string>): Set<string> {
    return new Set(staying().flatMap(({ id }) => (chosen.has(id) ? id : [])))
  }

  function between(from: number, to: number): Set<string> {
    const range = ids().slice(Math.min(from, to), Math.max(from, to) + 1)
    return new Set([...state.get().selected, ...range])
  }

  /** The faults of the group that a row is the head of. */
  function membersOf(id: string): readonly Fault[] | undefined {
    const { rows } = list.get()
    const at = rows.findIndex((row) => row.id === id)
    const head = rows[at]
    if (head === undefined || head.fault !== undefined) return undefined
    const next = rows.findIndex((row, i) => i > at && row.fault === undefined)
    return rows.slice(at, next === -1 ? undefined : next).flatMap(choosable)
  }

  list.subscribe(() => {
    const { id, selected } = state.get()
    if (id === undefined && selected.size === 0) return
    const all = ids()
    const at = id === undefined ? -1 : all.indexOf(id)
    const next = id === undefined || at !== -1 ? id : all[Math.min(index, all.length - 1)]
    if (next !== id || keepStaying(selected).size < selected.size) place(next)
    else if (at !== -1) index = at
  })

  return {
    get: state.get,
    subscribe: state.subscribe,
    move(by, selecting = false) {
      const all = ids()
      if (all.length === 0) return
      const { id, selected } = state.get()
      // The first move puts the cursor on the list.
      const entry = by < 0 ? all.length - 1 : 0
      const target = id === undefined && Number.isFinite(by) ? entry : index + by
      const next = Math.max(0, Math.min(all.length - 1, target))
      place(all[next], selecting ? between(id === undefined ? next : index, next) : selected)
    },
    to: (id) => place(id),
    toggle(id) {
      const selected = new Set(state.get().selected)
      const wanted = membersOf(id)?.map((fault) => fault.id) ?? [id]
      const isWhole = wanted.every((each) => selected.has(each))
      for (const each of wanted) {
        if (isWhole) selected.delete(each)
        else selected.add(each)
      }
      place(id, selected)
    },
    selectTo(id) {
      const target = ids().indexOf(id)
      if (target !== -1) place(id, between(state.get().id === undefined ? target : index, target))
    },
    selectAll(all) {
      place(state.get().id, all ? new Set(staying().map(({ id }) => id)) : nothing)
    },
    row: () => list.get().rows.find(({ id }) => id === state.get().id),
    chosen() {
      const { id, selected } = state.get()
      return staying().filter((fault) => (selected.size === 0 ? fault.id === id : selected.has(fault.id)))
    },
  }
}
