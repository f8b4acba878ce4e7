// Buckets grow with the city: their rows are read in pieces, and the rest of the process has its turn between two.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Bucket, ListOptions, Row } from '@ronda/backbone/backbone'

const rowsPerTurn = 500

export async function* scan<T>(bucket: Bucket<T>, range: Omit<ListOptions, 'limit'> = {}): AsyncIterable<Row<T>> {
  let rest = range
  for (;;) {
    const rows = await bucket.list({ ...rest, limit: rowsPerTurn })
    yield* rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < rowsPerTurn) return
    rest = range.reverse === true ? { ...range, before: last.key } : { ...range, after: last.key }
    await nextTurn()
  }
}

export interface Page<T> {
  values: T[]
  /** Key of its last row when there are rows after it, whether or not they are wanted. */
  next?: string
}

/** The first `limit` values that are wanted; reads no further than it takes to find them. */
export async function readPage<T>(
  bucket: Bucket<T>,
  { limit, ...range }: ListOptions & { limit: number },
  isWanted: (value: T) => boolean,
): Promise<Page<T>> {
  const values: T[] = []
  let next: string | undefined
  for await (const { key, value } of scan(bucket, range)) {
    if (next !== undefined) return { values, next }
    if (!isWanted(value)) continue
    values.push(value)
    if (values.length === limit) next = key
  }
  return { values }
}
