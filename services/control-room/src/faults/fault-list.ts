// The rows of the list and their order. An order, once shown, is kept: what is new waits behind a button until
// the operator lets it in, and what no longer belongs stays, dimmed, while the pointer is on the list. So
// nothing ever moves under a hand. Changing the view sorts anew, for then the list is another one.
import type { Fault } from '@ronda/contracts/fault'
import { type Watchable, createStore } from '../external-store.ts'
import type { FaultStore } from '../live/fault-store.ts'
import { type Families, gatherFamilies, withoutFamilies } from './families.ts'
import { compareBy } from './order.ts'
import { type Cause, type FaultRow, type Row, isGroupId, keyOf, layOutGroups } from './rows.ts'
import { type FacetCounts, type Scene, fitsSubject, isShown, survey } from './survey.ts'
import { type View, formatView, matchesSubject, nothingOpen } from './view.ts'

export interface FaultListState {
  readonly rows: readonly Row[]
  /** New rows that wait to be let in. */
  readonly waiting: number
  /** Rows without what they caused: of the view, and of all that is open. */
  readonly shown: number
  readonly open: number
  /** Open, and nobody has acknowledged it. */
  readonly unacknowledged: number
  /** Critical faults that nobody has acknowledged and nothing holds back, whatever the view: those that still hold first,
   * then the newest. */
  readonly pressing: readonly Cause[]
  /** Critical faults, acknowledged or not, that nothing holds back. */
  readonly critical: number
  readonly counts: FacetCounts
}

export interface FaultList extends Watchable<FaultListState> {
  letIn(): void
  /** The faults that come next are those of another subscription: no ground to tell news from. */
  startAnew(): void
  /** While held nothing leaves. */
  hold(held: boolean): void
  /** Of a row, by its id: what it caused, or what it is the head of. */
  toggle(id: string, unfolded: boolean): void
}

export interface FaultListDeps {
  faults: Pick<FaultStore, 'get' | 'subscribe' | 'lastWord'>
  view: Watchable<View>
  /** Whose desk it is. */
  person: string
  /** What is searched, in lower case. */
  textOf: (fault: Fault) => string
}

interface Placed {
  readonly fault: Fault
  readonly leaving: boolean
}

export function createFaultList({ faults, view, person, textOf }: FaultListDeps): FaultList {
  const unfolded = new Set<string>()
  const foldedGroups = new Set<string>()
  let causes = gatherFamilies(faults.get())
  let scene: Scene = lookAt(view.get())
  let seen = survey(scene)
  let choice = choiceOf(scene.view)
  let placed: readonly Placed[] = []
  let inPlace: ReadonlySet<string> = new Set()
  let held = false
  let isAnew = false

  function lookAt(chosen: View): Scene {
    const families: Families = chosen.group === 'none' ? withoutFamilies(faults.get()) : causes
    return { view: chosen, families, person, textOf }
  }

  /** Sorts anew; everything is in its place. */
  function settle(): FaultListState {
    const { group, order } = scene.view
    const sorted = seen.shown.toSorted(compareBy(order))
    // Groups stand in the order of what comes first in each.
    const grouped =
      group === 'cause' || group === 'none'
        ? sorted
        : [...Map.groupBy(sorted, (fault) => keyOf(fault, group)).values()].flat()
    placed = grouped.map((fault) => ({ fault, leaving: false }))
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
    const parent = scene.families.parentOf(fault)
    if (parent === undefined) return isShown(scene, fault)
    // Its cause was found but waits: until that is let in, the row is where it was.
    return !inPlace.has(parent.id) && isShown(scene, parent)
  }

  function describe(waiting: number): FaultListState {
    const { roots } = causes
    const critical = roots.filter(({ severity, shelvedUntil }) => severity === 'critical' && shelvedUntil === undefined)
    const pressing = critical.filter(({ acknowledged }) => !acknowledged)
    return {
      rows: layOut(),
      waiting,
      shown: seen.shown.length,
      open: scene.families.roots.length,
      unacknowledged: scene.families.roots.reduce((count, { acknowledged }) => (acknowledged ? count : count + 1), 0),
      pressing: pressing
        .toSorted((a, b) => Number(b.active) - Number(a.active) || b.raisedAt - a.raisedAt)
        .map(toCause),
      critical: critical.length,
      counts: seen.counts,
    }
  }

  function toCause(fault: Fault): Cause {
    const children = causes.childrenOf(fault.id)
    const kind = children[0]?.kind
    return {
      fault,
      // The server counts those too that this desk does not see.
      members: Math.max(children.length, fault.children),
      memberKind: children.every((child) => child.kind === kind) ? kind : undefined,
    }
  }

  function layOut(): Row[] {
    const { group } = scene.view
    if (group === 'district' || group === 'agency') {
      return layOutGroups(placed, { group, isFolded: (id) => foldedGroups.has(id), addRows })
    }
    const rows: Row[] = []
    for (const each of placed) addRows(rows, each)
    return rows
  }

  function addRows(rows: Row[], { fault, leaving }: Placed): void {
    if (leaving) rows.push(makeRow({ fault, members: 0, memberKind: undefined }, { leaving }))
    else addFamily(rows, fault, 0)
  }

  function addFamily(rows: Row[], fault: Fault, depth: number): void {
    const children = scene.families.childrenOf(fault.id)
    // Nearly every row: no more is done for it than must be.
    if (children.length === 0) {
      const members = scene.view.group === 'none' ? 0 : fault.children
      rows.push(makeRow({ fault, members, memberKind: undefined }, { depth }))
      return
    }
    // A row that is here for what it caused shows that part of it, and at once.
    const isOwn = matchesSubject(scene.view, fault, textOf)
    const listed = children.filter((child) => !inPlace.has(child.id) && (isOwn || fitsSubject(scene, child)))
    const isUnfolded = listed.length > 0 && (!isOwn || unfolded.has(fault.id))
    rows.push(makeRow(toCause(fault), { depth, isUnfolded }))
    if (isUnfolded) for (const child of listed) addFamily(rows, child, depth + 1)
  }

  const state = createStore(settle())

  faults.subscribe(() => {
    causes = gatherFamilies(faults.get())
    scene = lookAt(scene.view)
    seen = survey(scene)
    state.set(isAnew ? settle() : follow())
    isAnew = false
  })
  view.subscribe(() => {
    const next = choiceOf(view.get())
    if (next === choice) return
    choice = next
    scene = lookAt(view.get())
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
      // Groups are unfolded until somebody folds them, causes the other way round.
      if (isGroupId(id)) setMember(foldedGroups, id, !isUnfolded)
      else setMember(unfolded, id, isUnfolded)
      state.set(follow())
    },
  }
}

function makeRow(
  cause: Cause,
  { depth = 0, isUnfolded = false, leaving = false }: { depth?: number; isUnfolded?: boolean; leaving?: boolean },
): FaultRow {
  return { ...cause, id: cause.fault.id, depth, unfolded: isUnfolded, leaving }
}

function setMember(ids: Set<string>, id: string, isMember: boolean): void {
  if (isMember) ids.add(id)
  else ids.delete(id)
}

/** What, when it changes, makes it another list. */
function choiceOf(view: View): string {
  return formatView({ ...view, ...nothingOpen })
}
