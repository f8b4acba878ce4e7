// Devices as CSV, for import and export: columns as in the registry, tags joined by `;`, rules as JSON. What a file does not
// state stays as it is: a column that is not there, and an empty cell of a value that every device has. An empty
// cell of an optional value takes it away.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Readable } from 'node:stream'
import { type Device, NewDevice, deviceColumns } from '@ronda/contracts/device'
import type { ImportOutcome, ImportProblem } from '@ronda/contracts/device-import'
import { AppError } from '@ronda/contracts/errors'
import { CsvError, parse } from 'csv-parse'
import { stringify } from 'csv-stringify/sync'
import { z } from 'zod'

/** An import is one commit, for which every other writer waits: about 3 s for this many. */
export const mostImportRows = 100_000
/** Far more than every column filled. */
const mostRowBytes = 16 * 1024
const mostProblems = 200
const bytesPerTurn = 64 * 1024
const rowsPerTurn = 500

const columns: ReadonlySet<string> = new Set(deviceColumns)
const optional: ReadonlySet<string> = new Set(
  deviceColumns.filter((name) => NewDevice.shape[name] instanceof z.ZodOptional),
)
const numbers = new Set(['latitude', 'longitude', 'intervalS', 'nominalPowerW', 'nominalVoltageV', 'installedAt'])

/** A row of an import, not validated yet. */
export interface StatedDevice {
  /** In the file, the header being 1. */
  line: number
  /** What its cells state; undefined takes a value away. */
  stated: Readonly<Record<string, unknown>>
}

export interface ImportedDevice {
  device: Device
  outcome: ImportOutcome
  /** When it got one by this import. */
  token?: string
}

/** A file of devices: its rows, and what in it is no row of the table. */
export interface DeviceTable {
  rows: readonly StatedDevice[]
  problems: readonly ImportProblem[]
}

export async function parseDeviceCsv(text: string): Promise<DeviceTable> {
  // By their words: of a row that never ends the parser complains once for each piece.
  const problems = new Map<string, ImportProblem>()
  const tell = (problem: ImportProblem) => void problems.set(sayProblem(problem), problem)
  const rows: StatedDevice[] = []
  let isHeaderWrong = false
  const parser = Readable.from(inPieces(text)).pipe(
    parse({
      columns(header: string[]) {
        for (const problem of headerProblems(header)) {
          tell(problem)
          isHeaderWrong = true
        }
        return header
      },
      bom: true,
      info: true,
      skip_empty_lines: true,
      trim: true,
      max_record_size: mostRowBytes,
      skip_records_with_error: true,
      on_skip(error) {
        tell({ line: Number(error?.['lines']), code: 'row_malformed', detail: String(error?.message) })
        return undefined
      },
    }),
  )
  try {
    for await (const row of parser) {
      // As its options say: columns and info.
      const { record, info } = row as { record: Record<string, string>; info: { lines: number } }
      if (rows.length === mostImportRows) {
        const detail = `a file has ${mostImportRows} devices at most: split it`
        tell({ line: info.lines, code: 'rows_too_many', detail })
        break
      }
      rows.push({ line: info.lines, stated: Object.fromEntries(readCells(record)) })
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    tell({ code: 'row_malformed', detail: error.message })
  }
  // Under a wrong header nobody knows what a cell states.
  return { rows: isHeaderWrong ? [] : rows, problems: [...problems.values()] }
}

/** Nothing was imported. */
export function importRefused(problems: readonly ImportProblem[]): AppError {
  const shown = problems.slice(0, mostProblems).map(sayProblem)
  if (shown.length < problems.length) shown.push(`and ${problems.length - shown.length} more`)
  return new AppError('validation_failed', 'nothing was imported: the file has problems', { problems: shown })
}

function sayProblem({ line, detail }: ImportProblem): string {
  return line === undefined ? detail : `line ${line}: ${detail}`
}

/** A file is long: others have their turn while it is read. */
async function* inPieces(text: string): AsyncIterable<Buffer> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += bytesPerTurn) {
    yield bytes.subarray(at, at + bytesPerTurn)
    await nextTurn()
  }
}

function* headerProblems(header: readonly string[]): Iterable<ImportProblem> {
  const line = 1
  if (!header.includes('id')) yield { line, column: 'id', code: 'column_missing', detail: 'column id: it is missing' }
  for (const column of new Set(header)) {
    if (!columns.has(column)) {
      const detail = `column ${column}: there is no such column; there are ${deviceColumns.join(', ')}`
      yield { line, column, code: 'column_unknown', detail }
    }
    if (header.indexOf(column) !== header.lastIndexOf(column)) {
      yield { line, column, code: 'column_twice', detail: `column ${column}: it is there twice` }
    }
  }
}

function* readCells(record: Record<string, string>): Iterable<[name: string, value: unknown]> {
  for (const [name, cell] of Object.entries(record)) {
    if (cell !== '') yield [name, readCell(name, cell)]
    else if (optional.has(name)) yield [name, undefined]
  }
}

function readCell(name: string, cell: string): unknown {
  if (numbers.has(name)) return readNumber(cell)
  if (name === 'tags') return cell.split(';').filter((tag) => tag !== '')
  if (name === 'rules') return readJson(cell)
  if (name === 'enabled') return cell === 'true' ? true : cell === 'false' ? false : cell
  return cell
}

/** Text that is no number stays text, which no column of numbers may be. */
function readNumber(cell: string): unknown {
  const number = Number(cell)
  return Number.isNaN(number) ? cell : number
}

/** Text that is no JSON stays text, which no column of JSON may be. */
function readJson(cell: string): unknown {
  try {
    return JSON.parse(cell)
  } catch {
    return cell
  }
}

export const deviceCsvHeader = stringify([[...deviceColumns]])

export function deviceCsvRow(device: Device): string {
  return stringify([deviceColumns.map((name) => writeCell(device[name]))])
}

function writeCell(value: NewDevice[keyof NewDevice]): string {
  if (value === undefined) return ''
  if (typeof value !== 'object') return String(value)
  return Array.isArray(value) ? value.join(';') : JSON.stringify(value)
}

/** What became of each row; a token is told this once. */
export async function importResultCsv(imported: readonly ImportedDevice[]): Promise<string> {
  let csv = stringify([['id', 'uid', 'revision', 'outcome', 'token']])
  for (let at = 0; at < imported.length; at += rowsPerTurn) {
    const rows = imported.slice(at, at + rowsPerTurn)
    csv += stringify(rows.map(({ device, outcome, token }) => [device.id, device.uid, device.revision, outcome, token]))
    await nextTurn()
  }
  return csv
}
