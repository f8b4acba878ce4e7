// Devices as the registry's CSV: columns by name, tags joined by `;`, rules as JSON, an empty cell for what is absent.
import { NewDevice, deviceColumns } from '@ronda/contracts/device'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { z } from 'zod'

export function toCsv(devices: readonly NewDevice[]): string {
  return stringify([
    [...deviceColumns],
    ...devices.map((device) => deviceColumns.map((column) => cellOf(device[column]))),
  ])
}

function cellOf(value: NewDevice[keyof NewDevice]): string {
  if (value === undefined) return ''
  if (typeof value !== 'object') return String(value)
  return Array.isArray(value) ? value.join(';') : JSON.stringify(value)
}

const number = z.coerce.number()
const cells = z.object({
  latitude: number,
  longitude: number,
  intervalS: number,
  nominalPowerW: number,
  nominalVoltageV: number,
  installedAt: number,
  enabled: z.stringbool(),
  tags: z.string().transform((text) => text.split(';')),
  rules: z.string().transform((text): unknown => JSON.parse(text)),
})
const DeviceRow = z.preprocess(withoutEmpty, z.looseObject(cells.partial().shape).pipe(NewDevice))

/** The devices of an export. */
export function parseDevices(csv: string): NewDevice[] {
  return z.array(DeviceRow).parse(parse(csv, { columns: true }))
}

const ImportedRow = z.preprocess(
  withoutEmpty,
  z.object({
    id: z.string(),
    outcome: z.enum(['registered', 'updated', 'unchanged']),
    /** Of a registered one. */
    token: z.string().optional(),
  }),
)
export type ImportedRow = z.infer<typeof ImportedRow>

/** The answer to an import, row by row. */
export function parseImported(csv: string): ImportedRow[] {
  return z.array(ImportedRow).parse(parse(csv, { columns: true }))
}

function withoutEmpty(row: unknown): unknown {
  const isCell = ([, cell]: [string, unknown]) => cell !== ''
  return typeof row === 'object' && row !== null ? Object.fromEntries(Object.entries(row).filter(isCell)) : row
}
