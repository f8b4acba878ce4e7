// The view in the address bar. Opening a fault is a step that Back undoes; choosing filters is not, or Back
// would have to be pressed once for every letter of a search.
import { type Watchable, createStore } from './external-store.ts'
import { type View, formatView, parseView } from './faults/view.ts'

export interface Address extends Watchable<View> {
  change(part: Partial<View>): void
}

/** What it needs of `window`. */
export interface AddressBrowser {
  location: Pick<Location, 'pathname' | 'search'>
  history: {
    pushState(state: unknown, unused: string, url: string): void
    replaceState(state: unknown, unused: string, url: string): void
  }
  addEventListener(event: 'popstate', listener: () => void): void
}

export function createAddress(browser: AddressBrowser): Address {
  const view = createStore(parseView(browser.location.search))
  browser.addEventListener('popstate', () => view.set(parseView(browser.location.search)))
  return {
    get: view.get,
    subscribe: view.subscribe,
    change(part) {
      const before = view.get()
      const next = { ...before, ...part }
      const query = formatView(next)
      if (query === formatView(before)) return
      const url = browser.location.pathname + query
      // From one open fault to the next is a move, not a step.
      const opens = next.open !== undefined && before.open === undefined
      if (opens) browser.history.pushState(null, '', url)
      else browser.history.replaceState(null, '', url)
      view.set(next)
    },
  }
}
