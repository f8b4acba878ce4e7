// Who may do what. A device connects with its token or its certificate, publishes and listens on its own topics; a
// gateway also publishes for the devices behind it; a service listens to what it was granted. Decisions only; who
// asks, and what becomes of a refusal, is in connect.ts, accept.ts and subscribe.ts.
import { isDeepStrictEqual } from 'node:util'
import { matchesIssued } from '@ronda/access/issued-token'
import type { Bucket } from '@ronda/backbone/backbone'
import type { DeviceDirectory } from '@ronda/backbone/device-directory'
import type { DeviceRow } from '@ronda/contracts/device'
import type { ErrorCode } from '@ronda/contracts/errors'
import { type ServiceRow, ServiceId, servicePrefix } from '@ronda/contracts/service-principal'
import type { IssuedToken } from '@ronda/contracts/token'
import {
  DeviceId,
  type DeviceKind,
  type Topic,
  type UplinkChannel,
  formatTopic,
  parseTopic,
} from '@ronda/contracts/topics'

export type Principal =
  | { type: 'device'; id: string; kind: DeviceKind }
  | { type: 'service'; id: string; filters: readonly string[] }

/** What a CONNECT brings to show who it is. */
export interface Credentials {
  username: string | undefined
  password: Uint8Array | undefined
  /** Common name of a client certificate that has been verified. */
  certificateName: string | undefined
}

/** A principal, and by what it was let in. */
export interface Identity {
  principal: Principal
  /** In hex; undefined when a certificate was enough. */
  tokenSha256: string | undefined
  /** ms UTC by the system's clock, when what it showed ends. */
  until: number
}

export type Authenticated = ({ ok: true } & Identity) | { ok: false; code: ErrorCode }

export interface Registry {
  devices: Bucket<DeviceRow>
  services: Bucket<ServiceRow>
}

/** Asks the buckets themselves: a token that was changed a moment ago counts at once. `now` in ms UTC. */
export async function authenticate(registry: Registry, shown: Credentials, now: number): Promise<Authenticated> {
  return shown.username?.startsWith(servicePrefix) === true
    ? authenticateService(registry.services, shown, now)
    : authenticateDevice(registry.devices, shown, now)
}

async function authenticateDevice(
  devices: Bucket<DeviceRow>,
  { username, password, certificateName }: Credentials,
  now: number,
): Promise<Authenticated> {
  const id = DeviceId.safeParse(username)
  // A certificate stands for the device it names and no other.
  if (!id.success || (certificateName !== undefined && certificateName !== id.data)) return refused
  const row = (await devices.get(id.data))?.value
  if (row === undefined) return refused
  const shown =
    certificateName === undefined ? showToken(row, password, now) : { tokenSha256: undefined, until: Infinity }
  if (shown === undefined) return refused
  if (!mayConnect(row)) return { ok: false, code: 'mqtt_device_disabled' }
  return { ok: true, principal: { type: 'device', id: row.device.id, kind: row.device.kind }, ...shown }
}

async function authenticateService(
  services: Bucket<ServiceRow>,
  { username = '', password, certificateName }: Credentials,
  now: number,
): Promise<Authenticated> {
  const id = ServiceId.safeParse(username.slice(servicePrefix.length))
  const row = id.success && certificateName === undefined ? (await services.get(id.data))?.value : undefined
  const shown = row === undefined ? undefined : showToken(row, password, now)
  if (row === undefined || shown === undefined) return refused
  const { enabled, expiresAt = Infinity } = row.service
  if (!enabled || now >= expiresAt) return { ok: false, code: 'mqtt_service_disabled' }
  return {
    ok: true,
    principal: principalOf(row),
    tokenSha256: shown.tokenSha256,
    until: Math.min(shown.until, expiresAt),
  }
}

const refused: Authenticated = { ok: false, code: 'mqtt_credentials_refused' }

function showToken(
  row: IssuedToken,
  password: Uint8Array | undefined,
  now: number,
): Pick<Identity, 'tokenSha256' | 'until'> | undefined {
  const matched = password === undefined ? undefined : matchesIssued(row, password, now)
  if (matched === 'current') return { tokenSha256: row.tokenSha256, until: Infinity }
  if (matched === undefined || row.previousToken === undefined) return undefined
  return { tokenSha256: row.previousToken.sha256, until: row.previousToken.until }
}

export function principalOf({ service: { id, filters } }: ServiceRow): Principal {
  return { type: 'service', id, filters }
}

/** How records and the audit trail name it. */
export function nameOf({ type, id }: Pick<Principal, 'type' | 'id'>): string {
  return `${type}:${id}`
}

/**
 * Until when a device that was let in by this token (or certificate) may go on, now that its row is this one, in ms
 * UTC; 0 when it may not.
 */
export function deviceGoesOnUntil(row: DeviceRow, tokenSha256: string | undefined): number {
  return mayConnect(row) ? tokenGoesOnUntil(row, tokenSha256) : 0
}

/** The same for a service; undefined when it was removed. What it may listen to is part of what it was let in with. */
export function serviceGoesOnUntil(
  row: ServiceRow | undefined,
  tokenSha256: string | undefined,
  filters: readonly string[],
): number {
  if (row === undefined || !row.service.enabled || !isDeepStrictEqual(row.service.filters, filters)) return 0
  return Math.min(tokenGoesOnUntil(row, tokenSha256), row.service.expiresAt ?? Infinity)
}

function tokenGoesOnUntil({ tokenSha256: current, previousToken }: IssuedToken, shown: string | undefined): number {
  if (shown === undefined || shown === current) return Infinity
  return previousToken?.sha256 === shown ? previousToken.until : 0
}

function mayConnect({ device }: DeviceRow): boolean {
  return device.enabled && device.retiredAt === undefined
}

/**
 * The topic if the principal may publish on it: a device on its own, a gateway also on those of devices that are
 * assigned to it or registered to nobody, a service on none.
 */
export function publishableTopic(
  city: string,
  principal: Principal,
  devices: Pick<DeviceDirectory, 'get'>,
  topic: string,
): (Topic & { channel: UplinkChannel }) | undefined {
  if (principal.type !== 'device') return undefined
  const parsed = parseTopic(topic)
  if (parsed === undefined || parsed.city !== city) return undefined
  const { kind, deviceId, channel } = parsed
  if (channel === 'command') return undefined
  const other = devices.get(deviceId)
  const may =
    deviceId === principal.id
      ? kind === principal.kind
      : principal.kind === 'gateway' && (other === undefined || other.device.gateway === principal.id)
  return may ? { ...parsed, channel } : undefined
}

/** A device may listen to what is said to it, and to its own status; a service to what its filters cover. */
export function mayListen(city: string, principal: Principal, filter: string): boolean {
  if (principal.type === 'service') return principal.filters.some((granted) => covers(granted, filter))
  return (['command', 'status'] as const).some(
    (channel) => filter === formatTopic({ city, kind: principal.kind, deviceId: principal.id, channel }),
  )
}

/** Granted filters have a level for each of a topic's, so nothing with `#` is covered. */
function covers(granted: string, filter: string): boolean {
  const levels = filter.split('/')
  const grantedLevels = granted.split('/')
  return (
    levels.length === grantedLevels.length &&
    levels.every((level, i) => level !== '#' && (grantedLevels[i] === '+' || grantedLevels[i] === level))
  )
}
