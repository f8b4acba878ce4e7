import { expect, test } from 'vitest'
import { createAddress } from './address.ts'
import { makeBrowser } from './testing/make-browser.ts'

test('a step is undone by Back, a change of the same step is not one', () => {
  const { browser, visited, back } = makeBrowser('/')
  const address = createAddress(browser)
  address.replace('/?search=a')
  address.go('/map?search=a')
  expect(visited).toEqual(['/?search=a', '/map?search=a'])
  expect(address.get()).toEqual({ path: '/map', query: '?search=a' })
  back()
  expect(address.get()).toEqual({ path: '/', query: '?search=a' })
})

test('the fragment stays with the path, and goes with it', () => {
  const { browser, visited } = makeBrowser('/map#13/-6.3/106.7')
  const address = createAddress(browser)
  address.replace('/map?fault=a')
  address.go('/?fault=a')
  expect(visited).toEqual(['/map?fault=a#13/-6.3/106.7', '/?fault=a'])
})

test('going where one is already is nobody’s news', () => {
  const { browser } = makeBrowser('/?search=a')
  const address = createAddress(browser)
  let told = 0
  address.subscribe(() => told++)
  address.replace('/?search=a')
  expect(told).toBe(0)
})
