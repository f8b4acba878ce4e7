// The numbers of series: a device in a district. A device that moved to another district has several. Numbers are
// given out in memory and become known to the file with the next commit; a rollback leaves them unsaved, to go with
// the one after.

export interface Series {
  key: number
  device: string
  district: string
}

export interface SeriesIndex {
  /** The number of a series, a new one where there is none. */
  keyOf(device: string, district: string): number
  /** All numbers of a device. */
  keysOf(device: string): readonly number[]
  all(): Iterable<Series>
  /** What the file does not know yet. */
  unsaved(): readonly Series[]
  /** The file knows them all. */
  saved(): void
}

export function createSeriesIndex(known: Iterable<Series>): SeriesIndex {
  // Nearly every device has one series, which is the first of its list.
  const byDevice = new Map<string, Series[]>()
  let unsaved: Series[] = []
  let next = 0

  function add(series: Series): void {
    const list = byDevice.get(series.device)
    if (list === undefined) byDevice.set(series.device, [series])
    else list.push(series)
    next = Math.max(next, series.key + 1)
  }
  for (const series of known) add(series)

  return {
    keyOf(device, district) {
      const known = byDevice.get(device)
      const first = known?.[0]
      if (first?.district === district) return first.key
      const found = known?.find((series) => series.district === district)
      if (found !== undefined) return found.key
      const series = { key: next, device, district }
      add(series)
      unsaved.push(series)
      return series.key
    },
    keysOf: (device) => byDevice.get(device)?.map(({ key }) => key) ?? [],
    all: () => [...byDevice.values()].flat(),
    unsaved: () => unsaved,
    saved() {
      unsaved = []
    },
  }
}
