// A device as it is being written: a text for every field, and what of it is to be asked of the server.
import type { Device, DevicePatch } from '@ronda/contracts/device'
import type { StatedDevice } from '../../api/registry.ts'
import { dateOf, startOfDate } from './city-date.ts'
import { type Column, deviceColumns } from './device-columns.ts'

export type Draft = Readonly<Record<Column, string>>

const emptyDraft: Draft = {
  id: '',
  kind: 'streetlight',
  name: '',
  latitude: '',
  longitude: '',
  district: '',
  street: '',
  pole: '',
  site: '',
  cabinet: '',
  circuit: '',
  phase: '',
  supply: 'permanent',
  gateway: '',
  agency: '',
  intervalS: '60',
  nominalPowerW: '',
  nominalVoltageV: '',
  serial: '',
  installedAt: '',
  zone: 'main',
  tags: '',
  enabled: 'true',
  rules: '',
}

const numbers: ReadonlySet<Column> = new Set(['latitude', 'longitude', 'intervalS', 'nominalPowerW', 'nominalVoltageV'])

/** What is known of it, the rest as registering it would have it. `timeZone`: the city's. */
export function draftOf(known: Partial<Device>, timeZone: string): Draft {
  const texts = deviceColumns.flatMap((column) => {
    const value = known[column]
    return value === undefined ? [] : [[column, toText(column, value, timeZone)] as const]
  })
  return { ...emptyDraft, ...Object.fromEntries(texts) }
}

/** For a registration: what was left empty is not stated. */
export function statedBy(draft: Draft, timeZone: string): StatedDevice {
  const stated = deviceColumns
    .filter((column) => draft[column].trim() !== '')
    .map((column) => [column, toValue(column, draft[column], timeZone)])
  return Object.fromEntries(stated)
}

/** For a change: what is another text than before; empty takes it away. */
export function patchBy(draft: Draft, before: Draft, timeZone: string): DevicePatch {
  const patch = changedColumns(draft, before).map((column) => [
    column,
    draft[column].trim() === '' ? null : toValue(column, draft[column], timeZone),
  ])
  return Object.fromEntries(patch)
}

export function changedColumns(draft: Draft, before: Draft): Column[] {
  return deviceColumns.filter((column) => draft[column].trim() !== before[column].trim())
}

/**
 * After somebody else has changed the device from `before` to `newest`: what they changed and `draft` did not is taken
 * over; where both did, `draft` stays and the column is told.
 */
export function mergeDraft(draft: Draft, before: Draft, newest: Draft): { draft: Draft; clashes: Column[] } {
  const mine = new Set(changedColumns(draft, before))
  const theirs = changedColumns(newest, before)
  const clashes = theirs.filter((column) => mine.has(column) && draft[column].trim() !== newest[column].trim())
  const kept = Object.fromEntries([...mine].map((column) => [column, draft[column]]))
  return { draft: { ...newest, ...kept }, clashes }
}

/** The columns that a refusal is about: its problems begin with their names. */
export function columnsOf(problems: readonly string[]): Column[] {
  const named = problems.map((problem) => /^\w+/.exec(problem)?.[0])
  return deviceColumns.filter((column) => named.includes(column))
}

function toText(column: Column, value: NonNullable<Device[Column]>, timeZone: string): string {
  if (column === 'installedAt' && typeof value === 'number') return dateOf(value, timeZone)
  if (typeof value !== 'object') return String(value)
  return Array.isArray(value) ? value.join('; ') : JSON.stringify(value, undefined, 2)
}

/** What is not what it should be stays text, which the server refuses by its name. */
function toValue(column: Column, text: string, timeZone: string): unknown {
  const trimmed = text.trim()
  if (numbers.has(column)) return toNumber(trimmed)
  if (column === 'installedAt') return startOfDate(trimmed, timeZone) ?? trimmed
  if (column === 'enabled') return trimmed === 'true'
  if (column === 'tags') return trimmed.split(/[;,\s]+/).filter((tag) => tag !== '')
  if (column === 'rules') return toJson(trimmed)
  return trimmed
}

/** Also with a comma, as it is written in Indonesian. */
function toNumber(text: string): number | string {
  const number = Number(text.replace(',', '.'))
  return Number.isNaN(number) ? text : number
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
