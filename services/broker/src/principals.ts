// What a device may: connect with its token, go on while that holds, publish and listen on topics. Decisions
// only; who asks, and what becomes of a refusal, is in app.ts and accept.ts.
import { matchesHash } from '@ronda/access/secrets'
import type { Bucket } from '@ronda/backbone/backbone'
import type { DeviceDirectory } from '@ronda/backbone/device-directory'
import type { Device, DeviceRow } from '@ronda/contracts/device'
import type { ErrorCode } from '@ronda/contracts/errors'
import { DeviceId, type Topic, type UplinkChannel, formatTopic, parseTopic } from '@ronda/contracts/topics'

export type Authenticated = { ok: true; row: DeviceRow } | { ok: false; code: ErrorCode }

/**
 * Whether this is a device that may connect, by user name and password of its CONNECT packet. Asks the bucket
 * itself: a token that was changed a moment ago counts at once.
 */
export async function authenticateDevice(
  devices: Bucket<DeviceRow>,
  username: string | undefined,
  password: Uint8Array | undefined,
): Promise<Authenticated> {
  const id = DeviceId.safeParse(username)
  if (!id.success || password === undefined) return { ok: false, code: 'mqtt_credentials_refused' }
  const row = (await devices.get(id.data))?.value
  if (row === undefined || !matchesHash(password, row.tokenSha256)) {
    return { ok: false, code: 'mqtt_credentials_refused' }
  }
  return mayConnect(row) ? { ok: true, row } : { ok: false, code: 'mqtt_device_disabled' }
}

/** Whether a session that was opened with this token may go on when its device has become `row`. */
export function mayGoOn(row: DeviceRow, tokenSha256: string): boolean {
  return mayConnect(row) && row.tokenSha256 === tokenSha256
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
  devices: Pick<DeviceDirectory, 'get'>,
  topic: string,
): (Topic & { channel: UplinkChannel }) | undefined {
  const parsed = parseTopic(topic)
  if (parsed === undefined || parsed.city !== city) return undefined
  const { kind, deviceId, channel } = parsed
  if (channel === 'command') return undefined
  const other = devices.get(deviceId)
  const may =
    deviceId === device.id
      ? kind === device.kind
      : device.kind === 'gateway' && (other === undefined || other.device.gateway === device.id)
  return may ? { ...parsed, channel } : undefined
}

/** A device may listen to what is said to it, and to its own status. */
export function mayListen(city: string, device: Device, filter: string): boolean {
  return (['command', 'status'] as const).some(
    (channel) => filter === formatTopic({ city, kind: device.kind, deviceId: device.id, channel }),
  )
}
