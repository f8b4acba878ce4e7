// What an operator has chosen to look at, and how it stands in the address bar: a link shows a colleague the
// same. The agency is asked of the server, since it is what a desk is responsible for; the rest is chosen here
// among what came, at once and with counts, and so that a critical fault outside of it still shows on top.
import { deviceKinds } from '@ronda/contracts/device-kinds'
import type { Fault, FaultFilter, FaultKind, Severity } from '@ronda/contracts/fault'
import { type Standing, hasStanding, standings } from './standing.ts'

/** What rows are put together by: what they caused folds under a cause unless it is nothing at all. */
export const groupings = ['cause', 'none', 'district', 'agency'] as const
export type Grouping = (typeof groupings)[number]
/** What comes first: the gravest, what is due next, what was raised last. */
export const orders = ['severity', 'due', 'age'] as const
export type Order = (typeof orders)[number]

export interface View {
  readonly agency: string | undefined
  readonly districts: readonly string[]
  readonly kinds: readonly FaultKind[]
  readonly severities: readonly Severity[]
  /** All of which must hold. */
  readonly standings: readonly Standing[]
  readonly search: string
  readonly group: Grouping
  readonly order: Order
  /** Id of the fault whose detail is open. */
  readonly open: string | undefined
  /** Id of the device that is chosen on the map; not while a fault is open. */
  readonly device: string | undefined
}

export const wholeView: View = {
  agency: undefined,
  districts: [],
  kinds: [],
  severities: [],
  standings: [],
  search: '',
  group: 'cause',
  order: 'severity',
  open: undefined,
  device: undefined,
}

/** The same view with neither a fault nor a device opened. */
export const nothingOpen: Pick<View, 'open' | 'device'> = { open: undefined, device: undefined }

// The contracts' own list would bring zod into the page; `satisfies` keeps this one complete.
const severityRanks = { critical: 0, major: 1, minor: 2, warning: 3 } as const satisfies Record<Severity, number>

const isSeverity = (text: string): text is Severity => Object.hasOwn(severityRanks, text)
const isKind = (text: string): text is FaultKind => kinds.some((kind) => kind === text)

/** Gravest first. */
export const severities: readonly Severity[] = Object.keys(severityRanks).filter(isSeverity)
export const kinds: readonly FaultKind[] = [...deviceKinds, 'site', 'district']

/** 0 is the gravest. */
export function rankOf(severity: Severity): number {
  return severityRanks[severity]
}

/** A standing's parameter and value: those of `GET /api/v1/faults` where it has them. */
const standingParameters: Readonly<Record<Standing, readonly [name: string, value: string]>> = {
  unacknowledged: ['acknowledged', 'false'],
  acknowledged: ['acknowledged', 'true'],
  active: ['active', 'true'],
  overdue: ['overdue', 'true'],
  mine: ['mine', 'true'],
  shelved: ['shelved', 'true'],
}

const listOf = (params: URLSearchParams, name: string): string[] =>
  (params.get(name) ?? '').split(',').filter((part) => part !== '')

/** Of an address's query; what it does not know it leaves out. */
export function parseView(query: string): View {
  const params = new URLSearchParams(query)
  return {
    agency: params.get('agency') ?? undefined,
    districts: listOf(params, 'district'),
    kinds: listOf(params, 'kind').filter(isKind),
    severities: listOf(params, 'severity').filter(isSeverity),
    standings: standings.filter((standing) => {
      const [name, value] = standingParameters[standing]
      return params.get(name) === value
    }),
    search: params.get('search') ?? '',
    group: groupings.find((each) => each === params.get('group')) ?? wholeView.group,
    order: orders.find((each) => each === params.get('sort')) ?? wholeView.order,
    open: params.get('fault') ?? undefined,
    device: params.get('device') ?? undefined,
  }
}

/** The query, with its question mark; empty for the whole view. */
export function formatView(view: View): string {
  const parts: [string, string][] = []
  const add = (name: string, value: string | undefined) => {
    if (value !== undefined && value !== '') parts.push([name, value])
  }
  add('agency', view.agency)
  add('district', view.districts.join(','))
  add('kind', view.kinds.join(','))
  add('severity', view.severities.join(','))
  for (const standing of standings) if (view.standings.includes(standing)) add(...standingParameters[standing])
  add('search', view.search)
  if (view.group !== wholeView.group) add('group', view.group)
  if (view.order !== wholeView.order) add('sort', view.order)
  add('fault', view.open)
  add('device', view.device)
  if (parts.length === 0) return ''
  // Commas and colons are as good as any in a query, and a link that can be read is worth having.
  const encode = (text: string) => encodeURIComponent(text).replaceAll('%2C', ',').replaceAll('%3A', ':')
  return `?${parts.map(([name, value]) => `${name}=${encode(value)}`).join('&')}`
}

/** What is asked of the server. */
export function subscriptionOf(view: Pick<View, 'agency'>): FaultFilter {
  return { districts: [], kinds: [], severities: [], agencies: view.agency === undefined ? [] : [view.agency] }
}

/** The same desk and the same arrangement, with nothing hidden by choice. */
export function widened({ agency, group, order, open, device }: View): View {
  return { ...wholeView, agency, group, order, open, device }
}

/** Whether anything is hidden by choice. */
export function isNarrowed(view: View): boolean {
  return formatView(view) !== formatView(widened(view))
}

/** A choice that may be left out, to count what another choice in its place would show. */
export type Facet = 'districts' | 'kinds' | 'severities' | 'search'

/** What a fault is about. A parent is shown when this holds for it or for anything that it caused. */
export function matchesSubject(view: View, fault: Fault, textOf: (fault: Fault) => string, except?: Facet): boolean {
  return (
    (except === 'districts' || view.districts.length === 0 || view.districts.includes(fault.district)) &&
    (except === 'kinds' || view.kinds.length === 0 || view.kinds.includes(fault.kind)) &&
    (except === 'search' || view.search === '' || matchesSearch(view.search, textOf(fault)))
  )
}

export function matchesSeverity(view: View, fault: Fault): boolean {
  return view.severities.length === 0 || view.severities.includes(fault.severity)
}

/** How it stands with a fault: asked of the row itself, for its consequences are not news of their own. */
export function matchesStanding(view: View, fault: Fault, person: string): boolean {
  return matchesSeverity(view, fault) && view.standings.every((standing) => hasStanding(fault, standing, person))
}

/** Every word must occur. */
function matchesSearch(search: string, text: string): boolean {
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}
