// A city in which nothing is wrong, as the fault engine is told of it: devices in the simulated city's proportions,
// and of each a full reading of an evening, decoded from the wire as the detector does it.
import { join } from 'node:path'
import { measure } from '@ronda/city/physics/measure'
import { createWorld } from '@ronda/city/physics/world'
import { planCity } from '@ronda/city/plan/plan'
import { keyOf, uniform } from '@ronda/city/random'
import { type Unit, createUnits } from '@ronda/city/unit'
import type { Device, DeviceRow, NewDevice } from '@ronda/contracts/device'
import { type LogRecord, noSession, recordVersion } from '@ronda/contracts/record'
import { formatTopic } from '@ronda/contracts/topics'
import { type DecodedObject, decodeMessage } from '@ronda/ingest/decode'
import { readCity } from '@ronda/runtime/city-profile'

const city = readCity(join(import.meta.dirname, '../../../../infra/cities/tangsel'))
const seed = 1
const townDevices = 10_000

export const { profile } = city
export const intervalS = 60
export const broker = 'broker'
/** ms UTC, with hours of night to come. */
export const evening = Date.parse('2026-03-10T19:30:00+07:00')

export interface NormalCity {
  /** Those that others refer to come first. */
  devices: readonly Device[]
  /** In the order in which they come in, which is none of the devices'. */
  messages: readonly NormalMessage[]
}

export interface NormalMessage {
  deviceId: string
  /** As in the log, but for `receivedAt` and the `ts` of the payload: both are `evening`. */
  record: LogRecord
  /** The same, measured and received at another time (ms UTC), decoded anew. */
  decode(at: number): DecodedObject
}

export function createNormalCity(count: number): NormalCity {
  const plan = planOf(count)
  const devices = plan.map((device, n): Device => ({ ...device, uid: n.toString(36).padStart(10, '0'), revision: 1 }))
  const rows = new Map(devices.map((device): [string, DeviceRow] => [device.id, { device, tokenSha256: '' }]))
  const world = createWorld(profile, seed)
  const messages = createUnits(plan, seed).map((unit, n): NormalMessage => {
    const record = recordOf(unit, { ts: evening, seq: n, ...measure(world, unit, evening) })
    return { deviceId: unit.device.id, record, decode: (at) => decode(stamped(record, at), rows) }
  })
  const order = ({ deviceId }: NormalMessage) => uniform(keyOf(seed, deviceId))
  return { devices, messages: messages.toSorted((a, b) => order(a) - order(b)) }
}

/** The same town next to itself, as often as it takes: to plan so many devices takes longer than to measure them. */
function planOf(count: number): NewDevice[] {
  const town = planCity({ city, devices: Math.min(count, townDevices), seed, intervalS })
  return Array.from({ length: Math.ceil(count / town.length) }, (_, n) => {
    const inTown = (id: string | undefined) => (id === undefined ? undefined : `${id}-${n}`)
    return town.map((device) => ({
      ...device,
      id: `${device.id}-${n}`,
      cabinet: inTown(device.cabinet),
      gateway: inTown(device.gateway),
      site: inTown(device.site),
    }))
  })
    .flat()
    .slice(0, count)
}

function recordOf({ device: { id, kind } }: Unit, reading: object): LogRecord {
  return {
    v: recordVersion,
    type: 'telemetry',
    receivedAt: evening,
    source: broker,
    session: noSession,
    principal: `device:${id}`,
    topic: formatTopic({ city: profile.slug, kind, deviceId: id, channel: 'telemetry' }),
    qos: 1,
    retain: false,
    dup: false,
    will: false,
    payload: Buffer.from(JSON.stringify(reading)),
  }
}

/** `at` has as many digits as the time that it takes the place of. */
export function stamped(record: LogRecord, at: number): LogRecord {
  const payload = Buffer.from(record.payload)
  payload.write(String(at), payload.indexOf('"ts":') + 5, 'latin1')
  return { ...record, receivedAt: at, payload }
}

function decode(record: LogRecord, devices: ReadonlyMap<string, DeviceRow>): DecodedObject {
  const decoded = decodeMessage(record, (id) => devices.get(id))
  const [object] = decoded.kind === 'readings' ? decoded.objects : []
  if (object === undefined) throw new Error(`what is sent on ${record.topic} is refused`)
  return object
}
