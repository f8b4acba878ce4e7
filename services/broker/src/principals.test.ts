import { Device, type DeviceRow } from '@ronda/contracts/device'
import { channels, deviceKinds, formatTopic } from '@ronda/contracts/topics'
import { expect, test } from 'vitest'
import { mayGoOn, mayListen, publishableTopic } from './principals.ts'

const city = 'tangsel'
const token = 'a'.repeat(64)

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
      expect({ text, may: publishableTopic(city, device, registry, text) }).toEqual({
        text,
        may: expected ? topic : undefined,
      })
    }
  },
)

test.each(rows)('$device.id may listen to its own command and status, to nothing else', ({ device }) => {
  const own = formatTopic({ city, kind: device.kind, deviceId: device.id, channel: 'command' })
  const heard = topics.map(formatTopic).filter((filter) => mayListen(city, device, filter))
  expect(heard.toSorted()).toEqual([own, own.replace('/command', '/status')])
  for (const filter of ['#', '+/+/+/+/+', `${own}/#`, own.replace(device.id, '+'), `$share/x/${own}`, '$SYS/#', '']) {
    expect({ filter, may: mayListen(city, device, filter) }).toEqual({ filter, may: false })
  }
})

test.each([
  '',
  'hello',
  `${city}/v1/streetlight/lamp`,
  `${city}/v1/streetlight/lamp/telemetry/x`,
  '$SYS/broker/heartbeat',
])('nobody may publish on "%s"', (topic) => {
  for (const { device } of rows) expect(publishableTopic(city, device, registry, topic)).toBeUndefined()
})

test('a session goes on with its token only, and only while its device may connect', () => {
  expect(mayGoOn(rowOf('lamp', 'streetlight', { name: 'moved' }), token)).toBe(true)
  expect(mayGoOn(rowOf('lamp', 'streetlight'), 'b'.repeat(64))).toBe(false)
  expect(mayGoOn(rowOf('lamp', 'streetlight', { enabled: false }), token)).toBe(false)
  expect(mayGoOn(rowOf('lamp', 'streetlight', { retiredAt: 1 }), token)).toBe(false)
})
