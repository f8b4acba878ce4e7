// The registry and the history over HTTP.
import { type Reply, request } from './http.ts'

/** Whether any device is registered; undefined when nobody can tell. */
export async function hasDevices(): Promise<boolean | undefined> {
  const reply = await request<{ devices: readonly unknown[] }>('/api/v1/devices?limit=1')
  return reply.kind === 'answer' ? reply.body.devices.length > 0 : undefined
}

export interface HistoryRow {
  /** ms UTC. */
  readonly time: number
  readonly values: Readonly<Record<string, number | boolean | string>>
}

interface HistoryQuery {
  fields: readonly string[]
  /** ms UTC of stamped time, both. */
  from: number
  to: number
}

/** Readings as they are, oldest first. */
export function fetchHistory(
  id: string,
  { fields, from, to }: HistoryQuery,
): Promise<Reply<{ readonly rows: readonly HistoryRow[] }>> {
  const params = new URLSearchParams({ fields: fields.join(','), from: String(from), to: String(to) })
  return request(`/api/v1/devices/${encodeURIComponent(id)}/history?${params}`)
}
