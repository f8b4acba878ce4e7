// Devices as CSV, for import and export: columns as in the registry, tags joined by `;`, an empty cell for what
// is not stated.
import { type Device, NewDevice, deviceColumns } from '@ronda/contracts/device'
import { AppError } from '@ronda/contracts/errors'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import type { ImportedDevice } from './registry.ts'

const mostProblems = 200

const numbers = new Set(['latitude', 'longitude', 'intervalS', 'nominalPowerW', 'nominalVoltageV', 'installedAt'])

/** The devices with their lines in the file; throws `validation_failed` with a problem per faulty row. */
export function parseDeviceCsv(text: string): { line: number; device: NewDevice }[] {
  const records = readRecords(text)
  const [header] = records
  const unknown = Object.keys(header?.record ?? {}).filter(
    (name) => !(deviceColumns as readonly string[]).includes(name),
  )
  const problems = unknown.map(
    (name) => `line 1: column ${name}: there is no such column; there are ${deviceColumns.join(', ')}`,
  )
  const devices: { line: number; device: NewDevice }[] = []
  if (problems.length === 0) {
    for (const { record, line } of records) {
      const result = NewDevice.safeParse(cellsToDevice(record))
      if (result.success) devices.push({ line, device: result.data })
      else
        for (const { path, message } of result.error.issues)
          problems.push(`line ${line}: ${path.join('.')}: ${message}`)
    }
  }
  if (problems.length === 0) return devices
  const shown = problems.slice(0, mostProblems)
  if (shown.length < problems.length) shown.push(`and ${problems.length - shown.length} more`)
  throw new AppError('validation_failed', 'nothing was imported: the file has problems', { problems: shown })
}

function readRecords(text: string): { record: Record<string, string>; line: number }[] {
  try {
    const rows: { record: Record<string, string>; info: { lines: number } }[] = parse(text, {
      columns: true,
      bom: true,
      info: true,
      skip_empty_lines: true,
      trim: true,
    })
    return rows.map(({ record, info }) => ({ record, line: info.lines }))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new AppError('validation_failed', 'nothing was imported: the file is not CSV', {
      problems: [why],
      cause: error,
    })
  }
}

function cellsToDevice(record: Record<string, string>): Record<string, unknown> {
  const device: Record<string, unknown> = {}
  for (const [name, cell] of Object.entries(record)) {
    if (cell === '') continue
    if (numbers.has(name)) device[name] = Number(cell)
    else if (name === 'tags') device[name] = cell.split(';').filter((tag) => tag !== '')
    else if (name === 'enabled') device[name] = cell === 'true' ? true : cell === 'false' ? false : cell
    else device[name] = cell
  }
  return device
}

export function exportDeviceCsv(devices: readonly Device[]): string {
  const rows = devices.map((device) =>
    deviceColumns.map((name) => {
      const value = device[name]
      return Array.isArray(value) ? value.join(';') : value === undefined ? '' : String(value)
    }),
  )
  return stringify([[...deviceColumns], ...rows])
}

/** What became of each row; a token is told this once. */
export function importResultCsv(imported: readonly ImportedDevice[]): string {
  const rows = imported.map(({ device, outcome, token }) => [
    device.id,
    device.uid,
    device.revision,
    outcome,
    token ?? '',
  ])
  return stringify([['id', 'uid', 'revision', 'outcome', 'token'], ...rows])
}
