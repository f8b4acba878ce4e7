// From a record of the log to what a device said: topic, device, payload, each object on its own. This is where
// a payload is validated. It depends on nothing but the record and on the device as the registry has it now: the
// historian and the detector, each at its own time, decode a record alike unless its device was changed between.
import { isUtf8 } from 'node:buffer'
import { CameraEvent } from '@ronda/contracts/camera-event'
import type { DeadLetterCode } from '@ronda/contracts/dead-letter'
import type { Device, DeviceRow } from '@ronda/contracts/device'
import type { FieldValue } from '@ronda/contracts/fields'
import type { LogRecord } from '@ronda/contracts/record'
import { DeviceStatus } from '@ronda/contracts/status'
import { maxObjectsPerPayload, maxPayloadBytes, telemetrySchemas } from '@ronda/contracts/telemetry'
import { type Channel, type DeviceKind, parseTopic } from '@ronda/contracts/topics'
import type { z } from 'zod'

const dayMs = 86_400_000
/** Older readings are taken for a clock gone wrong. */
const maxAgeMs = 400 * dayMs
/** A device whose clock is further ahead is not believed; the receive time is. */
const maxAheadMs = 120_000
/** 1973 in ms, or the year 5138 in seconds: below, a time in ms is not meant. */
const plausibleMs = 100_000_000_000

/** Why something is refused, and where in the object. */
export interface Refusal {
  code: DeadLetterCode
  reason: string
  field?: string
}

/** One object of a payload that has the form its schema asks for. */
export interface DecodedObject {
  /** Its place in the payload's array. */
  n: number
  /** ms UTC by the device's clock, when it said. */
  ts?: number
  sentAt?: number
  seq?: number
  /** Declared measurements; camera metadata on the channel `event`. */
  fields: Record<string, FieldValue>
  /** Codes that the device reports itself. */
  faults: readonly string[]
  /** `ts` lies in the future: the receive time is to be used. */
  ahead: boolean
  /** Keys that the schema does not declare; dropped. */
  undeclared: number
  /** The time of measurement cannot be true: not for history, yet the device lives and what it says holds now. */
  implausible?: Refusal
}

/** An object that is refused, as it was sent; undefined where there was something else in its place. */
export interface RefusedObject extends Refusal {
  n: number
  object: Record<string, unknown> | undefined
}

export interface DecodedReadings {
  kind: 'readings'
  channel: 'telemetry' | 'event'
  device: Device
  objects: DecodedObject[]
  refused: RefusedObject[]
}

export interface DecodedDeviceStatus {
  kind: 'status'
  device: Device
  online: boolean
}

/** The message as a whole is refused; `device` where it is at least clear whose it is. */
export interface RefusedMessage extends Refusal {
  kind: 'refused'
  device?: Device
  /** Of the topic; '' where that is none of ours. */
  deviceId: string
}

export type Decoded = DecodedReadings | DecodedDeviceStatus | RefusedMessage

/** As far as changes of the registry have arrived in memory. */
export type FindDevice = (id: string) => DeviceRow | undefined

/**
 * Asks the registry itself for a device that is not found: it may have been registered a moment ago. What this finds
 * is found from then on.
 */
export type AskForDevice = (id: string) => Promise<DeviceRow | undefined>

/** Decodes a record of type telemetry or status. */
export function decodeMessage(record: LogRecord, findDevice: FindDevice): Decoded {
  const topic = parseTopic(record.topic)
  if (topic === undefined || topic.channel === 'command') {
    return {
      kind: 'refused',
      deviceId: '',
      code: 'channel_undefined',
      reason: 'the topic is none that devices publish on',
    }
  }
  const { deviceId } = topic
  const row = findDevice(deviceId)
  if (row === undefined) {
    return { kind: 'refused', deviceId, code: 'unknown_device', reason: `the device ${deviceId} is not registered` }
  }
  const { device } = row
  if (device.retiredAt !== undefined) {
    return { kind: 'refused', deviceId, device, code: 'device_retired', reason: `the device ${device.id} is retired` }
  }
  if (device.kind !== topic.kind) {
    const reason = `the device ${device.id} is registered as ${device.kind}, the topic says ${topic.kind}`
    return { kind: 'refused', deviceId, device, code: 'kind_mismatch', reason }
  }
  const schema = schemaOf(device.kind, topic.channel)
  if (schema === undefined) {
    const reason = `a ${device.kind} has nothing to say on the channel ${topic.channel}`
    return { kind: 'refused', deviceId, device, code: 'channel_undefined', reason }
  }
  const parsed = parsePayload(record.payload)
  if (!parsed.ok) return { kind: 'refused', deviceId, device, ...parsed.refusal }
  if (topic.channel === 'status') return decodeStatus(device, parsed.value)
  return decodeObjects(record, device, topic.channel, schema, parsed.value)
}

/** What an object of this kind and channel has to look like; undefined where such a device has nothing to say. */
export function schemaOf(kind: DeviceKind, channel: Channel): z.ZodObject | undefined {
  if (channel === 'telemetry') return telemetrySchemas[kind]
  if (channel === 'status') return DeviceStatus
  return channel === 'event' && kind === 'camera' ? CameraEvent : undefined
}

type ParsedPayload = { ok: true; value: unknown } | { ok: false; refusal: Refusal }

export function parsePayload(payload: Uint8Array): ParsedPayload {
  const refuse = (code: DeadLetterCode, reason: string) => ({ ok: false, refusal: { code, reason } }) as const
  if (payload.length > maxPayloadBytes) {
    return refuse('payload_too_large', `the payload has ${payload.length} bytes, ${maxPayloadBytes} are allowed`)
  }
  if (!isUtf8(payload)) return refuse('payload_not_json', 'the payload is not UTF-8')
  try {
    return { ok: true, value: JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString()) }
  } catch (error) {
    return refuse('payload_not_json', `the payload is not JSON${whereOf(error)}`)
  }
}

// The parser's own words quote the payload. Where it stopped is at their end, if it says so.
const parserPosition = / at position (\d+)(?: \(line \d+ column \d+\))?$/

function whereOf(error: unknown): string {
  const position = error instanceof SyntaxError ? parserPosition.exec(error.message)?.[1] : undefined
  return position === undefined ? '' : ` from character ${position} on`
}

function decodeStatus(device: Device, value: unknown): Decoded {
  const result = DeviceStatus.safeParse(value)
  return result.success
    ? { kind: 'status', device, online: result.data.online }
    : { kind: 'refused', deviceId: device.id, device, ...refusalOf(result.error) }
}

function decodeObjects(
  record: LogRecord,
  device: Device,
  channel: 'telemetry' | 'event',
  schema: z.ZodObject,
  value: unknown,
): Decoded {
  const items: unknown[] = Array.isArray(value) ? value : [value]
  if (items.length > maxObjectsPerPayload) {
    const reason = `the payload has ${items.length} objects, ${maxObjectsPerPayload} are allowed`
    return { kind: 'refused', deviceId: device.id, device, code: 'too_many_objects', reason }
  }
  if (items.length === 0) {
    return {
      kind: 'refused',
      deviceId: device.id,
      device,
      code: 'payload_shape',
      reason: 'the payload is an empty array',
    }
  }
  const objects: DecodedObject[] = []
  const refused: RefusedObject[] = []
  for (const [n, item] of items.entries()) {
    if (!isJsonObject(item)) {
      refused.push({ n, code: 'payload_shape', reason: 'not an object', object: undefined })
      continue
    }
    const result = schema.safeParse(item)
    if (result.success) objects.push(toDecodedObject(n, item, result.data, record.receivedAt, device))
    else refused.push({ n, ...refusalOf(result.error), object: item })
  }
  return { kind: 'readings', channel, device, objects, refused }
}

function toDecodedObject(
  n: number,
  sent: Record<string, unknown>,
  declared: Record<string, unknown>,
  receivedAt: number,
  device: Device,
): DecodedObject {
  const { ts, sentAt, seq, faults, ...fields } = declared
  const object: DecodedObject = {
    n,
    // The schema leaves nothing else: its measurements are numbers, booleans and labels.
    fields: fields as Record<string, FieldValue>,
    faults: (faults as string[] | undefined) ?? [],
    ahead: false,
    undeclared: Object.keys(sent).length - Object.keys(declared).length,
  }
  if (typeof sentAt === 'number') object.sentAt = sentAt
  if (typeof seq === 'number') object.seq = seq
  if (typeof ts !== 'number') return object
  object.ts = ts
  object.ahead = ts > receivedAt + maxAheadMs
  const implausible = implausibility(ts, receivedAt, device.installedAt)
  if (implausible !== undefined) object.implausible = { code: 'ts_implausible', field: 'ts', reason: implausible }
  return object
}

function implausibility(ts: number, receivedAt: number, installedAt: number | undefined): string | undefined {
  if (ts < plausibleMs) return `ts ${ts} is ${iso(ts)} in milliseconds: was it meant in seconds?`
  if (ts < receivedAt - maxAgeMs) return `ts ${iso(ts)} is more than 400 days old`
  if (installedAt !== undefined && ts < installedAt)
    return `ts ${iso(ts)} is before the device was installed, ${iso(installedAt)}`
  return undefined
}

/** Also of a number that is no time at all. */
function iso(ms: number): string {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? `${ms}` : date.toISOString()
}

function refusalOf(error: z.ZodError): Refusal {
  const [issue] = error.issues
  const field = issue?.path.join('.') ?? ''
  const reason = issue?.message ?? 'invalid'
  return { code: 'field_invalid', reason, ...(field === '' ? {} : { field }) }
}

export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
