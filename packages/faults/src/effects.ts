// What came of the engine's steps, gathered until it is taken: events, changed fault rows, device status, verdicts
// and the engine's own rows. Rows are whole values by key and encoded only when they are taken, so that a row that
// changes with every reading costs a mark.
import type { Verdict } from '@ronda/contracts/action'
import type { FaultEvent, FaultRow } from '@ronda/contracts/fault'
import type { MaintenanceWindow } from '@ronda/contracts/maintenance'

/** A private row of the engine's state by key; undefined when it is to be deleted. */
export interface StateRow {
  key: string
  value: unknown
}

/** What came of the steps since the last time it was taken, to be written as one with the cursor. */
export interface Effects {
  events: FaultEvent[]
  /** Faults that changed, by id; a closed one has `fault.closedAt`. */
  faults: Map<string, FaultRow>
  /**
   * Faults that had been closed when last taken and were opened again since, by id, with that `closedAt`: their
   * rows of the archive are to be deleted, also when `faults` has them closed anew.
   */
  reopened: Map<string, number>
  /** Device status that changed, by device id. */
  statuses: Map<string, { online: boolean; at: number; topic: string }>
  verdicts: Verdict[]
  /** Maintenance windows that changed, by id. */
  windows: Map<string, MaintenanceWindow>
  /** Each key at most once. */
  state: StateRow[]
}

/** Something that is kept in a state row. */
export interface Kept {
  readonly key: string
  /** Changed since it was last taken; the outbox's own. */
  touched: boolean
  /** As it is now: plain data without undefined inside. Told which it is, so that one function does for all of a kind. */
  encode(kept: Kept): unknown
}

export interface Outbox {
  event(event: FaultEvent, row: FaultRow): void
  /** A fault's row changed in what is no event. */
  row(row: FaultRow): void
  reopened(faultId: string, closedAt: number): void
  status(deviceId: string, status: { online: boolean; at: number; topic: string }): void
  verdict(verdict: Verdict): void
  window(window: MaintenanceWindow): void
  /** Marks a row as changed. */
  touch(kept: Kept): void
  /** The row is to be deleted, unless another one of the same key is touched later. */
  drop(kept: Kept): void
  /** The row of that key is to be deleted, unless one is touched before or later. */
  forget(key: string): void
  readonly hasNews: boolean
  /** Rows that have changed since the last take. */
  readonly changed: number
  take(): Effects
}

export function createOutbox(): Outbox {
  let effects = noEffects()
  let touched: Kept[] = []
  const dropped = new Set<string>()

  return {
    event(event, row) {
      effects.events.push(event)
      effects.faults.set(row.fault.id, row)
    },
    row(row) {
      effects.faults.set(row.fault.id, row)
    },
    reopened(faultId, closedAt) {
      // Of several closings since the last take, only the first can have been before it.
      if (!effects.reopened.has(faultId)) effects.reopened.set(faultId, closedAt)
    },
    status(deviceId, status) {
      effects.statuses.set(deviceId, status)
    },
    verdict(verdict) {
      effects.verdicts.push(verdict)
    },
    window(window) {
      effects.windows.set(window.id, window)
    },
    touch(kept) {
      if (kept.touched) return
      kept.touched = true
      touched.push(kept)
    },
    drop(kept) {
      if (kept.touched) touched = touched.filter((each) => each !== kept)
      kept.touched = false
      dropped.add(kept.key)
    },
    forget: (key) => void dropped.add(key),
    get hasNews() {
      return effects.events.length > 0 || effects.verdicts.length > 0
    },
    get changed() {
      return touched.length + dropped.size + effects.faults.size + effects.statuses.size
    },
    take() {
      const taken = effects
      for (const kept of touched) {
        kept.touched = false
        if (dropped.size > 0) dropped.delete(kept.key)
        taken.state.push({ key: kept.key, value: kept.encode(kept) })
      }
      for (const key of dropped) taken.state.push({ key, value: undefined })
      effects = noEffects()
      touched = []
      dropped.clear()
      return taken
    },
  }
}

function noEffects(): Effects {
  return {
    events: [],
    faults: new Map(),
    reopened: new Map(),
    statuses: new Map(),
    verdicts: [],
    windows: new Map(),
    state: [],
  }
}
