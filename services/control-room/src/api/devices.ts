// The registry over HTTP.
import { request } from './http.ts'

/** Whether any device is registered; undefined when nobody can tell. */
export async function hasDevices(): Promise<boolean | undefined> {
  const reply = await request<{ devices: readonly unknown[] }>('/api/v1/devices?limit=1')
  return reply.kind === 'answer' ? reply.body.devices.length > 0 : undefined
}
