// Due times in log time. What has to happen at a time of its own (a delay that ends, a silence that becomes too long)
// is a timer; it is set rarely and checked when it rings, so that a reading which changes nothing never comes here.
// Timers wait in slots of a second, in no order; only those of the seconds that have begun are in a heap, which is
// small for that: hundreds of thousands that wait cost those that ring nothing.

/** Due times of one millisecond ring in this order, then by key: the order must not depend on history. */
export const ranks = { source: 0, forget: 1, hold: 2, presence: 3, delay: 4, alone: 5, due: 6, tell: 7 } as const

export interface Timer {
  readonly rank: number
  readonly key: string
  /** Told which it is, so that one function does for all of a kind. */
  ring(timer: Timer): void
  /** ms UTC of log time; Infinity: not set. To be changed through `set` and `cancel` only. */
  due: number
  /** Earliest time for which the timer waits in a slot or in the heap; Infinity: in neither. */
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
const slotMs = 1_000

function slotOf(due: number): number {
  return Math.floor(due / slotMs)
}

export function createTimers(): Timers {
  // The heap: due times apart from their timers, so that finding a place reads few, neighbouring numbers.
  const dues: number[] = []
  const timers: Timer[] = []
  /** Of the seconds that have not begun. */
  const slots = new Map<number, Timer[]>()
  /** What falls into it, or before it, is in the heap. */
  let begun = -Infinity
  /** Not after the first of the slots. */
  let first = Infinity

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
    const slot = slotOf(due)
    if (slot <= begun) {
      push(timer, due)
      return
    }
    const others = slots.get(slot)
    if (others !== undefined) others.push(timer)
    else {
      slots.set(slot, [timer])
      if (slot < first) first = slot
    }
  }

  /** Puts what waits in the first slot into the heap, or where it was set to meanwhile. */
  function open(): void {
    begun = first
    const waiting = slots.get(begun) ?? []
    slots.delete(begun)
    first = firstAfter(begun)
    for (const timer of waiting) {
      // Set to an earlier time since, it waits there.
      if (slotOf(timer.armed) !== begun) continue
      if (timer.due === Infinity) timer.armed = Infinity
      else arm(timer)
    }
  }

  /** Usually the next second or one of the next; it is looked for no longer than all slots take. */
  function firstAfter(slot: number): number {
    for (let tries = 1; tries <= slots.size; tries++) if (slots.has(slot + tries)) return slot + tries
    let least = Infinity
    for (const each of slots.keys()) if (each < least) least = each
    return least
  }

  function push(timer: Timer, due: number): void {
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
      return dues[0] ?? first * slotMs
    },
    run(until, onTime) {
      for (;;) {
        const due = dues[0]
        const timer = timers[0]
        if (timer === undefined || due === undefined) {
          if (first * slotMs > until) return
          open()
          continue
        }
        if (due > until) return
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
        timer.ring(timer)
      }
    },
  }
}
