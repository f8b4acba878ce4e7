import { expect, test } from 'vitest'
import { createAddress } from './address.ts'

/** The parts of a browser that an address needs: where it is, and where it was. */
function makeBrowser(search: string) {
  const visited = [search]
  let goBack = () => {}
  const location = { pathname: '/', search }
  const go = (url: string) => (location.search = url.slice(1))
  return {
    visited,
    back() {
      visited.pop()
      location.search = visited.at(-1) ?? ''
      goBack()
    },
    browser: {
      location,
      history: {
        pushState: (_state: unknown, _unused: string, url: string) => visited.push(go(url)),
        replaceState: (_state: unknown, _unused: string, url: string) => visited.splice(-1, 1, go(url)),
      },
      addEventListener(_event: 'popstate', listener: () => void) {
        goBack = listener
      },
    },
  }
}

test('choosing filters leaves one step in the history, opening a fault another, which Back undoes', () => {
  const { browser, visited, back } = makeBrowser('?district=setu')
  const address = createAddress(browser)
  expect(address.get().districts).toEqual(['setu'])
  address.change({ search: 'j' })
  address.change({ search: 'jl' })
  address.change({ open: 'a' })
  address.change({ open: 'b' })
  expect(visited).toEqual(['?district=setu&search=jl', '?district=setu&search=jl&fault=b'])
  back()
  expect(address.get()).toMatchObject({ search: 'jl', open: undefined })
})

test('what changes nothing is nobody’s news', () => {
  const { browser, visited } = makeBrowser('')
  const address = createAddress(browser)
  let told = 0
  address.subscribe(() => told++)
  address.change({ search: '' })
  expect(told).toBe(0)
  expect(visited).toEqual([''])
})
