// The view in the address bar. Opening a fault is a step that Back undoes; choosing filters is not, or Back
// would have to be pressed once for every letter of a search. Where the address shows something else than faults,
// the view stays as it was: the lists around it, and the way back to it, need it.
import { pagePathOf, parsePagePath } from '@ronda/contracts/page-routes'
import type { PageSection } from '@ronda/contracts/page-routes'
import type { Address } from '../address.ts'
import { type Watchable, createStore } from '../external-store.ts'
import { type View, formatView, parseView, wholeView } from './view.ts'

export interface ViewAddress extends Watchable<View> {
  /** Where faults are not shown, this leads to the list of them. */
  change(part: Partial<View>): void
}

/** The sections that show faults, by the view in their query. */
export const faultSections: ReadonlySet<PageSection | undefined> = new Set<PageSection>(['faults', 'map', 'wall'])

export function createViewAddress(address: Address): ViewAddress {
  const showsFaults = () => faultSections.has(parsePagePath(address.get().path)?.section)
  const view = createStore(showsFaults() ? parseView(address.get().query) : wholeView)

  address.subscribe(() => {
    if (!showsFaults()) return
    const { query } = address.get()
    if (query !== formatView(view.get())) view.set(parseView(query))
  })

  return {
    get: view.get,
    subscribe: view.subscribe,
    change(part) {
      const before = view.get()
      // One thing is open at a time.
      const next = { ...before, ...part, ...(part.open === undefined ? {} : { device: undefined }) }
      const query = formatView(next)
      if (!showsFaults()) {
        view.set(next)
        return address.go(pagePathOf({ section: 'faults' }) + query)
      }
      if (query === formatView(before)) return
      view.set(next)
      // From one open thing to the next is a move, not a step.
      const opens = isAnythingOpen(next) && !isAnythingOpen(before)
      address[opens ? 'go' : 'replace'](address.get().path + query)
    },
  }
}

function isAnythingOpen({ open, device }: View): boolean {
  return open !== undefined || device !== undefined
}
