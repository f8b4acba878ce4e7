// The address bar: which section is shown, and what it says of itself in its query. The fragment is the map's, and
// stays while the path does.
import { type Watchable, createStore } from './external-store.ts'

interface Place {
  readonly path: string
  /** With its question mark; empty when there is none. */
  readonly query: string
}

export interface Address extends Watchable<Place> {
  /** A step that Back undoes. */
  go(url: string): void
  /** The same step, which looks otherwise now. */
  replace(url: string): void
}

/** What it needs of `window`. */
export interface AddressBrowser {
  location: Pick<Location, 'pathname' | 'search' | 'hash'>
  history: {
    pushState(state: unknown, unused: string, url: string): void
    replaceState(state: unknown, unused: string, url: string): void
  }
  addEventListener(event: 'popstate', listener: () => void): void
}

export function createAddress(browser: AddressBrowser): Address {
  const read = (): Place => ({ path: browser.location.pathname, query: browser.location.search })
  const place = createStore(read())

  function follow(): void {
    const next = read()
    const { path, query } = place.get()
    if (next.path !== path || next.query !== query) place.set(next)
  }

  function change(method: 'pushState' | 'replaceState', url: string): void {
    const { pathname, hash } = browser.location
    const stays = url.split('?', 1)[0] === pathname
    browser.history[method](null, '', stays ? url + hash : url)
    follow()
  }

  browser.addEventListener('popstate', follow)
  return {
    get: place.get,
    subscribe: place.subscribe,
    go: (url) => change('pushState', url),
    replace: (url) => change('replaceState', url),
  }
}
