import { Device, type DeviceRow } from '@ronda/contracts/device'
import { deviceKinds } from '@ronda/contracts/device-kinds'
import { ServicePrincipal, type ServiceRow } from '@ronda/contracts/service-principal'
import { channels, formatTopic } from '@ronda/contracts/topics'
import { expect, test } from 'vitest'
import { type Principal, deviceGoesOnUntil, mayListen, publishableTopic, serviceGoesOnUntil } from './principals.ts'

const city = 'tangsel'
const token = 'a'.repeat(64)
const replaced = { tokenSha256: 'b'.repeat(64), previousToken: { sha256: token, until: 5 } }

function rowOf(id: string, kind: Device['kind'], more: Partial<Device> = {}): DeviceRow {
  const place = { latitude: -6.3, longitude: 106.7, district: 'serpong' }
  const device = Device.parse({ id, kind, name: id, ...place, uid: 'abcdefghij', revision: 1, ...more })
  return { device, tokenSha256: token }
}

const rows = [
  rowOf('lamp', 'streetlight'),
  rowOf('lamp-of-gw', 'streetlight', { gateway: 'gw' }),
  rowOf('lamp-of-gw-2', 'streetlight', { gateway: 'gw-2' }),
  rowOf('camera', 'camera'),
  rowOf('gw', 'gateway'),
  rowOf('gw-2', 'gateway'),
]
const registry = new Map(rows.map((row) => [row.device.id, row]))
const ids = [...registry.keys(), 'nobody']

function principalOf({ id, kind }: Device): Principal {
  return { type: 'device', id, kind }
}

/** Whose uplink channels each device may publish on, and under which kind; whatever is not here is refused. */
const mayPublishFor: Record<string, readonly string[]> = {
  lamp: ['streetlight/lamp'],
  'lamp-of-gw': ['streetlight/lamp-of-gw'],
  'lamp-of-gw-2': ['streetlight/lamp-of-gw-2'],
  camera: ['camera/camera'],
  // The kind of another device is checked with its payload, against the registry.
  gw: ['gateway/gw', ...deviceKinds.flatMap((kind) => [`${kind}/lamp-of-gw`, `${kind}/nobody`])],
  'gw-2': ['gateway/gw-2', ...deviceKinds.flatMap((kind) => [`${kind}/lamp-of-gw-2`, `${kind}/nobody`])],
}

const topics = [city, 'serang'].flatMap((of) =>
  deviceKinds.flatMap((kind) =>
    ids.flatMap((deviceId) => channels.map((channel) => ({ city: of, kind, deviceId, channel }))),
  ),
)

test.each(rows)(
  '$device.id may publish on its uplink topics and those of whom it speaks for, no others',
  ({ device }) => {
    for (const topic of topics) {
      const { kind, deviceId, channel } = topic
      const expected =
        topic.city === city &&
        channel !== 'command' &&
        mayPublishFor[device.id]?.includes(`${kind}/${deviceId}`) === true
      const text = formatTopic(topic)
      expect({ text, may: publishableTopic(city, principalOf(device), registry, text) }).toEqual({
        text,
        may: expected ? topic : undefined,
      })
    }
  },
)

test.each(rows)('$device.id may listen to its own command and status, to nothing else', ({ device }) => {
  const own = formatTopic({ city, kind: device.kind, deviceId: device.id, channel: 'command' })
  const heard = topics.map(formatTopic).filter((filter) => mayListen(city, principalOf(device), filter))
  expect(heard.toSorted()).toEqual([own, own.replace('/command', '/status')])
  for (const filter of ['#', '+/+/+/+/+', `${own}/#`, own.replace(device.id, '+'), `$share/x/${own}`, '$SYS/#', '']) {
    expect({ filter, may: mayListen(city, principalOf(device), filter) }).toEqual({ filter, may: false })
  }
})

test.each([
  '',
  'hello',
  `${city}/v1/streetlight/lamp`,
  `${city}/v1/streetlight/lamp/telemetry/x`,
  '$SYS/broker/heartbeat',
])('nobody may publish on "%s"', (topic) => {
  for (const { device } of rows) expect(publishableTopic(city, principalOf(device), registry, topic)).toBeUndefined()
})

test.each<[string, Partial<DeviceRow>, Partial<Device>, string | undefined, number]>([
  ['with its token', {}, { name: 'moved' }, token, Infinity],
  ['not with another', { tokenSha256: 'b'.repeat(64) }, {}, token, 0],
  ['with the token before, as long as that counts', replaced, {}, token, 5],
  ['with its certificate, whatever its token', replaced, {}, undefined, Infinity],
  ['not when it is disabled', {}, { enabled: false }, token, 0],
  ['not when it is retired, by a certificate neither', {}, { retiredAt: 1 }, undefined, 0],
])('a session goes on %s', (_, row, device, shown, until) => {
  expect(deviceGoesOnUntil({ ...rowOf('lamp', 'streetlight', device), ...row }, shown)).toBe(until)
})

const service = {
  type: 'service' as const,
  id: 'dashboard',
  filters: [`${city}/v1/+/+/status`, `${city}/v1/streetlight/+/telemetry`],
} satisfies Principal

test('a service may publish nowhere', () => {
  for (const topic of topics) expect(publishableTopic(city, service, registry, formatTopic(topic))).toBeUndefined()
})

test.each([
  ['what it was granted', `${city}/v1/+/+/status`, true],
  ['one kind of it', `${city}/v1/camera/+/status`, true],
  ['one device of it', `${city}/v1/streetlight/lamp/telemetry`, true],
  ['one device of every kind', `${city}/v1/+/lamp/status`, true],
  ['another kind', `${city}/v1/camera/+/telemetry`, false],
  ['every kind where it was granted one', `${city}/v1/+/+/telemetry`, false],
  ['another channel', `${city}/v1/streetlight/+/command`, false],
  ['every channel', `${city}/v1/streetlight/lamp/+`, false],
  ['another city', 'serang/v1/+/+/status', false],
  ['every city', '+/v1/+/+/status', false],
  ['everything', '#', false],
  ['everything below', `${city}/v1/streetlight/#`, false],
  ['less than a topic', `${city}/v1/+/+`, false],
  ['more than a topic', `${city}/v1/+/+/status/#`, false],
  ['a share of it', `$share/x/${city}/v1/+/+/status`, false],
  ['the broker itself', '$SYS/#', false],
  ['nothing', '', false],
])('a service may listen to %s: %s %s', (_, filter, may) => {
  expect(mayListen(city, service, filter)).toBe(may)
})

test.each<[string, Partial<ServiceRow>, Partial<ServiceRow['service']>, number]>([
  ['with its token', {}, { description: 'another' }, Infinity],
  ['not with another', { tokenSha256: 'b'.repeat(64) }, {}, 0],
  ['with the token before, as long as that counts', replaced, {}, 5],
  ['until it expires', {}, { expiresAt: 7 }, 7],
  ['not when it is disabled', {}, { enabled: false }, 0],
  ['not when it may listen to something else', {}, { filters: [`${city}/v1/+/+/event`] }, 0],
])('a service goes on %s', (_, row, change, until) => {
  const { id, filters } = service
  const stated = { id, filters, description: 'a dashboard', revision: 1, createdAt: 0, ...change }
  const changed = { tokenSha256: token, ...row, service: ServicePrincipal.parse(stated) }
  expect(serviceGoesOnUntil(changed, token, filters)).toBe(until)
})

test('a service that was removed does not go on', () => {
  expect(serviceGoesOnUntil(undefined, token, service.filters)).toBe(0)
})
