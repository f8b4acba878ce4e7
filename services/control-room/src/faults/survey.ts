// One look over the open faults: which rows a view shows, and how many each other choice would show in its
// place. It runs with every change, over ten thousand faults as well, so a fault that caused nothing, which
// nearly all are, costs a few comparisons and no memory.
import type { Fault, FaultKind, Severity } from '@ronda/contracts/fault'
import type { Families } from './families.ts'
import { type Standing, hasStanding, opposites, standings } from './standing.ts'
import { type Facet, type View, matchesSeverity, matchesStanding, matchesSubject } from './view.ts'

/** How many rows a choice would show, the other choices being what they are. */
export interface FacetCounts {
  readonly districts: ReadonlyMap<string, number>
  readonly kinds: ReadonlyMap<FaultKind, number>
  readonly severities: ReadonlyMap<Severity, number>
  readonly standings: ReadonlyMap<Standing, number>
}

export interface Survey {
  /** Rows of the view, in no particular order. */
  readonly shown: readonly Fault[]
  readonly counts: FacetCounts
}

export interface Scene {
  readonly view: View
  readonly families: Families
  /** Whose desk it is. */
  readonly person: string
  /** What is searched, in lower case. */
  readonly textOf: (fault: Fault) => string
}

/** Whether a fault, or anything that it caused, is what the view is about. */
export function fitsSubject(scene: Scene, fault: Fault): boolean {
  if (matchesSubject(scene.view, fault, scene.textOf)) return true
  return scene.families.childrenOf(fault.id).some((child) => fitsSubject(scene, child))
}

/** Whether a fault that nothing else caused is a row of the view. */
export function isShown(scene: Scene, root: Fault): boolean {
  return matchesStanding(scene.view, root, scene.person) && fitsSubject(scene, root)
}

export function survey(scene: Scene): Survey {
  const { view, families, person } = scene
  const shown: Fault[] = []
  const districts = new Map<string, number>()
  const kinds = new Map<FaultKind, number>()
  const severities = new Map<Severity, number>()
  const byStanding = new Map<Standing, number>()
  for (const root of families.roots) {
    const fitsSeverity = matchesSeverity(view, root)
    const missing = view.standings.filter((standing) => !hasStanding(root, standing, person))
    const stands = fitsSeverity && missing.length === 0
    if (stands) {
      countValues(scene, root, 'districts', districts, districtOf)
      countValues(scene, root, 'kinds', kinds, kindOf)
    }
    if (!fitsSubject(scene, root)) continue
    if (stands) shown.push(root)
    if (missing.length === 0) increment(severities, root.severity)
    if (!fitsSeverity || missing.length > 1) continue
    for (const standing of standings) {
      // One that is chosen in place of its opposite no longer asks for that.
      const isAsked = missing.length === 0 || missing[0] === opposites[standing]
      if (isAsked && hasStanding(root, standing, person)) increment(byStanding, standing)
    }
  }
  return { shown, counts: { districts, kinds, severities, standings: byStanding } }
}

const districtOf = ({ district }: Fault) => district
const kindOf = ({ kind }: Fault) => kind

/** A row counts once for each value that it or what it caused has. */
function countValues<T>(
  { view, families, textOf }: Scene,
  root: Fault,
  facet: Facet,
  counts: Map<T, number>,
  valueOf: (fault: Fault) => T,
): void {
  if (families.childrenOf(root.id).length === 0) {
    if (matchesSubject(view, root, textOf, facet)) increment(counts, valueOf(root))
    return
  }
  const values = new Set<T>()
  const visit = (fault: Fault) => {
    if (matchesSubject(view, fault, textOf, facet)) values.add(valueOf(fault))
    for (const child of families.childrenOf(fault.id)) visit(child)
  }
  visit(root)
  for (const value of values) increment(counts, value)
}

function increment<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
