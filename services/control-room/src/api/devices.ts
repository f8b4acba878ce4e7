// The registry and the history over HTTP: what there is, where it is, and what it said.
import type { Device } from '@ronda/contracts/device'
import type { DevicePlaces } from '@ronda/contracts/device-places'
import type { DeviceHistory, LatestReading } from '@ronda/contracts/history'
import type { PastStandings } from '@ronda/contracts/past-standing'
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

interface StatusQuery {
  /** ms UTC of stamped time, both. */
  from: number
  to: number
  limit: number
}

export interface HistoryQuery {
  fields: readonly string[]
  /** ms UTC of stamped time, both. */
  from: number
  to: number
  /** Width of a bucket; readings as they are when absent. */
  everyMs?: number | undefined
}

/** How it was, from a time in ms UTC up to now. */
export function fetchPastStandings(id: string, from: number): Promise<Reply<PastStandings>> {
  return request(`${pathOf(id)}/standings?from=${Math.floor(from)}`)
}

/** What it said about its connection, the newest first. */
export function fetchStatuses(id: string, { from, to, limit }: StatusQuery): Promise<Reply<DeviceHistory>> {
  const params = new URLSearchParams({
    channel: 'status',
    fields: 'online,will,connectedAt',
    from: String(from),
    to: String(to),
    limit: String(limit),
    first: 'newest',
  })
  return request(`${pathOf(id)}/history?${params}`)
}

/** Oldest first. */
export function fetchHistory(id: string, { fields, from, to, everyMs }: HistoryQuery): Promise<Reply<DeviceHistory>> {
  const params = new URLSearchParams({ fields: fields.join(','), from: String(from), to: String(to) })
  if (everyMs !== undefined) params.set('every', `${everyMs / 1_000}s`)
  return request(`${pathOf(id)}/history?${params}`)
}
