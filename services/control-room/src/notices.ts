// Short lines that say what came of something, read out by screen readers. What went well goes by itself, what
// did not stays until somebody has seen it.
import { type Watchable, createStore } from './external-store.ts'

interface Notice {
  readonly id: number
  readonly tone: 'plain' | 'problem'
  readonly text: string
  readonly action?: { readonly label: string; readonly run: () => void }
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
