// What a row of the list is: a fault, or the head of a group of them. All rows are alike in height, and have an id
// by which the cursor finds them.
import type { Fault, FaultKind, Severity } from '@ronda/contracts/fault'
import { type Grouping, rankOf } from './view.ts'

/** A fault with what it caused: how many, and of which kind if all are of one. */
export interface Cause {
  readonly fault: Fault
  readonly members: number
  readonly memberKind: FaultKind | undefined
}

export interface FaultRow extends Cause {
  /** The fault's. */
  readonly id: string
  /** 0 for a row of its own, 1 for what it caused, and so on. */
  readonly depth: number
  readonly unfolded: boolean
  /** It is closed or outside of the view, and only stays where it is until the pointer goes. */
  readonly leaving: boolean
}

export interface GroupRow {
  readonly id: string
  readonly fault?: undefined
  readonly group: PlaceGrouping
  /** Slug of the district or id of the agency; '' for what has none. */
  readonly key: string
  readonly depth: 0
  readonly unfolded: boolean
  readonly count: number
  readonly unacknowledged: number
  readonly overdue: number
  /** The worst of those that hold; of all where none does. */
  readonly worst: Severity
  readonly isOver: boolean
  /** What is folded away: it can be chosen all the same. */
  readonly hidden: readonly Fault[]
}

export type Row = FaultRow | GroupRow
type PlaceGrouping = Extract<Grouping, 'district' | 'agency'>

const groupPrefix = 'group:'

/** Whether a row of this id is the head of a group. */
export function isGroupId(id: string): boolean {
  return id.startsWith(groupPrefix)
}

export function keyOf(fault: Fault, group: PlaceGrouping): string {
  return fault[group] ?? ''
}

/** The faults that are chosen with a row: its own, or those that are folded under a head. */
export function choosable(row: Row): readonly Fault[] {
  if (row.fault === undefined) return row.hidden
  return row.leaving ? [] : [row.fault]
}

interface GroupOptions<P> {
  group: PlaceGrouping
  isFolded: (id: string) => boolean
  addRows: (rows: Row[], placed: P) => void
}

/** Rows that stand in the order of their groups, each under a head of its own. */
export function layOutGroups<P extends { readonly fault: Fault; readonly leaving: boolean }>(
  placed: readonly P[],
  { group, isFolded, addRows }: GroupOptions<P>,
): Row[] {
  const rows: Row[] = []
  for (const [key, members] of Map.groupBy(placed, ({ fault }) => keyOf(fault, group))) {
    const id = `${groupPrefix}${group}:${key}`
    const staying = members.flatMap(({ fault, leaving }) => (leaving ? [] : fault))
    const active = staying.filter((fault) => fault.active)
    const unfolded = !isFolded(id)
    rows.push({
      id,
      group,
      key,
      depth: 0,
      unfolded,
      count: staying.length,
      unacknowledged: staying.filter(({ acknowledged }) => !acknowledged).length,
      overdue: staying.filter(({ overdue }) => overdue).length,
      worst: worstOf(active.length > 0 ? active : staying),
      isOver: active.length === 0,
      hidden: unfolded ? [] : staying,
    })
    if (unfolded) for (const each of members) addRows(rows, each)
  }
  return rows
}

function worstOf(faults: readonly Fault[]): Severity {
  return faults.reduce<Severity>(
    (worst, { severity }) => (rankOf(severity) < rankOf(worst) ? severity : worst),
    'warning',
  )
}
