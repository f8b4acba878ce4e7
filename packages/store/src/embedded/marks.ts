// High-water marks of one measurement: the newest time stored of each device. A row above its device's mark is
// certainly new, so that only the few below need a look into the table. What a stage raises counts at once for
// the rest of it, and is taken back when the stage is.

/** A time in two numbers, compared in this order: ms UTC and the ns within it. */
export interface Instant {
  tsMs: number
  sub: number
}

interface Mark {
  committed: Instant
  staged: Instant
  /** There is a row at `committed`, not only none above it. */
  exact: boolean
}

export interface Marks {
  /** Whether the time is above the device's mark, which it then becomes. */
  rise(device: string, time: Instant): boolean
  /** The newest committed time of a device; undefined when its mark was not loaded and nothing came since. */
  newestOf(device: string): Instant | undefined
  /** The newest time of all devices, when what is staged raised it. */
  risen(): Instant | undefined
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
  /** The newest committed time; undefined when nothing is stored. */
  newest: Instant | undefined
}

export function createMarks({ loaded, floorMs, newest }: MarksOptions): Marks {
  const marks = new Map<string, Mark>()
  const belowFloor: Instant = { tsMs: floorMs - 1, sub: 999_999 }
  let touched: Mark[] = []
  let committed = newest ?? belowFloor
  let staged = committed

  for (const [device, instant] of loaded) marks.set(device, { committed: instant, staged: instant, exact: true })

  return {
    rise(device, time) {
      let mark = marks.get(device)
      if (mark === undefined) {
        mark = { committed: belowFloor, staged: belowFloor, exact: false }
        marks.set(device, mark)
      }
      if (!isAfter(time, mark.staged)) return false
      touched.push(mark)
      mark.staged = time
      if (isAfter(time, staged)) staged = time
      return true
    },
    newestOf(device) {
      const mark = marks.get(device)
      return mark?.exact === true ? mark.committed : undefined
    },
    risen: () => (staged === committed ? undefined : staged),
    settle() {
      for (const mark of touched) {
        mark.committed = mark.staged
        mark.exact = true
      }
      touched = []
      committed = staged
    },
    revert() {
      for (const mark of touched) mark.staged = mark.committed
      touched = []
      staged = committed
    },
  }
}

export function isAfter(a: Instant, b: Instant): boolean {
  return a.tsMs > b.tsMs || (a.tsMs === b.tsMs && a.sub > b.sub)
}
