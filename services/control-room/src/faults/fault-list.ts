// The rows of the list and their order. An order, once shown, is kept: what is new waits behind a button until
// the operator lets it in, and what no longer belongs stays, dimmed, while the pointer is on the list. So
// nothing ever moves under a hand. Changing the view sorts anew, for then the list is another one.
import type { Fault, FaultKind } from '@ronda/contracts/fault'
import { type Watchable, createStore } from '../external-store.ts'
import type { FaultStore } from '../live/fault-store.ts'
import { compareFaults, gatherFamilies } from './families.ts'
import { type FacetCounts, type Scene, fitsSubject, isShown, survey } from './survey.ts'
import { type View, formatView, matchesSubject } from './view.ts'

/** A fault with what it caused: how many, and of which kind if all are of one. */
export interface Cause {
  readonly fault: Fault
  readonly members: number
  readonly memberKind: FaultKind | undefined
}

export interface Row extends Cause {
  /** 0 for a row of its own, 1 for what it caused, and so on. */
  readonly depth: number
  readonly unfolded: boolean
  /** It is closed or outside of the view, and only stays where it is until the pointer goes. */
  readonly leaving: boolean
}

export interface FaultListState {
  readonly rows: readonly Row[]
  /** New rows that wait to be let in. */
  readonly waiting: number
  /** Rows without what they caused: of the view, and of all that is open. */
  readonly shown: number
  readonly open: number
  /** Open, and nobody has acknowledged it. */
  readonly unacknowledged: number
  /** Critical faults that nobody has acknowledged, newest first, whatever the view. */
  readonly pressing: readonly Cause[]
  /** Critical faults, acknowledged or not. */
  readonly critical: number
  readonly counts: FacetCounts
}

export interface FaultList extends Watchable<FaultListState> {
  letIn(): void
  /** The faults that come next are those of another subscription: no ground to tell news from. */
  startAnew(): void
  /** While held nothing leaves. */
  hold(held: boolean): void
  toggle(id: string, unfolded: boolean): void
}

export interface FaultListDeps {
  faults: Pick<FaultStore, 'get' | 'subscribe' | 'lastWord'>
  view: Watchable<View>
  /** What is searched, in lower case. */
  textOf: (fault: Fault) => string
}

interface Placed {
  readonly fault: Fault
  readonly leaving: boolean
}

export function createFaultList({ faults, view, textOf }: FaultListDeps): FaultList {
  const unfolded = new Set<string>()
  let scene: Scene = { view: view.get(), families: gatherFamilies(faults.get()), textOf }
  let seen = survey(scene)
  let choice = choiceOf(scene.view)
  let placed: readonly Placed[] = []
  let inPlace: ReadonlySet<string> = new Set()
  let held = false
  let isAnew = false

  /** Sorts anew; everything is in its place. */
  function settle(): FaultListState {
    placed = seen.shown.toSorted(compareFaults).map((fault) => ({ fault, leaving: false }))
    inPlace = new Set(placed.map(({ fault }) => fault.id))
    return describe(0)
  }

  /** Follows the faults without moving a row. */
  function follow(): FaultListState {
    const stay: Placed[] = []
    for (const { fault: last } of placed) {
      const known = faults.get().get(last.id)
      if (known !== undefined && staysInPlace(known)) stay.push({ fault: known, leaving: false })
      else if (held) stay.push({ fault: known ?? faults.lastWord(last.id) ?? last, leaving: true })
    }
    // With nothing to move, nothing needs to wait.
    if (stay.length === 0) return settle()
    if (stay.length < placed.length) inPlace = new Set(stay.map(({ fault }) => fault.id))
    placed = stay
    let waiting = 0
    for (const { id } of seen.shown) if (!inPlace.has(id)) waiting += 1
    return describe(waiting)
  }

  function staysInPlace(fault: Fault): boolean {
    const { parentId } = fault
    const parent = parentId === undefined ? undefined : faults.get().get(parentId)
    if (parent === undefined) return isShown(scene, fault)
    // Its cause was found but waits: until that is let in, the row is where it was.
    return !inPlace.has(parent.id) && isShown(scene, parent)
  }

  function describe(waiting: number): FaultListState {
    const { roots } = scene.families
    const critical = roots.filter(({ severity }) => severity === 'critical')
    const pressing = critical.filter(({ acknowledged }) => !acknowledged)
    return {
      rows: layOut(),
      waiting,
      shown: seen.shown.length,
      open: roots.length,
      unacknowledged: roots.reduce((count, { acknowledged }) => (acknowledged ? count : count + 1), 0),
      pressing: pressing.toSorted((a, b) => b.raisedAt - a.raisedAt).map(toCause),
      critical: critical.length,
      counts: seen.counts,
    }
  }

  function toCause(fault: Fault): Cause {
    const children = scene.families.childrenOf(fault.id)
    const kind = children[0]?.kind
    return {
      fault,
      // The server counts those too that this desk does not see.
      members: Math.max(children.length, fault.children),
      memberKind: children.every((child) => child.kind === kind) ? kind : undefined,
    }
  }

  function layOut(): Row[] {
    const rows: Row[] = []
    for (const { fault, leaving } of placed) {
      if (leaving) rows.push({ fault, members: 0, memberKind: undefined, depth: 0, unfolded: false, leaving })
      else addFamily(rows, fault, 0)
    }
    return rows
  }

  function addFamily(rows: Row[], fault: Fault, depth: number): void {
    const children = scene.families.childrenOf(fault.id)
    // Nearly every row: no more is done for it than must be.
    if (children.length === 0) {
      rows.push({ fault, members: fault.children, memberKind: undefined, depth, unfolded: false, leaving: false })
      return
    }
    const { members, memberKind } = toCause(fault)
    // A row that is here for what it caused shows that part of it, and at once.
    const isOwn = matchesSubject(scene.view, fault, textOf)
    const listed = children.filter((child) => !inPlace.has(child.id) && (isOwn || fitsSubject(scene, child)))
    const isUnfolded = listed.length > 0 && (!isOwn || unfolded.has(fault.id))
    rows.push({ fault, members, memberKind, depth, unfolded: isUnfolded, leaving: false })
    if (isUnfolded) for (const child of listed) addFamily(rows, child, depth + 1)
  }

  const state = createStore(settle())

  faults.subscribe(() => {
    scene = { ...scene, families: gatherFamilies(faults.get()) }
    seen = survey(scene)
    state.set(isAnew ? settle() : follow())
    isAnew = false
  })
  view.subscribe(() => {
    const next = choiceOf(view.get())
    if (next === choice) return
    choice = next
    scene = { ...scene, view: view.get() }
    seen = survey(scene)
    state.set(settle())
  })

  return {
    get: state.get,
    subscribe: state.subscribe,
    letIn: () => state.set(settle()),
    startAnew() {
      isAnew = true
    },
    hold(next) {
      if (held === next) return
      held = next
      if (!held && placed.some(({ leaving }) => leaving)) state.set(follow())
    },
    toggle(id, isUnfolded) {
      if (isUnfolded) unfolded.add(id)
      else unfolded.delete(id)
      state.set(follow())
    },
  }
}

/** What, when it changes, makes it another list. */
function choiceOf(view: View): string {
  return formatView({ ...view, open: undefined })
}
