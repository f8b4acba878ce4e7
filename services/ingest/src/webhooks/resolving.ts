// Names looked up a few at a time, and each once at a time. The system's resolver occupies a thread for as long as it
// waits for an answer, and those threads are four, which the disk is written with as well: names that nobody answers for
// must stop neither that nor, unless there are many of them, other names.
import type { Resolve } from './addresses.ts'

type Told = Parameters<Resolve>[2]

/** Who may wait for answers; whoever asks beyond comes again later anyway. */
const mostWaiting = 64

/** The same, but never more than `most` names at a time, in the order in which they were asked for. */
export function resolveInTurn(resolve: Resolve, most: number): Resolve {
  /** Whom to tell, by name: the first `running` of them are looked up. */
  const asked = new Map<string, Told[]>()
  let running = 0
  let waiting = 0

  function start(host: string): void {
    running++
    resolve(host, { all: true }, (error, addresses) => {
      const told = asked.get(host) ?? []
      asked.delete(host)
      running--
      waiting -= told.length
      const next = [...asked.keys()][running]
      if (next !== undefined) start(next)
      for (const tell of told) tell(error, addresses)
    })
  }

  return (host, _options, callback) => {
    if (waiting >= mostWaiting) {
      callback(new Error(`${host} is not looked up: too many names wait for an answer`), [])
      return
    }
    waiting++
    const others = asked.get(host)
    if (others !== undefined) {
      others.push(callback)
      return
    }
    asked.set(host, [callback])
    if (running < most) start(host)
  }
}
