// Messages as the log has them, and the devices that send them, for tests.
import { Device, type DeviceRow, NewDevice } from '@ronda/contracts/device'
import { type LogRecord, noSession, recordVersion } from '@ronda/contracts/record'

export const receivedAt = Date.UTC(2026, 10, 21, 14)

/** A registered street light, but for what is given. */
export function makeDeviceRow(id: string, given: Partial<Device> = {}): DeviceRow {
  const stated = { id, kind: 'streetlight', name: id, latitude: -6.3, longitude: 106.7, district: 'serpong' }
  const device = Device.parse({ ...NewDevice.parse(stated), uid: 'abcdefghij', revision: 1, ...given })
  return { device, tokenSha256: '' }
}

/** What the device of the topic sent: bytes and texts as they are, anything else as JSON. */
export function makeMessage(payload: unknown, topic: string, given: Partial<LogRecord> = {}): LogRecord {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
  return {
    v: recordVersion,
    type: topic.endsWith('/status') ? 'status' : 'telemetry',
    receivedAt,
    source: 'broker',
    session: noSession,
    principal: `device:${topic.split('/')[3]}`,
    topic,
    qos: 1,
    retain: false,
    dup: false,
    will: false,
    payload: payload instanceof Uint8Array ? payload : new TextEncoder().encode(text),
    ...given,
  }
}
