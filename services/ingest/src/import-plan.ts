// What an import of devices would do: each row held against the registry, everything that is wrong with the file, and
// by what state of both this was found. Previews tell it, imports carry it out; nothing is changed here.
import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Bucket, Row } from '@ronda/backbone/backbone'
import { type Device, type DeviceRow, NewDevice } from '@ronda/contracts/device'
import type { ImportOutcome, ImportProblem } from '@ronda/contracts/device-import'
import { DeviceId } from '@ronda/contracts/topics'
import type { DeviceTable, StatedDevice } from './device-csv.ts'

/** Rows that are looked at before others have their turn. */
const rowsPerTurn = 500
const longestCell = 120

/** What of a device depends on more than its form. */
export type Stated = Pick<NewDevice, 'kind' | 'district' | 'agency' | 'rules'>

/** How a device does not fit its city. */
export type Misfit = Pick<ImportProblem, 'column' | 'code' | 'detail'>

export interface PlannedRow {
  line: number
  device: NewDevice
  /** As it is registered. */
  known: Row<DeviceRow> | undefined
  outcome: ImportOutcome
  /** It is to have a new one. */
  token: boolean
}

export interface ImportPlan {
  /** The rows without problems. */
  rows: readonly PlannedRow[]
  /** In the order of lines. */
  problems: readonly ImportProblem[]
  /** Another file, other options, or another state of these devices gives another. */
  basis: string
}

export interface ImportPlanDeps {
  bucket: Bucket<DeviceRow>
  misfits: (device: Stated) => Iterable<Misfit>
  /** Known devices get new tokens too. */
  reissue: boolean
}

export async function planImport(
  table: DeviceTable,
  { bucket, misfits, reissue }: ImportPlanDeps,
): Promise<ImportPlan> {
  const problems = [...table.problems]
  const lines = new Map<string, number>()
  const rows: PlannedRow[] = []
  const basis = createHash('sha256').update(`reissue ${reissue}\n`)
  for (const [index, { line, stated }] of table.rows.entries()) {
    if (index % rowsPerTurn === 0) await nextTurn()
    const id = DeviceId.safeParse(stated['id'])
    const known = id.success ? await bucket.get(id.data) : undefined
    // undefined, which takes a value away, is not the same as a column that is not there.
    const written = JSON.stringify(stated, (_key, value: unknown) => value ?? null)
    basis.update(`${line} ${known?.value.device.revision ?? 0} ${written}\n`)

    const { data: device, error } = overlay(known?.value.device, stated)
    if (device === undefined) {
      for (const { path, message } of error.issues) problems.push(formProblem(line, { path, message, stated }))
      continue
    }
    for (const misfit of [...misfits(device), ...clashes(device, known?.value.device)]) {
      problems.push({ line, ...cellOf(stated, misfit.column), ...misfit })
    }
    const first = lines.get(device.id)
    if (first !== undefined) {
      const detail = `id: ${device.id} is on line ${first} already`
      problems.push({ line, column: 'id', code: 'id_twice', cell: device.id, detail })
    }
    lines.set(device.id, line)
    const outcome = outcomeOf(device, known?.value.device, reissue)
    rows.push({ line, device, known, outcome, token: known === undefined || reissue })
  }
  problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
  return { rows, problems, basis: basis.digest('base64url') }
}

/** Of a registered device what an engineer states. */
export function newDeviceOf({ uid: _uid, revision: _revision, retiredAt: _retiredAt, ...device }: Device): NewDevice {
  return device
}

/** What is registered with what a row states laid over it. */
function overlay(known: Device | undefined, stated: StatedDevice['stated']) {
  const fields = Object.entries({ ...(known === undefined ? {} : newDeviceOf(known)), ...stated })
  return NewDevice.safeParse(Object.fromEntries(fields.filter(([, value]) => value !== undefined)))
}

function outcomeOf(device: NewDevice, known: Device | undefined, reissue: boolean): ImportOutcome {
  if (known === undefined) return 'registered'
  return reissue || !isDeepStrictEqual(device, newDeviceOf(known)) ? 'updated' : 'unchanged'
}

interface FormIssue {
  path: readonly PropertyKey[]
  message: string
  stated: StatedDevice['stated']
}

function formProblem(line: number, { path, message, stated }: FormIssue): ImportProblem {
  const column = String(path[0])
  const cell = cellOf(stated, column)
  const code = cell.cell === undefined ? 'value_missing' : 'value_invalid'
  return { line, column, code, ...cell, detail: `${path.join('.')}: ${message}` }
}

function cellOf(stated: StatedDevice['stated'], column = ''): Pick<ImportProblem, 'cell'> {
  const value = stated[column]
  if (value === undefined) return {}
  return { cell: (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, longestCell) }
}

function* clashes({ id, kind }: NewDevice, known: Device | undefined): Iterable<Misfit> {
  if (known?.retiredAt !== undefined) yield { column: 'id', code: 'device_retired', detail: `id: ${id} is retired` }
  if (known !== undefined && known.kind !== kind) {
    yield { column: 'kind', code: 'kind_differs', detail: `kind: ${id} is a ${known.kind}` }
  }
}
