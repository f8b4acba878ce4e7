// Registers devices over the API, as an engineer would, and keeps their tokens.
import { type NewDevice, deviceColumns } from '@ronda/contracts/device'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import type { RunningSystem } from './running-system.ts'

/** Tokens by device id. */
export async function registerPlan(
  system: Pick<RunningSystem, 'post'>,
  devices: readonly NewDevice[],
): Promise<Map<string, string>> {
  const rows = devices.map((device) => deviceColumns.map((name) => cell(device[name])))
  const csv = stringify([[...deviceColumns], ...rows])
  const answer: { id: string; token: string }[] = parse(await system.post<string>('/api/v1/devices/import', csv), {
    columns: true,
  })
  return new Map(answer.map(({ id, token }) => [id, token]))
}

function cell(value: NewDevice[keyof NewDevice]): string {
  if (value === undefined) return ''
  if (typeof value !== 'object') return String(value)
  return Array.isArray(value) ? value.join(';') : JSON.stringify(value)
}
