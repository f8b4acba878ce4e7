// The bytes of a record of the log: a MessagePack array whose first element is the envelope's version. New
// fields go to the end; a reader refuses a version that it does not know.
import { AppError } from '@ronda/contracts/errors'
import {
  type LogPlace,
  type LogRecord,
  type RecordType,
  noSession,
  recordTypes,
  recordVersion,
} from '@ronda/contracts/record'
import { Packr, Unpackr } from 'msgpackr'

type Wire = [
  v: number,
  type: number,
  receivedAt: number,
  source: string,
  connectedAt: number,
  sessionNumber: number,
  principal: string,
  topic: string,
  qos: 0 | 1 | 2,
  flags: number,
  payload: Uint8Array,
  replayOf: [position: number, n: number] | number | null,
]

const retainFlag = 1
const dupFlag = 2
const willFlag = 4

const packr = new Packr({ useRecords: false })
const unpackr = new Unpackr({ useRecords: false })

/** What the records of one session on one topic have in common. */
export type RecordOrigin = Pick<LogRecord, 'type' | 'source' | 'session' | 'principal' | 'topic' | 'replayOf'>

/** What differs from one to the next. */
export type RecordContent = Pick<LogRecord, 'receivedAt' | 'qos' | 'retain' | 'dup' | 'will' | 'payload'>

/** Copies the payload: the result does not hold on to the buffer it came in. */
export type EncodeContent = (content: RecordContent) => Uint8Array

const arrayOf12 = 0x9c
const float64 = 0xcb
const nil = 0xc0
const receivedAtOffset = 4
const qosAndFlagsBytes = 2

/**
 * An encoder for records of one origin, for a broker's every message: what stays the same is packed once. The
 * bytes are what msgpackr would pack.
 */
export function recordEncoder({ type, source, session, principal, topic, replayOf }: RecordOrigin): EncodeContent {
  const before = Buffer.of(arrayOf12, recordVersion, recordTypes.indexOf(type), float64, 0, 0, 0, 0, 0, 0, 0, 0)
  const packed = [source, session.connectedAt, session.number, principal, topic].map((each) => packr.pack(each))
  const head = Buffer.concat([before, ...packed])
  const tail = replayOf === undefined ? Buffer.of(nil) : packr.pack([replayOf.position, replayOf.n])

  return ({ receivedAt, qos, retain, dup, will, payload }) => {
    const { length } = payload
    const bytes = Buffer.allocUnsafe(head.length + qosAndFlagsBytes + binaryHeaderBytes(length) + length + tail.length)
    bytes.set(head, 0)
    bytes.writeDoubleBE(receivedAt, receivedAtOffset)
    let end = head.length
    bytes[end++] = qos
    bytes[end++] = (retain ? retainFlag : 0) | (dup ? dupFlag : 0) | (will ? willFlag : 0)
    end = writeBinaryHeader(bytes, length, end)
    bytes.set(payload, end)
    bytes.set(tail, end + length)
    return bytes
  }
}

function binaryHeaderBytes(length: number): number {
  return length < 0x100 ? 2 : length < 0x1_0000 ? 3 : 5
}

function writeBinaryHeader(bytes: Buffer, length: number, offset: number): number {
  if (length < 0x100) {
    bytes[offset] = 0xc4
    return bytes.writeUInt8(length, offset + 1)
  }
  if (length < 0x1_0000) {
    bytes[offset] = 0xc5
    return bytes.writeUInt16BE(length, offset + 1)
  }
  bytes[offset] = 0xc6
  return bytes.writeUInt32BE(length, offset + 1)
}

/** Copies the payload: the result does not hold on to the buffer it came in. */
export function encodeRecord(record: LogRecord): Uint8Array {
  return recordEncoder(record)(record)
}

/** The payload shares memory with `bytes`. */
export function decodeRecord(bytes: Uint8Array): LogRecord {
  // What is in the log was written by encodeRecord; the version tells if by a newer one.
  const wire = unpackr.unpack(bytes) as Wire
  const [v, typeIndex, receivedAt, source, connectedAt, number, principal, topic, qos, flags, payload, replayOf] = wire
  const type = recordTypes[typeIndex]
  if (v !== recordVersion || type === undefined) {
    throw new AppError(
      'data_dir_newer',
      `the log has records of version ${v}, type ${typeIndex}: a newer version of Ronda wrote them`,
    )
  }
  return {
    v,
    type,
    receivedAt,
    source,
    session: { connectedAt, number },
    principal,
    topic,
    qos,
    retain: (flags & retainFlag) !== 0,
    dup: (flags & dupFlag) !== 0,
    will: (flags & willFlag) !== 0,
    payload,
    ...(replayOf === null ? {} : { replayOf: placeOf(replayOf) }),
  }
}

/** Of older records it is the position alone. */
function placeOf(replayOf: [position: number, n: number] | number): LogPlace {
  const [position, n] = typeof replayOf === 'number' ? [replayOf, 0] : replayOf
  return { position, n }
}

export interface OwnRecord {
  type: Exclude<RecordType, 'telemetry' | 'status'>
  /** ms UTC of stamped time. */
  receivedAt: number
  source: string
  /** Who caused it; the source itself when absent. */
  principal?: string
  payload: Uint8Array
}

/** A record that Ronda writes of its own accord: no device sent it. */
export function encodeOwnRecord({ type, receivedAt, source, principal = source, payload }: OwnRecord): Uint8Array {
  return encodeRecord({
    v: recordVersion,
    type,
    receivedAt,
    source,
    session: noSession,
    principal,
    topic: '',
    qos: 0,
    retain: false,
    dup: false,
    will: false,
    payload,
  })
}

const json = new TextEncoder()
const text = new TextDecoder()

/** Payload of a record whose content is ours. */
export function encodeJson(value: unknown): Uint8Array {
  return json.encode(JSON.stringify(value))
}

/** What encodeJson wrote; the caller knows by the record's type what it is. */
export function decodeJson(payload: Uint8Array): unknown {
  return JSON.parse(text.decode(payload))
}
