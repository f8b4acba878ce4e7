// The open faults that match a filter, at one place of the stream, as framed pages. Readers that subscribe at
// about the same time share one, so that a whole control room coming back costs one serialisation.
import { snapshotPageSize } from '@ronda/contracts/websocket'
import type { CursorCodec } from './cursor.ts'
import type { Place } from './fault-event.ts'
import { textBytes } from './frames.ts'

export interface Snapshot {
  /** Where its readers go on. */
  readonly place: Place
  readonly pages: number
  /** Built when first asked for. */
  page(index: number): Buffer
}

export interface SnapshotOptions {
  place: Place
  /** JSON of each. */
  faults: readonly string[]
  filterTag: string
  cursors: CursorCodec
}

export function createSnapshot({ place, faults, filterTag, cursors }: SnapshotOptions): Snapshot {
  const pages = Math.max(1, Math.ceil(faults.length / snapshotPageSize))
  const built: Buffer[] = []

  function build(index: number): Buffer {
    const more = index < pages - 1
    // A client that lost the connection between two pages has nothing to resume from.
    const cursor = more ? cursors.partial(filterTag) : cursors.at(place, filterTag)
    const page = faults.slice(index * snapshotPageSize, (index + 1) * snapshotPageSize).join(',')
    return textBytes(`{"type":"snapshot","cursor":"${cursor}","faults":[${page}],"more":${more}}`)
  }

  return {
    place,
    pages,
    page: (index) => (built[index] ??= build(index)),
  }
}
