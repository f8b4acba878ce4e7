// The bytes of a record of the log: a MessagePack array whose first element is the envelope's version. New
// fields go to the end; a reader refuses a version that it does not know.
import { AppError } from '@ronda/contracts/errors'
import { type LogRecord, type RecordType, noSession, recordTypes, recordVersion } from '@ronda/contracts/record'
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
  replayOf: number | null,
]

const retainFlag = 1
const dupFlag = 2
const willFlag = 4

const packr = new Packr({ useRecords: false })
const unpackr = new Unpackr({ useRecords: false })

/** Copies the payload: the result does not hold on to the buffer it came in. */
export function encodeRecord(record: LogRecord): Uint8Array {
  const flags = (record.retain ? retainFlag : 0) | (record.dup ? dupFlag : 0) | (record.will ? willFlag : 0)
  const wire: Wire = [
    record.v,
    recordTypes.indexOf(record.type),
    record.receivedAt,
    record.source,
    record.session.connectedAt,
    record.session.number,
    record.principal,
    record.topic,
    record.qos,
    flags,
    record.payload,
    record.replayOf ?? null,
  ]
  return packr.pack(wire)
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
    ...(replayOf === null ? {} : { replayOf }),
  }
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
