// Changing the registry over HTTP, for administrators; and what waits to be registered, for everyone.
import type { Device, DevicePatch, NewDevice } from '@ronda/contracts/device'
import type { ImportPreview } from '@ronda/contracts/device-import'
import type { PendingDevice } from '@ronda/contracts/pending-device'
import { type Reply, request } from './http.ts'

const devicesPath = '/api/v1/devices'
const pathOf = (id: string) => `${devicesPath}/${encodeURIComponent(id)}`
const pendingPathOf = (id: string) => `/api/v1/pending-devices/${encodeURIComponent(id)}`

/** All devices as a file. */
export const exportPath = `${devicesPath}/export`

/** A hundred thousand devices on a machine that is busy otherwise. */
const importTimeoutMs = 180_000

/** What a form states; defaults are the server's. */
export type StatedDevice = Partial<NewDevice>

export interface DeviceWithToken {
  readonly device: Device
  readonly token: string
}

export function previewImport(csv: string, options: { reissue: boolean }): Promise<Reply<ImportPreview>> {
  const query = new URLSearchParams({ reissue: String(options.reissue) })
  return request(`${devicesPath}/import/preview?${query}`, { method: 'POST', csv, timeoutMs: importTimeoutMs })
}

/** Does what the preview of this basis told, or nothing; answers CSV with the outcome and the token of each row. */
export function importDevices(csv: string, options: { reissue: boolean; basis: string }): Promise<Reply<string>> {
  const query = new URLSearchParams({ reissue: String(options.reissue), basis: options.basis })
  return request(`${devicesPath}/import?${query}`, { method: 'POST', csv, timeoutMs: importTimeoutMs })
}

export function registerDevice(stated: StatedDevice): Promise<Reply<DeviceWithToken>> {
  return request(devicesPath, { method: 'POST', body: stated })
}

export function changeDevice(id: string, patch: DevicePatch): Promise<Reply<Device>> {
  return request(pathOf(id), { method: 'PATCH', body: patch })
}

export function retireDevice(id: string): Promise<Reply<Device>> {
  return request(pathOf(id), { method: 'DELETE' })
}

/** The old token goes on for `overlapS`. */
export function issueToken(id: string, overlapS: number): Promise<Reply<{ id: string; token: string }>> {
  return request(`${pathOf(id)}/token`, { method: 'POST', body: { overlapS } })
}

export interface PendingPage {
  readonly pendingDevices: readonly PendingDevice[]
  /** There are more. */
  readonly next?: string
}

export function listPending(limit: number): Promise<Reply<PendingPage>> {
  return request(`/api/v1/pending-devices?limit=${limit}`)
}

/** 404 when it is pending no more. */
export function fetchPending(id: string): Promise<Reply<PendingDevice>> {
  return request(pendingPathOf(id))
}

export function approvePending(id: string, stated: StatedDevice): Promise<Reply<DeviceWithToken>> {
  return request(`${pendingPathOf(id)}/approve`, { method: 'POST', body: stated })
}

export function dismissPending(id: string): Promise<Reply<unknown>> {
  return request(pendingPathOf(id), { method: 'DELETE' })
}
