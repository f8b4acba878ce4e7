import { expect, test } from 'vitest'
import { parseRegistryView, registryPathOf } from './registry-view.ts'

test.each([
  { view: 'import' },
  { view: 'pending' },
  { view: 'new' },
  { view: 'approve', id: 'pju-9' },
  { view: 'edit', id: 'import' },
] as const)('$view survives the address', (shown) => {
  const { pathname, search } = new URL(registryPathOf(shown), 'http://room')
  const [, , id] = pathname.split('/')
  expect(parseRegistryView(search, id)).toEqual(shown)
})

test('what is no view shows the devices', () => {
  expect(parseRegistryView('?search=import', undefined)).toBeUndefined()
  expect(parseRegistryView('?view=edit', undefined)).toBeUndefined()
  expect(parseRegistryView('?view=import', 'pju-1')).toBeUndefined()
  expect(parseRegistryView('?view=approve', undefined)).toBeUndefined()
})
