// High-water marks of one measurement: the newest time stored of each device. A row above its device's mark is
// certainly new, so that only the few below need a look into the table. What a stage raises counts at once for
// the rest of it, and is taken back when the stage is.

/** A time in two numbers, compared in this order: ms UTC and the ns within it. */
export interface Instant {
  tsMs: number
  sub: number
}

interface Mark {
  committedMs: number
  committedSub: number
  stagedMs: number
  stagedSub: number
}

export interface Marks {
  /** Whether the time is above the device's mark, which it then becomes. */
  rise(device: string, tsMs: number, sub: number): boolean
  /** ms of the newest time of all devices, with what is staged; below 0 when there is none. */
  newestMs(): number
  /** What is staged is committed. */
  settle(): void
  /** What is staged is taken back. */
  revert(): void
}

export interface MarksOptions {
  /** Committed marks. */
  loaded: Iterable<readonly [device: string, newest: Instant]>
  /** A device that is not loaded has no row at or after this ms. */
  floorMs: number
}

export function createMarks({ loaded, floorMs }: MarksOptions): Marks {
  const marks = new Map<string, Mark>()
  let touched: Mark[] = []
  let committedMs = -1

  function add(device: string, { tsMs, sub }: Instant): Mark {
    const mark = { committedMs: tsMs, committedSub: sub, stagedMs: tsMs, stagedSub: sub }
    marks.set(device, mark)
    return mark
  }

  for (const [device, instant] of loaded) {
    add(device, instant)
    committedMs = Math.max(committedMs, instant.tsMs)
  }
  const belowFloor: Instant = { tsMs: floorMs - 1, sub: 999_999 }
  let stagedMs = committedMs

  return {
    rise(device, tsMs, sub) {
      const mark = marks.get(device) ?? add(device, belowFloor)
      if (tsMs < mark.stagedMs || (tsMs === mark.stagedMs && sub <= mark.stagedSub)) return false
      touched.push(mark)
      mark.stagedMs = tsMs
      mark.stagedSub = sub
      if (tsMs > stagedMs) stagedMs = tsMs
      return true
    },
    newestMs: () => stagedMs,
    settle() {
      for (const mark of touched) {
        mark.committedMs = mark.stagedMs
        mark.committedSub = mark.stagedSub
      }
      touched = []
      committedMs = stagedMs
    },
    revert() {
      for (const mark of touched) {
        mark.stagedMs = mark.committedMs
        mark.stagedSub = mark.committedSub
      }
      touched = []
      stagedMs = committedMs
    },
  }
}

export function isAfter(a: Instant, b: Instant): boolean {
  return a.tsMs > b.tsMs || (a.tsMs === b.tsMs && a.sub > b.sub)
}
