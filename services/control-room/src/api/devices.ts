// The registry and the history over HTTP: what there is, where it is, and what it said.
import type { Device } from '@ronda/contracts/device'
import type { DevicePlaces } from '@ronda/contracts/device-places'
import type { DeviceHistory, LatestReading } from '@ronda/contracts/history'
import type { DeviceKind } from '@ronda/contracts/topics'
import { type Reply, request } from './http.ts'

const pathOf = (id: string) => `/api/v1/devices/${encodeURIComponent(id)}`

/** Whether any device is registered; undefined when nobody can tell. */
export async function hasDevices(): Promise<boolean | undefined> {
  const reply = await request<{ devices: readonly unknown[] }>('/api/v1/devices?limit=1')
  return reply.kind === 'answer' ? reply.body.devices.length > 0 : undefined
}

/** All of them; told again at the price of a question while nothing has changed. */
export function fetchDevicePlaces(): Promise<Reply<DevicePlaces>> {
  return request('/api/v1/device-places', { cache: 'no-cache' })
}

export function fetchDevice(id: string): Promise<Reply<Device>> {
  return request(pathOf(id))
}

export function fetchLatest(id: string): Promise<Reply<LatestReading>> {
  return request(`${pathOf(id)}/latest`)
}

export interface DeviceListQuery {
  search: string
  kind: DeviceKind | undefined
  /** Slug. */
  district: string | undefined
  /** Id of the cabinet that feeds it. */
  cabinet?: string | undefined
  cursor?: string | undefined
  limit: number
}

export interface DevicePage {
  readonly devices: readonly Device[]
  /** Cursor of the next page. */
  readonly next?: string
}

export function listDevices(query: DeviceListQuery): Promise<Reply<DevicePage>> {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') params.set(name, String(value))
  }
  return request(`/api/v1/devices?${params}`)
}

export interface HistoryQuery {
  fields: readonly string[]
  /** ms UTC of stamped time, both. */
  from: number
  to: number
  /** Width of a bucket; readings as they are when absent. */
  everyMs?: number | undefined
}

/** Oldest first. */
export function fetchHistory(id: string, { fields, from, to, everyMs }: HistoryQuery): Promise<Reply<DeviceHistory>> {
  const params = new URLSearchParams({ fields: fields.join(','), from: String(from), to: String(to) })
  if (everyMs !== undefined) params.set('every', `${everyMs / 1_000}s`)
  return request(`${pathOf(id)}/history?${params}`)
}
