// Who a connection is: the device of the registry whose token it showed. Knows which connections a device has,
// so that a token that is changed, or a device that is retired, ends them.
import { matchesHash } from '@ronda/access/secrets'
import type { Bucket } from '@ronda/backbone/backbone'
import type { DeviceDirectory } from '@ronda/backbone/device-directory'
import type { Device, DeviceRow } from '@ronda/contracts/device'
import type { ErrorCode } from '@ronda/contracts/errors'
import { type Topic, formatTopic, parseTopic } from '@ronda/contracts/topics'

export type Authenticated = { ok: true; device: Device } | { ok: false; code: ErrorCode }

/**
 * Whether this is a device that may connect, by user name and password of its CONNECT packet. Asks the bucket
 * itself: a token that was changed a moment ago counts at once.
 */
export async function authenticateDevice(
  devices: Bucket<DeviceRow>,
  username: string | undefined,
  password: Uint8Array | undefined,
): Promise<Authenticated> {
  if (username === undefined || password === undefined) return { ok: false, code: 'mqtt_credentials_refused' }
  const row = (await devices.get(username))?.value
  if (row === undefined || !matchesHash(password, row.tokenSha256)) {
    return { ok: false, code: 'mqtt_credentials_refused' }
  }
  return mayConnect(row) ? { ok: true, device: row.device } : { ok: false, code: 'mqtt_device_disabled' }
}

/** Whether a session that was opened with `before` may go on with `row`. */
export function mayGoOn(row: DeviceRow, before: DeviceRow | undefined): boolean {
  return mayConnect(row) && (before === undefined || before.tokenSha256 === row.tokenSha256)
}

function mayConnect({ device }: DeviceRow): boolean {
  return device.enabled && device.retiredAt === undefined
}

/**
 * The topic if the device may publish on it: its own; for a gateway also those of the devices assigned to it
 * or registered to nobody.
 */
export function publishableTopic(
  city: string,
  device: Device,
  devices: DeviceDirectory,
  topic: string,
): Topic | undefined {
  const parsed = parseTopic(topic)
  if (parsed === undefined || parsed.city !== city || parsed.channel === 'command') return undefined
  if (parsed.deviceId === device.id) return parsed.kind === device.kind ? parsed : undefined
  if (device.kind !== 'gateway') return undefined
  const other = devices.get(parsed.deviceId)
  return other === undefined || other.device.gateway === device.id ? parsed : undefined
}

/** A device may listen to what is said to it, and to its own status. */
export function mayListen(city: string, device: Device, filter: string): boolean {
  return (['command', 'status'] as const).some(
    (channel) => filter === formatTopic({ city, kind: device.kind, deviceId: device.id, channel }),
  )
}
