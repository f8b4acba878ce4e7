// Due times in log time, in one heap. What has to happen at a time of its own (a delay that ends, a silence that
// becomes too long) is a timer; it is set rarely and checked when it rings, so that a reading which changes
// nothing never touches the heap.

/** Due times of one millisecond ring in this order, then by key: the order must not depend on history. */
export const ranks = { source: 0, forget: 1, hold: 2, presence: 3, delay: 4, alone: 5, due: 6, tell: 7 } as const

export interface Timer {
  readonly rank: number
  readonly key: string
  readonly ring: () => void
  /** ms UTC of log time; Infinity: not set. To be changed through `set` and `cancel` only. */
  due: number
  /** Earliest time at which the heap holds the timer; Infinity: not at all. */
  armed: number
}

export interface Timers {
  /** Rings at `due`; replaces what was set before. Later than before costs nothing until the old time comes. */
  set(timer: Timer, due: number): void
  cancel(timer: Timer): void
  /** No timer rings before this time. */
  readonly next: number
  /**
   * Rings everything due up to and including `until`, in order, also what is set meanwhile; `onTime` is told
   * of each due time before its timer rings.
   */
  run(until: number, onTime: (due: number) => void): void
}

export function createTimer(rank: keyof typeof ranks, key: string, ring: () => void): Timer {
  return { rank: ranks[rank], key, ring, due: Infinity, armed: Infinity }
}

/** Children of a node: so many due times lie side by side in memory. */
const arity = 4

export function createTimers(): Timers {
  // The heap: due times apart from their timers, so that finding a place reads few, neighbouring numbers.
  const dues: number[] = []
  const timers: Timer[] = []

  function isBefore(due: number, timer: Timer, index: number): boolean {
    const otherDue = dues[index] ?? Infinity
    if (due !== otherDue) return due < otherDue
    const other = timers[index]
    if (other === undefined || timer.rank !== other.rank) return other === undefined || timer.rank < other.rank
    return timer.key < other.key
  }

  function put(index: number, due: number, timer: Timer): void {
    dues[index] = due
    timers[index] = timer
  }

  function move(from: number, to: number): void {
    const timer = timers[from]
    if (timer !== undefined) put(to, dues[from] ?? Infinity, timer)
  }

  function arm(timer: Timer): void {
    const { due } = timer
    timer.armed = due
    let index = dues.length
    put(index, due, timer)
    while (index > 0) {
      const above = Math.floor((index - 1) / arity)
      if (!isBefore(due, timer, above)) break
      move(above, index)
      index = above
    }
    put(index, due, timer)
  }

  function firstBelow(index: number): number {
    const begin = arity * index + 1
    const end = Math.min(begin + arity, dues.length)
    let first = begin
    for (let child = begin + 1; child < end; child++) {
      const timer = timers[child]
      if (timer !== undefined && isBefore(dues[child] ?? Infinity, timer, first)) first = child
    }
    return first
  }

  function takeFirst(): void {
    const due = dues.pop()
    const timer = timers.pop()
    if (due === undefined || timer === undefined || dues.length === 0) return
    let index = 0
    for (;;) {
      const child = firstBelow(index)
      if (child >= dues.length || isBefore(due, timer, child)) break
      move(child, index)
      index = child
    }
    put(index, due, timer)
  }

  return {
    set(timer, due) {
      timer.due = due
      if (due < timer.armed) arm(timer)
    },
    cancel(timer) {
      timer.due = Infinity
    },
    get next() {
      return dues[0] ?? Infinity
    },
    run(until, onTime) {
      for (;;) {
        const due = dues[0] ?? Infinity
        const timer = timers[0]
        if (timer === undefined || due > until) return
        takeFirst()
        // An entry that an earlier one has replaced.
        if (due !== timer.armed) continue
        timer.armed = Infinity
        if (timer.due === Infinity) continue
        if (timer.due > due) {
          arm(timer)
          continue
        }
        timer.due = Infinity
        onTime(due)
        timer.ring()
      }
    },
  }
}
