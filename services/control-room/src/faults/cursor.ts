// Where the operator's hand is: the row under the cursor and the rows that are selected. Both are kept by id,
// so they stay with their faults whatever the list does; when the cursor's row goes, it moves to the next one. A
// row that is leaving is still there to be seen, but nobody's choice any more.
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
  const staying = () => list.get().rows.flatMap(({ fault, leaving }) => (leaving ? [] : fault))

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
      return staying().filter((fault) => (selected.size === 0 ? fault.id === id : selected.has(fault.id)))
    },
  }
}
