import { expect, test } from 'vitest'
import { lettersPath, parseLettersView } from './letters-address.ts'

test('an address is read as it was written', () => {
  const view = { code: 'unknown_device', device: 'pju-1', letter: '4096' } as const
  const path = lettersPath(view)
  expect(path).toBe('/system/dead-letters?code=unknown_device&device=pju-1&letter=4096')
  expect(parseLettersView(path.slice(path.indexOf('?')))).toEqual(view)
  expect(lettersPath()).toBe('/system/dead-letters')
})

test('a reason that does not exist filters nothing', () => {
  expect(parseLettersView('?code=nonsense')).toEqual({ code: undefined, device: undefined, letter: undefined })
})
