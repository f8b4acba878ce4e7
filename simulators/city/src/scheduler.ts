// What is to happen when, in stamped time: one queue and one timer for the whole city, because tens of thousands
// of timers of different lengths are dear. Tasks run in the order of their times, late rather than never.
import type { Clock } from '@ronda/runtime/clock'

export interface Task {
  cancel(): void
}

export interface Scheduler {
  /** Runs it once, at a stamped time in ms UTC or as soon after as possible. */
  at(time: number, run: () => void): Task
  /** Forgets everything that is still to happen. */
  stop(): void
}

interface Entry extends Task {
  time: number
  run: (() => void) | undefined
}

/** A timer cannot be longer than this. */
const longestMs = 2 ** 31 - 1

export function createScheduler(clock: Clock): Scheduler {
  const heap: Entry[] = []
  let timer: NodeJS.Timeout | undefined
  let armedFor = Infinity

  const arm = () => {
    const next = heap[0]
    if (next === undefined || next.time >= armedFor) return
    clearTimeout(timer)
    armedFor = next.time
    timer = setTimeout(wake, Math.min(clock.realMs(Math.max(0, next.time - clock.now())), longestMs))
  }
  const wake = () => {
    armedFor = Infinity
    // Tasks added meanwhile wait for the next turn of the event loop, even when they are due at once.
    const now = clock.now()
    const due: Entry[] = []
    for (let next = heap[0]; next !== undefined && next.time <= now; next = heap[0]) {
      due.push(next)
      takeFirst(heap)
    }
    try {
      for (const entry of due) entry.run?.()
    } finally {
      arm()
    }
  }

  return {
    at(time, run) {
      const entry: Entry = {
        time,
        run,
        cancel() {
          entry.run = undefined
        },
      }
      add(heap, entry)
      arm()
      return entry
    },
    stop() {
      clearTimeout(timer)
      heap.length = 0
    },
  }
}

function add(heap: Entry[], entry: Entry): void {
  let index = heap.length
  heap.push(entry)
  while (index > 0) {
    const parentIndex = (index - 1) >> 1
    const parent = heap[parentIndex]
    if (parent === undefined || parent.time <= entry.time) break
    heap[index] = parent
    index = parentIndex
  }
  heap[index] = entry
}

function takeFirst(heap: Entry[]): void {
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return
  let index = 0
  for (;;) {
    const left = 2 * index + 1
    const [leftEntry, rightEntry] = [heap[left], heap[left + 1]]
    if (leftEntry === undefined) break
    const isRightEarlier = rightEntry !== undefined && rightEntry.time < leftEntry.time
    const [child, childIndex] = isRightEarlier ? [rightEntry, left + 1] : [leftEntry, left]
    if (child.time >= last.time) break
    heap[index] = child
    index = childIndex
  }
  heap[index] = last
}
