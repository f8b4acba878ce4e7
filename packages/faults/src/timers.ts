// Due times in log time, in one heap. What has to happen at a time of its own (a delay that ends, a silence that
// becomes too long) is a timer; it is set rarely and checked when it rings, so that a reading which changes
// nothing never touches the heap.

/** Due times of one millisecond ring in this order, then by key: the order must not depend on history. */
export const ranks = { source: 0, presence: 1, delay: 2, alone: 3, forget: 4 } as const

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

interface Entry {
  due: number
  timer: Timer
}

function isBefore(a: Entry, b: Entry): boolean {
  if (a.due !== b.due) return a.due < b.due
  if (a.timer.rank !== b.timer.rank) return a.timer.rank < b.timer.rank
  return a.timer.key < b.timer.key
}

export function createTimers(): Timers {
  const heap: Entry[] = []

  function arm(timer: Timer): void {
    timer.armed = timer.due
    const entry: Entry = { due: timer.due, timer }
    let index = heap.length
    heap.push(entry)
    while (index > 0) {
      const above = (index - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || !isBefore(entry, parent)) break
      heap[index] = parent
      index = above
    }
    heap[index] = entry
  }

  function takeFirst(): void {
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let index = 0
    for (;;) {
      let below = 2 * index + 1
      let child = heap[below]
      if (child === undefined) break
      const sibling = heap[below + 1]
      if (sibling !== undefined && isBefore(sibling, child)) {
        child = sibling
        below++
      }
      if (!isBefore(child, last)) break
      heap[index] = child
      index = below
    }
    heap[index] = last
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
      return heap[0]?.due ?? Infinity
    },
    run(until, onTime) {
      for (let first = heap[0]; first !== undefined && first.due <= until; first = heap[0]) {
        const { due, timer } = first
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
