// Where the operator's hand is: the row under the cursor and the rows that are selected. Both are kept by id,
// so they stay with their faults whatever the list does; when the cursor's row goes, it moves to the next one.
import type { Fault } from '@ronda/contracts/fault'
import { type Watchable, createStore } from '../external-store.ts'
import type { FaultListState } from './fault-list.ts'

interface CursorState {
  readonly id: string | undefined
  readonly selected: ReadonlySet<string>
}

export interface Cursor extends Watchable<CursorState> {
  /** By so many rows, all of them with Infinity, stopping at the ends; `selecting` selects every row on the way. */
  move(by: number, selecting?: boolean): void
  to(id: string): void
  toggle(id: string): void
  /** From the cursor's row to this one. */
  selectTo(id: string): void
  selectAll(selected: boolean): void
  /** The selected faults, or the cursor's own. */
  chosen(): Fault[]
}

const nothing: ReadonlySet<string> = new Set()

export function createCursor(list: Watchable<FaultListState>): Cursor {
  const state = createStore<CursorState>({ id: undefined, selected: nothing })
  let index = 0

  const ids = () => list.get().rows.map(({ fault }) => fault.id)

  function place(id: string | undefined, selected: ReadonlySet<string> = state.get().selected): void {
    const at = id === undefined ? -1 : ids().indexOf(id)
    if (at !== -1) index = at
    state.set({ id, selected })
  }

  function between(from: number, to: number): Set<string> {
    const range = ids().slice(Math.min(from, to), Math.max(from, to) + 1)
    return new Set([...state.get().selected, ...range])
  }

  list.subscribe(() => {
    const { id, selected } = state.get()
    if (id === undefined && selected.size === 0) return
    const all = ids()
    const present = new Set(all)
    const kept = [...selected].filter((each) => present.has(each))
    const next = id === undefined || present.has(id) ? id : all[Math.min(index, all.length - 1)]
    if (next !== id || kept.length < selected.size) place(next, new Set(kept))
    else if (id !== undefined) index = all.indexOf(id)
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
      if (!selected.delete(id)) selected.add(id)
      place(id, selected)
    },
    selectTo(id) {
      const target = ids().indexOf(id)
      if (target !== -1) place(id, between(state.get().id === undefined ? target : index, target))
    },
    selectAll(all) {
      place(state.get().id, all ? new Set(ids()) : nothing)
    },
    chosen() {
      const { id, selected } = state.get()
      return list
        .get()
        .rows.filter(({ fault }) => (selected.size === 0 ? fault.id === id : selected.has(fault.id)))
        .map(({ fault }) => fault)
    },
  }
}
