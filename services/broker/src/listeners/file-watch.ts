// When files change, however they do: written in place, renamed over, or behind a symbolic link that was switched,
// as certbot and Kubernetes do it. They are asked rather than watched, which works on every file system.
import { stat } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

export interface FileWatchDeps {
  paths: readonly string[]
  pollMs: number
  signal: AbortSignal
  /**
   * The files are others than at the last time that this returned true, and have been the same for one poll: what
   * replaces several is done by then. Asked again at every poll until it returns true.
   */
  onChange: () => Promise<boolean>
  /** At every poll. */
  onPoll: () => void
}

/** Call it before the files are read for the first time. Ends with the signal. */
export async function watchFiles({
  paths,
  pollMs,
  signal,
  onChange,
  onPoll,
}: FileWatchDeps): Promise<() => Promise<void>> {
  let taken = await stateOf(paths)
  return async () => {
    let seen = taken
    while (await nextPoll(pollMs, signal)) {
      const state = await stateOf(paths)
      if (state !== taken && state === seen && (await onChange())) taken = state
      seen = state
      onPoll()
    }
  }
}

function nextPoll(pollMs: number, signal: AbortSignal): Promise<boolean> {
  return delay(pollMs, true, { signal, ref: false }).catch(() => false)
}

async function stateOf(paths: readonly string[]): Promise<string> {
  const states = await Promise.all(
    paths.map(async (path) => {
      try {
        const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true })
        return `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`
      } catch {
        return 'missing'
      }
    }),
  )
  return states.join()
}
