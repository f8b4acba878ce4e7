// The writing of a batch: in requests of a sane size, each of which is halved, when the server refuses it, until
// the points that it does not take stand alone. The others are in by then: writing a point twice changes nothing.
import type { RejectedRow, Row } from '../store.ts'
import { lineOf } from './line-protocol.ts'
import type { InfluxServer } from './server.ts'

const linesPerRequest = 5_000
const charactersPerRequest = 4_000_000

/** The rows that the server will never take. Throws `store_unavailable` when it takes none at the moment. */
export async function writeRows(server: Pick<InfluxServer, 'write'>, rows: readonly Row[]): Promise<RejectedRow[]> {
  const rejected: RejectedRow[] = []

  async function writeAll(part: readonly Row[], lines: readonly string[]): Promise<void> {
    const refusal = await server.write(lines)
    if (refusal === undefined) return
    const { reason, tooLarge, dropped = 0 } = refusal
    if (lines.length === 1 || (!tooLarge && dropped >= lines.length)) {
      for (const row of part) rejected.push({ row, reason })
      return
    }
    const middle = lines.length >>> 1
    await writeAll(part.slice(0, middle), lines.slice(0, middle))
    await writeAll(part.slice(middle), lines.slice(middle))
  }

  let start = 0
  while (start < rows.length) {
    const lines = linesFrom(rows, start)
    await writeAll(rows.slice(start, start + lines.length), lines)
    start += lines.length
  }
  return rejected
}

/** The lines of one request, at least one. */
function linesFrom(rows: readonly Row[], start: number): string[] {
  const lines: string[] = []
  let characters = 0
  for (const row of rows.slice(start, start + linesPerRequest)) {
    const line = lineOf(row)
    characters += line.length + 1
    if (characters > charactersPerRequest && lines.length > 0) break
    lines.push(line)
  }
  return lines
}
