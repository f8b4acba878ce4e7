// How many connections are opened in a second, for the whole city, and how many at once: a broker that is just
// back should not meet all devices in one instant, nor more of them than it can answer before they lose patience.
// Real time, for it is real sockets that are opened.

export interface Turn {
  cancel(): void
}

export interface Pacer {
  /**
   * Runs it when its turn comes, first come, first served; never before this call has returned. It has to say when
   * it is done, once or more, for the next to have a turn.
   */
  whenItsTurn(run: (done: () => void) => void): Turn
  stop(): void
}

interface Waiting extends Turn {
  run: ((done: () => void) => void) | undefined
}

const tickMs = 25
/** What nobody took while the queue was empty, or the process was busy, may be made up for: a tenth of a second. */
const savedMs = 100

export function createPacer(perSecond: number, atOnce: number): Pacer {
  let queue: Waiting[] = []
  let timer: NodeJS.Timeout | undefined
  let credit = 1
  let creditedAt = performance.now()
  let busy = 0

  const begin = (run: (done: () => void) => void) => {
    let isDone = false
    busy += 1
    run(() => {
      if (isDone) return
      isDone = true
      busy -= 1
    })
  }
  const release = () => {
    const now = performance.now()
    const most = Math.max(1, (perSecond * savedMs) / 1_000)
    credit = Math.min(most, credit + ((now - creditedAt) * perSecond) / 1_000)
    creditedAt = now
    let taken = 0
    for (; taken < queue.length && credit >= 1 && busy < atOnce; taken++) {
      const run = queue[taken]?.run
      if (run === undefined) continue
      credit -= 1
      begin(run)
    }
    queue = queue.slice(taken)
    timer = queue.length === 0 ? undefined : setTimeout(release, tickMs)
  }

  return {
    whenItsTurn(run) {
      const turn: Waiting = {
        run,
        cancel() {
          turn.run = undefined
        },
      }
      queue.push(turn)
      timer ??= setTimeout(release, 0)
      return turn
    },
    stop() {
      clearTimeout(timer)
      queue = []
    },
  }
}
