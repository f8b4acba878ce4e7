// The writing of a batch: in requests of a sane size, each of which is halved, when the server refuses it, until
// the points that it does not take stand alone. The others are in by then: writing a point twice changes nothing.
import type { RejectedRow, Row } from '../store.ts'
import { lineOf } from './line-protocol.ts'
import type { InfluxServer } from './server.ts'

const linesPerRequest = 5_000
const charactersPerRequest = 4_000_000

/** The rows that the server will never take. Throws `store_unavailable` when it takes none at the moment. */
export async function writeRows(server: Pick<InfluxServer, 'write'>, rows: readonly Row[]): Promise<RejectedRow[]> {
  const lines = rows.map(lineOf)
  const rejected: RejectedRow[] = []

  /** Writes the lines from `start` to before `end`. */
  async function writeLines(start: number, end: number): Promise<void> {
    const refusal = await server.write(lines.slice(start, end))
    if (refusal === undefined) return
    const { reason, tooLarge, dropped = 0 } = refusal
    if (end - start === 1 || (!tooLarge && dropped >= end - start)) {
      for (const row of rows.slice(start, end)) rejected.push({ row, reason })
      return
    }
    const middle = (start + end) >>> 1
    await writeLines(start, middle)
    await writeLines(middle, end)
  }

  let start = 0
  while (start < lines.length) {
    const end = endOfRequest(lines, start)
    await writeLines(start, end)
    start = end
  }
  return rejected
}

function endOfRequest(lines: readonly string[], start: number): number {
  let characters = 0
  let end = start
  while (end < lines.length && end - start < linesPerRequest) {
    characters += (lines[end]?.length ?? 0) + 1
    if (characters > charactersPerRequest && end > start) break
    end++
  }
  return end
}
