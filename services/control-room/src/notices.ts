// Short lines that say what came of something, read out by screen readers. What went well goes by itself, what
// did not stays until somebody has seen it. They are kept as what there is to say, not as words: the words are
// those of the language that the page is in.
import { type Watchable, createStore } from './external-store.ts'
import type { Language } from './preferences.ts'
import type { Text } from './text/en.ts'

type Saying = (text: Text, language: Language) => string

interface Notice {
  readonly id: number
  readonly tone: 'plain' | 'problem'
  readonly saying: Saying
  readonly action?: { readonly label: Saying; readonly run: () => void }
}

export interface Notices extends Watchable<readonly Notice[]> {
  say(notice: Omit<Notice, 'id'>): void
  dismiss(id: number): void
}

const plainMs = 6_000
const maxShown = 4

export function createNotices(): Notices {
  const shown = createStore<readonly Notice[]>([])
  let lastId = 0

  function dismiss(id: number): void {
    shown.set(shown.get().filter((notice) => notice.id !== id))
  }

  return {
    get: shown.get,
    subscribe: shown.subscribe,
    dismiss,
    say(notice) {
      lastId += 1
      const id = lastId
      shown.set([...shown.get(), { ...notice, id }].slice(-maxShown))
      if (notice.tone === 'plain') setTimeout(dismiss, plainMs, id)
    },
  }
}
