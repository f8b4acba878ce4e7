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
   * The answer to an action, which is shown at once. Events come by another connection and may have told more already, even the
   * closing: so it never adds a fault.
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
  let due: 'soon' | 'awaited' | undefined

  function announce(isAwaited = false): void {
    if (due === 'awaited' || (due === 'soon' && !isAwaited)) return
    due = isAwaited ? 'awaited' : 'soon'
    schedule(show, isAwaited)
  }

  function show(): void {
    // What was awaited has been shown with what would have come after it.
    if (due === undefined) return
    due = undefined
    shown = new Map(newest)
    closed = closing
    closing = new Map()
    for (const listener of listeners) listener()
  }

  function apply(fault: Fault, isAwaited = false): void {
    const known = newest.get(fault.id)
    if (known !== undefined && known.revision >= fault.revision) return
    if (fault.closedAt === undefined) newest.set(fault.id, fault)
    else if (newest.delete(fault.id)) closing.set(fault.id, fault)
    else return
    announce(isAwaited)
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
    apply: (fault) => apply(fault),
    remove(id) {
      if (newest.delete(id)) announce()
    },
    confirm(fault) {
      if (newest.has(fault.id)) apply(fault, true)
    },
  }
}
