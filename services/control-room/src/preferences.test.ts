import { expect, test } from 'vitest'
import { type Keeper, createPreferences } from './preferences.ts'

function makeKeeper(kept: Record<string, string> = {}): Keeper & { kept: Record<string, string> } {
  return { kept, read: (key) => kept[key], write: (key, value) => (kept[key] = value) }
}

test('begins dark and comfortable, in the first language of the browser that the page speaks', () => {
  expect(createPreferences(makeKeeper(), ['fr-FR', 'id', 'en']).get()).toEqual({
    language: 'id',
    theme: 'dark',
    density: 'comfortable',
    letters: 'on',
    sound: 'off',
  })
  expect(createPreferences(makeKeeper(), ['fr-FR']).get().language).toBe('en')
})

test('keeps what is chosen, and reads it back', () => {
  const keeper = makeKeeper()
  const preferences = createPreferences(keeper, ['en'])
  preferences.set({ ...preferences.get(), language: 'id', theme: 'light' })
  expect(keeper.kept).toEqual({ language: 'id', theme: 'light' })
  expect(createPreferences(keeper, ['en']).get()).toMatchObject({ language: 'id', theme: 'light' })
})

test('what was kept and is no choice is passed over', () => {
  expect(createPreferences(makeKeeper({ theme: 'sepia', density: 'compact' }), ['en']).get()).toMatchObject({
    theme: 'dark',
    density: 'compact',
  })
})
