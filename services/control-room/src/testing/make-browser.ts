// The parts of a browser that an address needs: where it is, and where it was.
import type { AddressBrowser } from '../address.ts'

export interface TestBrowser {
  readonly browser: AddressBrowser
  /** Addresses that Back leads through, the newest last. */
  readonly visited: readonly string[]
  back(): void
}

export function makeBrowser(url: string): TestBrowser {
  const visited: string[] = []
  let goBack = () => {}
  const location = { pathname: '', search: '', hash: '' }
  function show(next: string): string {
    const { pathname, search, hash } = new URL(next, 'http://host')
    Object.assign(location, { pathname, search, hash })
    return next
  }
  visited.push(show(url))
  return {
    visited,
    back() {
      visited.pop()
      show(visited.at(-1) ?? '/')
      goBack()
    },
    browser: {
      location,
      history: {
        pushState: (_state, _unused, next) => visited.push(show(next)),
        replaceState: (_state, _unused, next) => visited.splice(-1, 1, show(next)),
      },
      addEventListener(_event, listener) {
        goBack = listener
      },
    },
  }
}
