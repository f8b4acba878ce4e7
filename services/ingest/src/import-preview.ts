// A planned import in words of the contract, written piece by piece: a file is long, and others have their turn
// between two pieces.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { deviceColumns } from '@ronda/contracts/device'
import { type ImportPreview, type PreviewedDevice, mostListedProblems } from '@ronda/contracts/device-import'
import { type ImportPlan, type PlannedRow, newDeviceOf } from './import-plan.ts'

const rowsPerPiece = 500

/** JSON of an ImportPreview. */
export async function* writePreview({ rows, problems, basis }: ImportPlan): AsyncIterable<string> {
  const head: Omit<ImportPreview, 'devices'> = {
    basis,
    counts: { registered: 0, updated: 0, unchanged: 0 },
    tokens: 0,
    problemCount: problems.length,
    problems: problems.slice(0, mostListedProblems),
  }
  for (const { outcome, token } of rows) {
    head.counts[outcome] += 1
    if (token) head.tokens += 1
  }
  yield `${JSON.stringify(head).slice(0, -1)},"devices":[`
  for (let at = 0; at < rows.length; at += rowsPerPiece) {
    const piece = JSON.stringify(rows.slice(at, at + rowsPerPiece).map(previewOf))
    yield (at === 0 ? '' : ',') + piece.slice(1, -1)
    await nextTurn()
  }
  yield ']}'
}

function previewOf({ line, device, known, outcome, token }: PlannedRow): PreviewedDevice {
  const { id, kind, name } = device
  const before = known === undefined ? {} : newDeviceOf(known.value.device)
  return { line, id, kind, name, outcome, token, changes: Object.fromEntries(changesOf(before, device)) }
}

type Fields = Readonly<Record<string, unknown>>

function* changesOf(before: Fields, after: Fields): Iterable<[string, PreviewedDevice['changes'][string]]> {
  for (const column of deviceColumns) {
    const from = before[column]
    const to = after[column]
    if (isDeepStrictEqual(from, to)) continue
    yield [column, { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }]
  }
}
