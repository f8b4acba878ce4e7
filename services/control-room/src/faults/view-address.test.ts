import { expect, test } from 'vitest'
import { createAddress } from '../address.ts'
import { makeBrowser } from '../testing/make-browser.ts'
import { createViewAddress } from './view-address.ts'

function openView(url: string) {
  const { browser, visited, back } = makeBrowser(url)
  const address = createAddress(browser)
  return { address, view: createViewAddress(address), visited, back }
}

test('choosing filters leaves one step in the history, opening a fault another, which Back undoes', () => {
  const { view, visited, back } = openView('/?district=setu')
  expect(view.get().districts).toEqual(['setu'])
  view.change({ search: 'j' })
  view.change({ search: 'jl' })
  view.change({ open: 'a' })
  view.change({ open: 'b' })
  expect(visited).toEqual(['/?district=setu&search=jl', '/?district=setu&search=jl&fault=b'])
  back()
  expect(view.get()).toMatchObject({ search: 'jl', open: undefined })
})

test('what changes nothing is nobody’s news', () => {
  const { view, visited } = openView('/')
  let told = 0
  view.subscribe(() => told++)
  view.change({ search: '' })
  expect(told).toBe(0)
  expect(visited).toEqual(['/'])
})

test('elsewhere the view stays, and changing it leads back to the faults', () => {
  const { address, view, visited } = openView('/?agency=dishub')
  address.go('/nowhere?search=pole')
  expect(view.get()).toMatchObject({ agency: 'dishub', search: '' })
  view.change({ open: 'a' })
  expect(visited).toEqual(['/?agency=dishub', '/nowhere?search=pole', '/?agency=dishub&fault=a'])
  expect(view.get().open).toBe('a')
})
