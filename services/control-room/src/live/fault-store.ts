// The open faults as the server last told them. The live client and the answers to actions write it, the list
// and the detail read it. However many faults change, readers are told once per drawing.
import type { Fault } from '@ronda/contracts/fault'
import type { Watchable } from '../external-store.ts'

/** By id; a map that is never changed: a change makes the next one. */
export type OpenFaults = ReadonlyMap<string, Fault>

export interface FaultStore extends Watchable<OpenFaults> {
  /** The newest word on one fault, at once. */
  find(id: string): Fault | undefined
  /**
   * What was last said of a fault that the newest change has closed. Whoever goes on showing it takes it over
   * when told of the change: with the next one it is forgotten.
   */
  lastWord(id: string): Fault | undefined
  /** A whole snapshot takes the place of what was there. */
  replace(faults: Iterable<Fault>): void
  /** An event; what is older than what is known changes nothing, what is closed goes. */
  apply(fault: Fault): void
  /** It is no longer among those that were subscribed to. */
  remove(id: string): void
  /**
   * The answer to an action, which is shown at once. Events come by another connection and may have told more
   * already, even the closing: so it never adds a fault.
   */
  confirm(fault: Fault): void
}

/** Runs the function once, soon; with the next frame where somebody waits for it. */
export type Schedule = (flush: () => void, isAwaited: boolean) => void

export function createFaultStore(schedule: Schedule): FaultStore {
  const newest = new Map<string, Fault>()
  let closing = new Map<string, Fault>()
  let closed: OpenFaults = new Map()
  const listeners = new Set<() => void>()
  let shown: OpenFaults = new Map()
  /** The drawing that is to come. */
  let due: { readonly isAwaited: boolean } | undefined

  function announce(isAwaited = false): void {
    if (due !== undefined && (due.isAwaited || !isAwaited)) return
    const drawing = { isAwaited }
    due = drawing
    schedule(() => {
      // One that was overtaken has nothing left to show: what has come since has its own.
      if (due !== drawing) return
      due = undefined
      shown = new Map(newest)
      closed = closing
      closing = new Map()
      for (const listener of listeners) listener()
    }, isAwaited)
  }

  /** Whether it tells anything new. */
  function take(fault: Fault): boolean {
    const known = newest.get(fault.id)
    if (known !== undefined && known.revision >= fault.revision) return false
    if (fault.closedAt !== undefined) {
      if (!newest.delete(fault.id)) return false
      closing.set(fault.id, fault)
    } else newest.set(fault.id, fault)
    return true
  }

  return {
    get: () => shown,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    find: (id) => newest.get(id),
    lastWord: (id) => closed.get(id),
    replace(faults) {
      newest.clear()
      for (const fault of faults) newest.set(fault.id, fault)
      announce()
    },
    apply(fault) {
      if (take(fault)) announce()
    },
    remove(id) {
      if (newest.delete(id)) announce()
    },
    confirm(fault) {
      const isNew = newest.has(fault.id) && take(fault)
      // Its event may have come before it, and wait to be shown.
      if (isNew || due !== undefined) announce(true)
    },
  }
}
