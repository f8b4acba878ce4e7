// From decoded messages to rows of history: where in time each reading stands, and what is kept of it.
import type { FieldValue } from '@ronda/contracts/fields'
import { canonicalText, deliveryText, subMillisecond } from '@ronda/contracts/identity'
import { measurementOf } from '@ronda/contracts/measurements'
import { type LogPlace, type LogRecord, noSession } from '@ronda/contracts/record'
import type { Row } from '@ronda/store/store'
import type { DecodedDeviceStatus, DecodedObject, DecodedReadings } from './decode.ts'

/** Where the message stands in the log. */
export interface Place {
  epoch: string
  position: number
}

/** A row and the object of the message that it came from. */
export interface PlacedRow extends Row {
  position: number
  n: number
  /** Absent of a status. */
  reading?: DecodedObject
}

/** The rows of the objects that history takes: those whose time can be true. */
export function* rowsOfReadings(decoded: DecodedReadings, record: LogRecord, place: Place): Iterable<PlacedRow> {
  const { device, channel } = decoded
  const origin = originOf(record, place)
  const measurement = channel === 'event' ? 'camera_event' : measurementOf(device.kind)
  for (const object of decoded.objects) {
    if (object.implausible !== undefined) continue
    const ownTime = object.ts !== undefined && !object.ahead
    yield {
      position: place.position,
      n: object.n,
      reading: object,
      measurement,
      device: device.id,
      district: device.district,
      tsMs: ownTime && object.ts !== undefined ? object.ts : record.receivedAt,
      sub: subMillisecond(
        ownTime ? canonicalText(object) : deliveryText(place.epoch, origin.position, origin.n + object.n),
      ),
      fields: storedFields(object, record),
    }
  }
}

function storedFields(object: DecodedObject, record: LogRecord): Record<string, FieldValue> {
  const fields: Record<string, FieldValue> = { ...object.fields, receivedAt: record.receivedAt }
  if (object.sentAt !== undefined) fields.sentAt = object.sentAt
  if (object.seq !== undefined) fields.seq = object.seq
  if (object.ahead) fields.tsReplaced = true
  if (object.faults.length > 0) fields.faults = object.faults.toSorted().join()
  return fields
}

/** What is sent again is the delivery that it was at first: twice, it is the same row. */
function originOf({ replayOf }: LogRecord, { position }: Place): LogPlace {
  return replayOf ?? { position, n: 0 }
}

/** A status has no time of its own: it stands where it was received. */
export function rowOfStatus({ device, online }: DecodedDeviceStatus, record: LogRecord, place: Place): PlacedRow {
  const origin = originOf(record, place)
  const { receivedAt, will, session } = record
  // What is sent again came through no connection that is known.
  const connection = session.connectedAt === noSession.connectedAt ? {} : { connectedAt: session.connectedAt }
  return {
    position: place.position,
    n: 0,
    measurement: 'status',
    device: device.id,
    district: device.district,
    tsMs: receivedAt,
    sub: subMillisecond(deliveryText(place.epoch, origin.position, origin.n)),
    fields: { online, will, receivedAt, ...connection },
  }
}
