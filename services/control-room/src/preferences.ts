// What a person chose for this browser: language, theme, density, whether single letters are commands, and whether
// critical faults are heard.
import { type Store, createStore } from './external-store.ts'

export type Language = 'en' | 'id'

export interface Preferences {
  readonly language: Language
  readonly theme: 'dark' | 'light'
  readonly density: 'comfortable' | 'compact'
  /** Single letters as commands; those who dictate or use a switch turn them off (WCAG 2.1.4). */
  readonly letters: 'on' | 'off'
  /** A tone for each critical fault that comes. */
  readonly sound: 'on' | 'off'
}

const choices: { readonly [K in keyof Preferences]: readonly Preferences[K][] } = {
  language: ['en', 'id'],
  theme: ['dark', 'light'],
  density: ['comfortable', 'compact'],
  letters: ['on', 'off'],
  sound: ['on', 'off'],
}

/** Where preferences are kept: a browser may refuse, and the page works without. */
export interface Keeper {
  read(key: string): string | undefined
  write(key: string, value: string): void
}

export const browserKeeper: Keeper = {
  read(key) {
    try {
      return localStorage.getItem(`ronda.${key}`) ?? undefined
    } catch {
      return undefined
    }
  },
  write(key, value) {
    try {
      localStorage.setItem(`ronda.${key}`, value)
    } catch {
      // It holds until the page is closed.
    }
  },
}

/** Reads what was kept, and keeps what is set. The language is the browser's until one is chosen. */
export function createPreferences(keeper: Keeper, browserLanguages: readonly string[]): Store<Preferences> {
  const spoken = browserLanguages.map((tag) => tag.slice(0, 2)).find((tag) => tag === 'en' || tag === 'id')
  const kept = <K extends keyof Preferences>(key: K, fallback: Preferences[K]): Preferences[K] => {
    const text = keeper.read(key)
    const options: readonly Preferences[K][] = choices[key]
    return options.find((option) => option === text) ?? fallback
  }
  const store = createStore<Preferences>({
    language: kept('language', spoken === 'id' ? 'id' : 'en'),
    theme: kept('theme', 'dark'),
    density: kept('density', 'comfortable'),
    letters: kept('letters', 'on'),
    sound: kept('sound', 'off'),
  })
  return {
    ...store,
    set(next) {
      const before = store.get()
      for (const key of ['language', 'theme', 'density', 'letters', 'sound'] as const) {
        if (next[key] !== before[key]) keeper.write(key, next[key])
      }
      store.set(next)
    },
  }
}
