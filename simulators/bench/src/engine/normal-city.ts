// A city in which nothing is wrong, as the fault engine is told of it: devices in the simulated city's proportions,
// and of each a full reading of an evening, decoded from the wire as the detector does it.
import { join } from 'node:path'
import { measure } from '@ronda/city/physics/measure'
import { createWorld } from '@ronda/city/physics/world'
import { planCity } from '@ronda/city/plan/plan'
import { keyOf, uniform } from '@ronda/city/random'
import { createUnits } from '@ronda/city/unit'
import type { Device, DeviceRow } from '@ronda/contracts/device'
import { type LogRecord, noSession, recordVersion } from '@ronda/contracts/record'
import { formatTopic } from '@ronda/contracts/topics'
import { type DecodedObject, decodeMessage } from '@ronda/ingest/decode'
import { readCity } from '@ronda/runtime/city-profile'

const city = readCity(join(import.meta.dirname, '../../../../infra/cities/tangsel'))
const seed = 1

export const { profile } = city
export const intervalS = 60
export const broker = 'broker'
/** ms UTC, with hours of night to come. */
export const evening = Date.parse('2026-03-10T19:30:00+07:00')

export interface NormalCity {
  /** Those that others refer to come first. */
  devices: readonly Device[]
  /** In the order in which they come in, which is none of the devices'. */
  readings: readonly NormalReading[]
}

export interface NormalReading {
  deviceId: string
  /** As it is in the log. */
  record: LogRecord
  object: DecodedObject
}

export function createNormalCity(count: number): NormalCity {
  const plan = planCity({ city, devices: count, seed, intervalS })
  const devices = plan.map((device, n): Device => ({ ...device, uid: n.toString(36).padStart(10, '0'), revision: 1 }))
  const rows = new Map(devices.map((device): [string, DeviceRow] => [device.id, { device, tokenSha256: '' }]))
  const world = createWorld(profile, seed)
  const readings = createUnits(plan, seed, evening).map((unit): NormalReading => {
    const { id: deviceId, kind } = unit.device
    const payload = JSON.stringify({ ts: evening, seq: 1, ...measure(world, unit, evening) })
    const record: LogRecord = {
      v: recordVersion,
      type: 'telemetry',
      receivedAt: evening,
      source: broker,
      session: noSession,
      principal: `device:${deviceId}`,
      topic: formatTopic({ city: profile.slug, kind, deviceId, channel: 'telemetry' }),
      qos: 1,
      retain: false,
      dup: false,
      will: false,
      payload: Buffer.from(payload),
    }
    const decoded = decodeMessage(record, (id) => rows.get(id))
    const [object] = decoded.kind === 'readings' ? decoded.objects : []
    if (object === undefined) throw new Error(`what ${deviceId} sends is refused: ${payload}`)
    return { deviceId, record, object }
  })
  const order = ({ deviceId }: NormalReading) => uniform(keyOf(seed, deviceId))
  return { devices, readings: readings.toSorted((a, b) => order(a) - order(b)) }
}
