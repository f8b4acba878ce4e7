// Wakes readers when any process has committed. LMDB writes its file with every commit, so watching the file
// is the bell; a slow poll covers file systems that do not tell.
import { type FSWatcher, watch } from 'node:fs'

const pollMs = 200

export interface Doorbell {
  /** How often it has rung; read it before looking for news. */
  readonly rings: number
  /** Resolves at the first ring after `since`, at a poll, or when the signal aborts. */
  wait(since: number, signal: AbortSignal): Promise<void>
  close(): void
}

export function createDoorbell(file: string): Doorbell {
  let rings = 0
  let waiting: (() => void)[] = []
  let watcher: FSWatcher | undefined
  let poll: NodeJS.Timeout | undefined

  const wake = () => {
    const woken = waiting
    waiting = []
    for (const resolve of woken) resolve()
  }
  const ring = () => {
    rings++
    wake()
  }

  /** From the first wait on: a process that only writes has no use for a bell. */
  const listen = () => {
    poll = setInterval(ring, pollMs)
    poll.unref()
    try {
      watcher = watch(file, { persistent: false }, ring)
      // Not every file system can be watched; then the poll alone rings.
      watcher.on('error', () => watcher?.close())
    } catch {
      watcher = undefined
    }
  }

  return {
    get rings() {
      return rings
    },
    wait(since, signal) {
      if (poll === undefined) listen()
      if (rings !== since || signal.aborted) return Promise.resolve()
      return new Promise((resolve) => {
        const done = () => {
          signal.removeEventListener('abort', done)
          resolve()
        }
        signal.addEventListener('abort', done, { once: true })
        waiting.push(done)
      })
    },
    close() {
      clearInterval(poll)
      watcher?.close()
      wake()
    },
  }
}
